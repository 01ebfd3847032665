// SPDX-License-Identifier: Apache-2.0
#include "recover/recovery.h"

#include <gtest/gtest.h>

#include "support/story_folder.h"

namespace etcdmedic::recover {
namespace {

using support::StoryFolder;
using Picture = support::KeySpace::Picture;

// The keys of the recovered machine, as a story remembers them.
Picture KeysOf(const Recovery& recovery) {
  Picture picture;
  for (const auto& [key, live] : recovery.machine.keys().live()) {
    picture[std::string(key)] = {std::string(live.value), live.create_revision, live.mod_revision,
                                 live.version, live.lease};
  }
  return picture;
}

// The same, read back from the backend that is written.
Picture KeysOfBackend(const Recovery& recovery) {
  const support::TempFolder folder;
  EXPECT_TRUE(plan::WriteSnapshotFile(folder / "db", {getuid(), getgid(), 0600},
                                      [&](bolt::PageSink& db) { return WriteBackend(recovery, db); }));
  const auto map = MappedFile::Open(folder / "db");
  diag::FindingList found;
  const auto store = mvcc::Store::Open(map->bytes(), "db", found);
  EXPECT_TRUE(store);
  Picture picture;
  EXPECT_TRUE(store->Range(mvcc::EveryKey(), 0, [&](const mvcc::KeyValue& kv) {
    picture[std::string(kv.key)] = {std::string(kv.value), kv.create_revision, kv.mod_revision, kv.version,
                                    kv.lease};
    return true;
  }));
  EXPECT_TRUE(found.items.empty());
  EXPECT_EQ(store->current_revision(), recovery.machine.keys().revision());
  return picture;
}

// Entries 2 to 8 make revisions 2 to 8; the backend has those up to entry 4.
class RecoveryTest : public testing::Test {
 protected:
  void SetUp() override {
    data_.story.Put("a", "1").Put("b", "2").Put("a", "3");
    data_.WriteDb();
    data_.story.Delete("b").Put("c", "4").Put("b", "again").Delete("b");
    data_.WriteLog(8);
  }
  Result<Recovery> To(const Target& target) {
    state_ = data_.Load();
    return Recover(*state_, {.minor = 6}, target);
  }
  const Picture& At(int64_t revision) { return data_.story.space().At(revision); }

  StoryFolder data_;
  std::optional<member::MemberState> state_;
};

TEST_F(RecoveryTest, GoesOnFromTheBackendToTheEnd) {
  const auto recovery = To({});
  ASSERT_TRUE(recovery) << recovery.error().what;
  EXPECT_EQ(recovery->source.origin, Origin::kBackend);
  EXPECT_EQ(recovery->machine.index(), 8U);
  EXPECT_EQ(KeysOf(*recovery), At(8));
  EXPECT_EQ(KeysOfBackend(*recovery), At(8));
  EXPECT_TRUE(LossesOf(*recovery).empty());
}

TEST_F(RecoveryTest, BeginsWithNothingWhereThereIsNoBackend) {
  std::filesystem::remove(data_.folder / "data/member/snap/db");
  const auto recovery = To({});
  ASSERT_TRUE(recovery) << recovery.error().what;
  EXPECT_EQ(recovery->source.origin, Origin::kLog);
  EXPECT_EQ(KeysOfBackend(*recovery), At(8));
}

TEST_F(RecoveryTest, GoesToEveryRevisionAndEntry) {
  for (int64_t revision = 2; revision <= 8; ++revision) {
    const auto by_revision = To({.revision = revision});
    ASSERT_TRUE(by_revision) << by_revision.error().what;
    EXPECT_EQ(by_revision->machine.keys().revision(), revision);
    EXPECT_EQ(by_revision->source.origin, revision >= 4 ? Origin::kBackend : Origin::kLog);
    EXPECT_EQ(KeysOfBackend(*by_revision), At(revision));
    const auto by_index = To({.index = static_cast<uint64_t>(revision)});
    ASSERT_TRUE(by_index) << by_index.error().what;
    EXPECT_EQ(KeysOf(*by_index), At(revision));
  }
}

TEST_F(RecoveryTest, GoesBeforeTheLastDeletionOfAKey) {
  const auto recovery = To({.before_delete = "b"});
  ASSERT_TRUE(recovery) << recovery.error().what;
  EXPECT_EQ(recovery->deleted_at, 8);
  EXPECT_EQ(KeysOfBackend(*recovery), At(7));
}

TEST_F(RecoveryTest, RefusesWhatIsNotThere) {
  EXPECT_FALSE(To({.revision = 9}));
  EXPECT_FALSE(To({.index = 9}));
  const auto none = To({.before_delete = "c"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::kRefused);
  EXPECT_NE(none.error().what.find("no deletion of the key"), std::string::npos) << none.error().what;
}

// The log begins after 20 entries, and all that it says is applied.
class HistoryTest : public testing::Test {
 protected:
  HistoryTest() : data_(Before(), 20) {
    data_.story.Put("late", "1");
    data_.WriteDb();
    data_.WriteLog(21);
    state_ = data_.Load();
  }
  static support::KeySpace Before() {
    support::KeySpace space;
    space.Put("a", "1").Put("a", "2").Put("b", "3").Delete("a").Compact(3);  // revisions 2 to 5
    return space;
  }

  StoryFolder data_;
  member::MemberState state_;
};

TEST_F(HistoryTest, GivesKeysOfARetainedRevision) {
  for (int64_t revision = 3; revision <= 6; ++revision) {
    const auto recovery = Recover(state_, {.minor = 6}, {.revision = revision});
    ASSERT_TRUE(recovery) << recovery.error().what;
    EXPECT_EQ(recovery->by_history, revision < 6);
    EXPECT_EQ(KeysOfBackend(*recovery), data_.story.space().At(revision));
    EXPECT_EQ(LossesOf(*recovery).size(), revision < 6 ? 2U : 1U);
  }
}

TEST_F(HistoryTest, SaysWhatIsCompacted) {
  const auto recovery = Recover(state_, {.minor = 6}, {.revision = 2});
  ASSERT_FALSE(recovery);
  EXPECT_NE(recovery.error().what.find("revision 2 has been compacted"), std::string::npos)
      << recovery.error().what;
}

TEST_F(HistoryTest, HoldsWhatWasDeleted) {
  const auto recovery = Recover(state_, {.minor = 6}, {.before_delete = "a"});
  ASSERT_TRUE(recovery) << recovery.error().what;
  EXPECT_EQ(recovery->deleted_at, 5);
  EXPECT_EQ(KeysOfBackend(*recovery), data_.story.space().At(4));
}

}  // namespace
}  // namespace etcdmedic::recover
