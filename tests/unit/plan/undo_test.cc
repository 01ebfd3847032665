// SPDX-License-Identifier: Apache-2.0
#include "plan/undo.h"

#include <gtest/gtest.h>

#include "plan/disk.h"
#include "plan/journal.h"
#include "support/journal_fixture.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;
using support::Picture;
using support::ReadAll;
using UndoTest = support::JournalFixture;

// What happened to a file between a repair and its undo.
struct Meddling {
  const char* what;
  std::function<void(const fs::path& root)> act;
};

std::vector<Meddling> Meddlings() {
  const auto append = [](const char* name) {
    return [name](const fs::path& root) {
      std::ofstream(root / name, std::ios::app) << "an acknowledged write";
    };
  };
  return {
      {"appended to the file that the repair made", append("wal/a")},
      {"appended to the file that it wrote into", append("wal/c")},
      {"appended to the file that it renamed", append("wal/a.broken")},
      {"a byte changed in place",
       [](const fs::path& root) {
         std::fstream(root / "wal/c", std::ios::in | std::ios::out | std::ios::binary).seekp(95) << "!";
       }},
      {"a byte changed beside what was written",
       [](const fs::path& root) {
         std::fstream(root / "wal/c", std::ios::in | std::ios::out | std::ios::binary).seekp(5) << "!";
       }},
      {"cut short", [](const fs::path& root) { fs::resize_file(root / "wal/c", 50); }},
      {"removed", [](const fs::path& root) { fs::remove(root / "wal/a"); }},
      {"what was set aside removed", [](const fs::path& root) { fs::remove(root / "wal/a.broken"); }},
      {"what was removed is back", [](const fs::path& root) { std::ofstream(root / "wal/b") << "another"; }},
  };
}

TEST_F(UndoTest, RefusesToUndoWhatHasChangedSince) {
  for (const Meddling& meddling : Meddlings()) {
    Fill();
    ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
    meddling.act(root_);
    const auto changed = Picture(root_);
    const auto undone = Undo(journal_);
    ASSERT_FALSE(undone) << meddling.what;
    EXPECT_EQ(undone.error().code, Errc::kRefused);
    EXPECT_NE(undone.error().what.find("wal/"), std::string::npos) << "it names the file";
    EXPECT_TRUE(Picture(root_) == changed) << meddling.what << ": nothing was touched";
  }
}

TEST_F(UndoTest, UndoesByForceAndNamesWhatIsNotAsBefore) {
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  std::fstream(root_ / "wal/c", std::ios::in | std::ios::out | std::ios::binary).seekp(5) << "!";
  const auto undone = Undo(journal_, {.force = true});
  ASSERT_TRUE(undone);
  ASSERT_EQ(undone->different.size(), 1U);
  EXPECT_NE(undone->different[0].find("wal/c"), std::string::npos);
  EXPECT_EQ(ReadAll(root_ / "wal/b"), "content of b");
}

// A file may be partly written where apply or undo was stopped; bytes of a third kind are nobody's to undo.
TEST_F(UndoTest, TellsAnInterruptedApplyFromWhatOthersWrote) {
  Plan plan;
  plan.root = root_.string();
  plan.steps.push_back({});
  plan.steps[0].edits = {{EditKind::kWrite, "wal/c", {}, 20, 0, std::string(60, 'd')}};
  for (const bool foreign : {false, true}) {
    Fill();
    const auto before = Picture(root_);
    ASSERT_FALSE(RunsThrough(4, [&](const auto& hook) {
      return ApplyInPlace(plan, {journal_, hook}).has_value();
    }));
    std::fstream(root_ / "wal/c", std::ios::in | std::ios::out | std::ios::binary).seekp(20)
        << std::string(30, foreign ? 'x' : 'd');
    const auto undone = Undo(journal_);
    EXPECT_EQ(undone.has_value(), !foreign);
    if (!foreign) {
      EXPECT_TRUE(Picture(root_) == before);
    }
  }
}

// Journals of the first form say nothing of what the repair left.
TEST_F(UndoTest, RefusesJournalsOfTheOldFormWithoutForce) {
  const auto before = Picture(root_);
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  std::string bytes = ReadAll(journal_);
  bytes.replace(0, 17, "etcdmedic undo 1\n");
  std::ofstream(journal_, std::ios::binary | std::ios::trunc) << bytes;
  const auto undone = Undo(journal_);
  ASSERT_FALSE(undone);
  EXPECT_EQ(undone.error().code, Errc::kRefused);
  ASSERT_TRUE(Undo(journal_, {.force = true}));
  EXPECT_TRUE(Picture(root_) == before);
}

// A member that ran since wrote to its log, in whatever segment.
TEST_F(UndoTest, RefusesWhereTheLogHasGrownSince) {
  const char* const untouched = "wal/0000000000000000-0000000000000000.wal";
  for (const bool fresh : {false, true}) {
    Fill();
    Write(untouched, "records");
    ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
    Write(fresh ? "wal/0000000000000001-0000000000000009.wal" : untouched,
          "records and an acknowledged write");
    const auto undone = Undo(journal_);
    ASSERT_FALSE(undone) << fresh;
    EXPECT_EQ(undone.error().code, Errc::kRefused);
    EXPECT_TRUE(Undo(journal_, {.force = true}));
  }
}

TEST_F(UndoTest, FindsTheNewestJournalOfADirectoryOnly) {
  fs::create_directories(root_ / "member");
  const auto name = [&](int number) {
    return (root_ / ("member/etcdmedic-undo-000" + std::to_string(number) + ".journal")).string();
  };
  EXPECT_FALSE(FindJournal(root_.string()));
  Plan plan;
  plan.root = root_.string();
  plan.steps.push_back({});
  plan.steps[0].edits = {{EditKind::kWrite, "wal/b", {}, 0, 0, "1"}};
  ASSERT_TRUE(ApplyInPlace(plan, {name(1), {}}));
  plan.steps[0].edits[0].bytes = "2";
  ASSERT_TRUE(ApplyInPlace(plan, {name(2), {}}));
  EXPECT_FALSE(Undo(name(1))) << "the second repair changed what the first one left";
  EXPECT_EQ(FindJournal(root_.string()).value_or(""), name(2));
  ASSERT_TRUE(Undo(name(2)));
  EXPECT_EQ(FindJournal(root_.string()).value_or(""), name(1));
  fs::copy(root_, base_ / "moved", fs::copy_options::recursive);
  EXPECT_FALSE(FindJournal((base_ / "moved").string())) << "its journals are about the original";
  ASSERT_TRUE(Undo(name(1)));
  EXPECT_FALSE(FindJournal(root_.string()));
}

TEST_F(UndoTest, FindsWhatWasInterrupted) {
  const std::string journal = (root_ / "etcdmedic-undo-0001.journal").string();
  int writes = 0, interrupted = 0;
  for (bool through = false; !through; ++writes) {
    ASSERT_LT(writes, 200);
    Fill();
    const auto before = Picture(root_);
    through = RunsThrough(writes, [&](const auto& hook) {
      return ApplyInPlace(EveryKind(), {journal, hook}).has_value();
    });
    const bool found = FindUnfinished(root_.string()).has_value();
    interrupted += found;
    EXPECT_FALSE(through && found);
    if (!through && !found) {
      fs::remove(journal);
      fs::remove(UnfinishedName(journal));
      EXPECT_TRUE(Picture(root_) == before) << "killed at write " << writes;
    } else {
      ASSERT_TRUE(Undo(journal)) << "killed at write " << writes;
      EXPECT_EQ(FindUnfinished(root_.string()), std::nullopt) << "killed at write " << writes;
    }
  }
  EXPECT_GT(interrupted, 5);
}

TEST_F(UndoTest, SaysThatAHalfWrittenJournalMeansNothingWasDone) {
  ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
  const std::string whole = ReadAll(journal_);
  for (const size_t size : {size_t{0}, size_t{10}, whole.size() / 2, whole.size() - 1}) {
    std::ofstream(journal_, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    EXPECT_FALSE(Undo(journal_)) << size;
  }
}

TEST_F(UndoTest, UndoesAfterAKillAtAnyWriteOfUndo) {
  const auto before = Picture(root_);
  int writes = 0;
  for (bool through = false; !through; ++writes) {
    ASSERT_LT(writes, 200);
    Fill();
    ASSERT_TRUE(ApplyInPlace(EveryKind(), {journal_, {}}));
    through = RunsThrough(
        writes, [&](const auto& hook) { return Undo(journal_, {.before_write = hook}).has_value(); });
    if (!through) {
      const auto again = Undo(journal_);
      ASSERT_TRUE(again) << "killed at write " << writes << ": " << again.error().what;
    }
    ASSERT_TRUE(Picture(root_) == before) << "killed at write " << writes;
  }
  EXPECT_GT(writes, 10);
}

}  // namespace
}  // namespace etcdmedic::plan
