// SPDX-License-Identifier: Apache-2.0
#include "plan/journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Every file below a directory: content and mode.
std::map<std::string, std::string> Picture(const fs::path& root) {
  std::map<std::string, std::string> picture;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    struct stat info {};
    stat(entry.path().c_str(), &info);
    picture[entry.path().lexically_relative(root).string()] =
        std::to_string(info.st_mode) + ReadAll(entry.path());
  }
  return picture;
}

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/etcdmedic-journal-XXXXXX";
    base_ = mkdtemp(pattern);
    root_ = base_ / "data";
    journal_ = (base_ / "undo.journal").string();
    Fill();
  }
  void TearDown() override { fs::remove_all(base_); }

  void Fill() {
    fs::remove_all(root_);
    fs::remove(journal_);
    fs::create_directories(root_ / "wal");
    Write("wal/a", std::string(5000, 'a') + std::string(20000, '\0') + "tail");
    Write("wal/b", "content of b");
    Write("wal/c", std::string(100, 'c'));
    fs::permissions(root_ / "wal/c", fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  }
  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(root_ / name, std::ios::binary) << bytes;
  }

  // Every kind of edit; names change hands on the way.
  Plan EveryKind() const {
    Step step;
    step.edits = {{EditKind::kWrite, "wal/a", {}, 10, 0, "XYZ"},
                  {EditKind::kTruncate, "wal/a", {}, 0, 6000, {}},
                  {EditKind::kRename, "wal/a", "wal/a.broken", 0, 0, {}},
                  {EditKind::kCreate, "wal/a", {}, 0, 0, "a new file under the old name"},
                  {EditKind::kRemove, "wal/b", {}, 0, 0, {}},
                  {EditKind::kWrite, "wal/c", {}, 90, 0, std::string(30, 'd')}};
    Plan plan;
    plan.root = root_.string();
    plan.steps.push_back(step);
    return plan;
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

  fs::path base_;
  fs::path root_;
  std::string journal_;
};

TEST_F(JournalTest, AppliesAndUndoesBitForBit) {
  const auto before = Picture(root_);
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  const auto after = Picture(root_);
  EXPECT_TRUE(after != before);
  EXPECT_EQ(ReadAll(root_ / "wal/a"), "a new file under the old name");
  EXPECT_FALSE(fs::exists(root_ / "wal/b"));
  ASSERT_TRUE(Undo(journal_));
  EXPECT_TRUE(Picture(root_) == before);
  EXPECT_FALSE(Undo(journal_)) << "nothing is left to undo";
}

TEST_F(JournalTest, UndoesAfterAKillAtAnyWriteOfApply) {
  const auto before = Picture(root_);
  int writes = 0;
  for (bool through = false; !through; ++writes) {
    ASSERT_LT(writes, 200);
    Fill();
    through = RunsThrough(writes, [&](const auto& hook) {
      return ApplyInPlace(EveryKind(), {journal_, hook}).has_value();
    });
    auto undone = Undo(journal_);
    for (const char* half : {"wal/a.etcdmedic-new"}) EXPECT_FALSE(fs::exists(root_ / half));
    ASSERT_TRUE(Picture(root_) == before) << "killed at write " << writes;
  }
  EXPECT_GT(writes, 15) << "every write was tried";
}

TEST_F(JournalTest, UndoesAfterAKillAtAnyWriteOfUndo) {
  const auto before = Picture(root_);
  int writes = 0;
  for (bool through = false; !through; ++writes) {
    ASSERT_LT(writes, 200);
    Fill();
    ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
    through = RunsThrough(writes, [&](const auto& hook) { return Undo(journal_, hook).has_value(); });
    if (!through) {
      const auto again = Undo(journal_);
      ASSERT_TRUE(again) << "killed at write " << writes << ": " << again.error().what;
    }
    ASSERT_TRUE(Picture(root_) == before) << "killed at write " << writes;
  }
  EXPECT_GT(writes, 10);
}

TEST_F(JournalTest, LeavesTheSourceAloneWhenItWorksOnACopy) {
  const auto before = Picture(root_);
  const std::string copy = (base_ / "copy").string();
  ASSERT_TRUE(ApplyToCopy(EveryKind(), copy));
  EXPECT_TRUE(Picture(root_) == before);
  EXPECT_EQ(ReadAll(fs::path(copy) / "wal/a"), "a new file under the old name");
  EXPECT_FALSE(ApplyToCopy(EveryKind(), copy)) << "the output is not empty";
  EXPECT_FALSE(ApplyToCopy(EveryKind(), (root_ / "inside").string()));
}

TEST_F(JournalTest, RefusesAPlanThatLeadsOutOfItsRoot) {
  Plan plan;
  plan.root = root_.string();
  plan.steps.push_back({});
  for (const char* name : {"../outside", "/etc/passwd", "wal/../../outside"}) {
    plan.steps[0].edits = {{EditKind::kCreate, name, {}, 0, 0, "x"}};
    EXPECT_FALSE(ApplyInPlace(plan, {journal_, {}})) << name;
    EXPECT_FALSE(fs::exists(journal_)) << "nothing is written before the plan is accepted";
  }
}

TEST_F(JournalTest, SaysThatAHalfWrittenJournalMeansNothingWasDone) {
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  const std::string whole = ReadAll(journal_);
  for (const size_t size : {size_t{0}, size_t{10}, whole.size() / 2, whole.size() - 1}) {
    std::ofstream(journal_, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    EXPECT_FALSE(Undo(journal_)) << size;
  }
}

}  // namespace
}  // namespace etcdmedic::plan
