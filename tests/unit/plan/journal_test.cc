// SPDX-License-Identifier: Apache-2.0
#include "plan/journal.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/sha256.h"
#include "plan/edit.h"
#include "plan/undo.h"
#include "support/journal_fixture.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;
using support::Picture;
using support::ReadAll;
using JournalTest = support::JournalFixture;

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

TEST_F(JournalTest, LeavesTheSourceAloneWhenItWorksOnACopy) {
  const auto before = Picture(root_);
  const std::string copy = (base_ / "copy").string();
  ASSERT_TRUE(ApplyToCopy(EveryKind(), copy));
  EXPECT_TRUE(Picture(root_) == before);
  EXPECT_EQ(ReadAll(fs::path(copy) / "wal/a"), "a new file under the old name");
  EXPECT_FALSE(ApplyToCopy(EveryKind(), copy)) << "the output is not empty";
  EXPECT_FALSE(fs::exists(copy + ".partial"));
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

TEST_F(JournalTest, RefusesWhileAProcessHoldsAFile) {
  Write("wal/0000000000000000-0000000000000000.wal", "held");
  const fs::path held = root_ / "wal/0000000000000000-0000000000000000.wal";
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  const int file = open(held.c_str(), O_RDWR | O_CLOEXEC);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  ASSERT_EQ(fcntl(file, F_OFD_SETLK, &lock), 0);
  for (const bool force : {false, true}) {
    const auto undone = Undo(journal_, {.force = force});
    ASSERT_FALSE(undone);
    EXPECT_EQ(undone.error().code, Errc::kInUse);
  }
  Plan again;
  again.root = root_.string();
  again.steps.push_back({});
  again.steps[0].edits = {{EditKind::kWrite, "wal/c", {}, 0, 0, "x"}};
  const auto applied = ApplyInPlace(again, {journal_ + "2", {}});
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, Errc::kInUse);
  EXPECT_FALSE(fs::exists(journal_ + "2"));
  close(file);
  EXPECT_TRUE(Undo(journal_));
}

TEST_F(JournalTest, RefusesAFileThatIsNotAsThePlanFoundIt) {
  Plan plan;
  plan.root = root_.string();
  plan.steps.push_back({});
  plan.steps[0].edits = {{EditKind::kWrite, "wal/b", {}, 3, 0, "XY"}};
  const std::string content = ReadAll(root_ / "wal/b");
  plan.steps[0].edits[0].expected = Expected{content.size(), 3, 2, Sha256(AsBytes(content).subspan(3, 2))};
  for (const char* changed : {"conXent of b", "content of b and more"}) {
    Write("wal/b", changed);
    EXPECT_FALSE(ApplyInPlace(plan, {journal_, {}})) << changed;
    EXPECT_FALSE(fs::exists(journal_)) << changed;
  }
  Write("wal/b", content);
  EXPECT_TRUE(ApplyInPlace(plan, {journal_, {}}));
}

TEST_F(JournalTest, GivesNewFilesTheOwnerAndTheModeOfWhatTheyReplace) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  for (const char* name : {"", "wal", "wal/a", "wal/b", "wal/c"})
    ASSERT_EQ(lchown((root_ / name).c_str(), 65534, 65534), 0);
  fs::permissions(root_ / "wal/a", fs::perms(0640));
  const auto owner = [&](const char* name) {
    struct stat info {};
    EXPECT_EQ(stat((root_ / name).c_str(), &info), 0) << name;
    return std::tuple(info.st_uid, info.st_gid, info.st_mode & 07777U);
  };
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  EXPECT_EQ(owner("wal/a"), std::tuple(65534U, 65534U, 0640U));
  ASSERT_TRUE(Undo(journal_));
  EXPECT_EQ(owner("wal/a"), std::tuple(65534U, 65534U, 0640U));
  EXPECT_EQ(std::get<0>(owner("wal/b")), 65534U) << "a removed file comes back as its owner's";
  const fs::path copy = base_ / "copy";
  ASSERT_TRUE(ApplyToCopy(EveryKind(), copy.string()));
  for (const auto& entry : fs::recursive_directory_iterator(copy)) {
    struct stat info {};
    ASSERT_EQ(stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, 65534U) << entry.path();
  }
}

}  // namespace
}  // namespace etcdmedic::plan
