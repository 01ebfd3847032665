// SPDX-License-Identifier: Apache-2.0
// A directory that a plan changes, and the journal of that.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>

#include "plan/edit.h"
#include "plan/plan.h"

namespace etcdmedic::support {

inline std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Every file below a directory: content and mode.
inline std::map<std::string, std::string> Picture(const std::filesystem::path& root) {
  std::map<std::string, std::string> picture;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    struct stat info {};
    stat(entry.path().c_str(), &info);
    picture[entry.path().lexically_relative(root).string()] =
        std::to_string(info.st_mode) + (entry.is_regular_file() ? ReadAll(entry.path()) : "");
  }
  return picture;
}

class JournalFixture : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/etcdmedic-journal-XXXXXX";
    base_ = mkdtemp(pattern);
    root_ = base_ / "data";
    journal_ = (base_ / "undo.journal").string();
    Fill();
  }
  void TearDown() override { std::filesystem::remove_all(base_); }

  void Fill() {
    std::filesystem::remove_all(root_);
    std::filesystem::remove(journal_);
    std::filesystem::create_directories(root_ / "wal");
    Write("wal/a", std::string(5000, 'a') + std::string(20000, '\0') + "tail");
    Write("wal/b", "content of b");
    Write("wal/c", std::string(100, 'c'));
    std::filesystem::permissions(root_ / "wal/c", std::filesystem::perms::owner_read |
                                                      std::filesystem::perms::owner_write |
                                                      std::filesystem::perms::group_read);
  }
  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(root_ / name, std::ios::binary) << bytes;
  }

  // Every kind of edit; names change hands on the way.
  plan::Plan EveryKind() const {
    using plan::EditKind;
    struct stat info {};
    stat(root_.c_str(), &info);
    const auto owned = [&info](uint32_t mode) { return plan::Ownership{info.st_uid, info.st_gid, mode}; };
    plan::Step step;
    step.edits = {{EditKind::kWrite, "wal/a", {}, 10, 0, "XYZ"},
                  {EditKind::kTruncate, "wal/a", {}, 0, 6000, {}},
                  {EditKind::kRename, "wal/a", "wal/a.broken", 0, 0, {}},
                  {EditKind::kCreate, "wal/a", {}, 0, 0, "a new file under the old name"},
                  {EditKind::kRemove, "wal/b", {}, 0, 0, {}},
                  {EditKind::kWrite, "wal/c", {}, 90, 0, std::string(30, 'd')},
                  plan::MakeFolderEdit("new", owned(0750)),
                  plan::CreateEdit("new/file", "in the new directory"),
                  plan::SetOwnerEdit("wal/c", owned(0604)),
                  plan::SetOwnerEdit("wal", owned(0700))};
    plan::Plan made;
    made.root = root_.string();
    made.steps.push_back(step);
    return made;
  }

  // Runs `work` in a child that is killed at its n-th write; true where it got through before that.
  static bool RunsThrough(int n, const std::function<bool(const std::function<void()>&)>& work) {
    const pid_t child = fork();
    if (child == 0) {
      int left = n;
      const bool done = work([&left] {
        if (left-- == 0) raise(SIGKILL);
      });
      _exit(done ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0)
        << "the work failed by itself at write " << n;
    return WIFEXITED(status);
  }

  std::filesystem::path base_;
  std::filesystem::path root_;
  std::string journal_;
};

}  // namespace etcdmedic::support
