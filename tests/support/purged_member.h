// SPDX-License-Identifier: Apache-2.0
// A member as every one that has run for a while: etcd has removed the beginning of its log.
#pragma once

#include <functional>

#include "snap/snap.h"
#include "support/mended_member.h"

namespace etcdmedic::support {

// Node 1, alone. Revisions 2 to 61 were made by entries that are gone, 62 to 122 by entries 101 to 161; there
// is a .snap at entry 110, and the backend has applied everything.
class PurgedMember : public StoryMember {
 public:
  PurgedMember() : PurgedMember([](Story&) {}) {}
  // With `last` at the end of the story.
  explicit PurgedMember(const std::function<void(Story&)>& last) : StoryMember(Story(Before(), 100)) {
    for (int i = 0; i < 10; ++i) story.Put(New(i), Value(i));
    story.log().Snapshot(110, 2);
    for (int i = 10; i < 60; ++i) story.Put(New(i), Value(i));
    story.Delete(New(7));
    last(story);
    story.log().State(2, 1, story.index()).Zeros(8192);
    log_name = "member/wal/0000000000000003-0000000000000065.wal";
    db = Build(story.index());
    snap::Snapshot snapshot;
    cluster::Membership membership;
    membership.members = {{1, "one", {"http://a"}, {}, false}};
    const std::string store = snap::EncodeStore(membership);
    snapshot.index = 110;
    snapshot.term = 2;
    snapshot.conf_state.voters = {1};
    snapshot.store = store;
    more["member/snap/" + snap::SnapshotName(2, 110)] = snap::EncodeSnapshot(snapshot);
  }

  // What was there before the log begins.
  static KeySpace Before() {
    KeySpace space;
    for (int i = 0; i < 60; ++i) space.Put(Old(i), Value(i));
    return space;
  }
  // The backend, which says that it has applied entries up to `applied`.
  std::string Build(uint64_t applied) {
    DbBuilder builder = story.Db(applied);
    builder.Add("meta", "term", BigEndian64(2));
    builder.Add("members", "1", R"({"id":1,"peerURLs":["http://a"],"name":"one"})");
    return builder.Build();
  }

  // The leaf of bucket `key` that holds the revision.
  uint64_t LeafOf(int64_t revision) const {
    const std::string key = BigEndian64(static_cast<uint64_t>(revision)) + "_";
    for (size_t at = db->find(key); at != std::string::npos; at = db->find(key, at + 1)) {
      const auto use = static_cast<unsigned char>((*db)[at / 4096 * 4096 + 8]);
      if (use == 2) return at / 4096;  // a leaf, and not the branch above it
    }
    return 0;
  }
  void Zero(uint64_t page) { db->replace(page * 4096, 4096, 4096, '\0'); }

  static std::string Old(int i) { return "/old/" + std::to_string(i % 30); }
  static std::string New(int i) { return "/new/" + std::to_string(i % 20); }
  static std::string Value(int i) {
    return std::string(100, static_cast<char>('a' + i % 26)) + std::to_string(i);
  }
};

}  // namespace etcdmedic::support
