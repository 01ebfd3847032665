// SPDX-License-Identifier: Apache-2.0
// A story as a data directory: member 1 of cluster 2, which is the only one unless more are added.
#pragma once

#include <stdexcept>

#include "member/member_state.h"
#include "support/story.h"
#include "support/temp_folder.h"

namespace etcdmedic::support {

class StoryFolder {
 public:
  // Entry 1 adds the member, as in a cluster that is founded; the story goes on after it.
  StoryFolder() : story(KeySpace(), 1) { story.log().Entry(1, 1, AddNode(1), 1); }
  // The log begins after `index` entries, which made what `space` holds.
  StoryFolder(KeySpace space, uint64_t index) : story(std::move(space), index) {}

  static std::string AddNode(uint64_t id) {
    const std::string context = "{\"id\":" + std::to_string(id) + ",\"peerURLs\":[\"http://" +
                                std::to_string(id) + "\"],\"name\":\"m\"}";
    return std::string("\x08\x01\x10\x00\x18", 5) + Varint(id) + "\x22" + Varint(context.size()) + context;
  }

  // The backend as of now; it has the members that are named.
  void WriteDb(const std::vector<uint64_t>& members = {1}) const {
    folder.Write("data/member/snap/db", Builder(members).Build());
  }
  DbBuilder Builder(const std::vector<uint64_t>& members = {1}) const {
    DbBuilder db = Story(story).Db();
    for (const uint64_t id : members) {
      db.Add("members", std::to_string(id),
             "{\"id\":" + std::to_string(id) + ",\"peerURLs\":[\"http://" + std::to_string(id) + "\"]}");
    }
    return db;
  }
  // The log as of now, with `commit` as its last HardState.
  void WriteLog(uint64_t commit) {
    WalBuilder log = story.log();
    log.State(2, 1, commit).Zeros(4096);
    folder.Write("data/member/wal/0000000000000000-0000000000000000.wal", log.bytes());
  }

  member::MemberState Load() const { return Load("data"); }
  member::MemberState Load(const std::string& name) const {
    auto layout = member::Recognise(folder / name);
    if (!layout) throw std::runtime_error(layout.error().what);
    auto state = member::LoadMember(std::move(*layout), {.keys = true});
    if (!state) throw std::runtime_error(state.error().what);
    return std::move(*state);
  }

  TempFolder folder;
  Story story;
};

}  // namespace etcdmedic::support
