// SPDX-License-Identifier: Apache-2.0
// A story as a data directory on the disk, to be planned for, repaired and undone.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "check/verify.h"
#include "plan/journal.h"
#include "plan/planner.h"
#include "plan/undo.h"
#include "support/story.h"
#include "support/temp_folder.h"

namespace etcdmedic::support {

// A member that is alone, node 1: its log has every entry from the first, its backend has applied all of
// them. A test damages `db` before it asks for a plan.
class StoryMember {
 public:
  static constexpr const char* kDb = "member/snap/db";
  static constexpr const char* kLog = "member/wal/0000000000000000-0000000000000000.wal";

  StoryMember() : StoryMember(Story(KeySpace(), 1)) {
    story.log().Snapshot(0, 0).Entry(1, 1, std::string("\x08\x00\x10\x00\x18\x01", 6), 1);
    for (int i = 0; i < 60; ++i)
      story.Put("/key/" + std::to_string(i % 20), std::string(100, static_cast<char>('a' + i % 26)));
    story.Delete("/key/7");
    story.log().State(2, 1, story.index()).Zeros(8192);
    DbBuilder builder = story.Db();
    builder.Add("meta", "term", BigEndian64(2));
    builder.Add("members", "1", R"({"id":1,"peerURLs":["http://a"],"name":"one"})");
    db = builder.Build();
  }

  // Writes the files, in place of those that are there.
  void Fill() {
    std::filesystem::remove_all(root());
    std::filesystem::create_directories(root() / "member/snap");
    if (has_log) std::filesystem::create_directories(root() / "member/wal");
    if (db) Write(kDb, *db);
    if (has_log) Write(log_name, log.empty() ? story.log().bytes() : log);
    for (const auto& [name, bytes] : more) Write(name, bytes);
  }

  plan::Plan MakePlan(const plan::PlanOptions& options = {}) const {
    const auto state = Load();
    return plan::MakePlan(state, check::Verify(state, startup::EtcdVersion{3, 6}), options);
  }
  check::Report Verify() const { return check::Verify(Load(), startup::EtcdVersion{3, 6}); }
  member::MemberState Load() const {
    return *member::LoadMember(*member::Recognise(root().string()), {.keys = true});
  }

  // Every file below the directory.
  std::map<std::string, std::string> Files() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root())) {
      std::stringstream text;
      if (entry.is_regular_file()) text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      files[entry.path().lexically_relative(root()).string()] = text.str();
    }
    return files;
  }

  std::filesystem::path root() const { return folder / "data"; }
  std::string journal() const { return folder / "undo.journal"; }

  Story story;
  std::optional<std::string> db;
  bool has_log = true;
  std::string log_name = kLog;
  std::string log;  // instead of the story's, where it is not empty
  std::map<std::string, std::string> more;
  TempFolder folder;

 protected:
  // One whose story the caller tells.
  explicit StoryMember(Story told) : story(std::move(told)) {}

 private:
  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(root() / name, std::ios::binary) << bytes;
    std::filesystem::permissions(root() / name,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
};

}  // namespace etcdmedic::support
