// SPDX-License-Identifier: Apache-2.0
// Measured with etcd 3.5.35, 3.6.16 and 3.7.3 on one member with every combination of db and .snap.db.
#include "member/snap_db.h"

#include <gtest/gtest.h>

#include "check/snap_db_rules.h"
#include "startup/predict_snap_db.h"

namespace etcdmedic::check {
namespace {

constexpr startup::EtcdVersion k35{3, 5}, k36{3, 6}, k37{3, 7};

member::MemberState WithSnapDb(std::optional<uint64_t> consistent_index, std::string fault = "") {
  member::MemberState state;
  state.has_db = true;
  state.layout.snap_dir = "d/member/snap";
  state.layout.db.push_back({"d/member/snap/db", "member/snap/db", 4096, 0600});
  state.snap_dbs.push_back(
      {"member/snap/000000000000012f.snap.db", 303, 4096, std::move(fault), consistent_index});
  return state;
}

TEST(SnapDb, IsNotTakenWhereTheDbIsNewEnough) {
  uint64_t applied = 303;
  EXPECT_FALSE(startup::TakeSnapDb(WithSnapDb(155), k36, 303, applied));
  EXPECT_EQ(applied, 303U);
}

TEST(SnapDb, BecomesTheBackend) {
  uint64_t applied = 155;
  EXPECT_FALSE(startup::TakeSnapDb(WithSnapDb(305), k36, 303, applied));
  EXPECT_EQ(applied, 305U);
}

TEST(SnapDb, OfAnotherIndexIsNotFound) {
  uint64_t applied = 155;
  const auto end = startup::TakeSnapDb(WithSnapDb(305), k36, 304, applied);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->outcome, startup::Outcome::kPanics);
  EXPECT_EQ(end->message, "failed to recover v3 backend from snapshot");
}

TEST(SnapDb, ThatIsOlderEndsEtcd) {
  uint64_t applied = 155;
  const auto end = startup::TakeSnapDb(WithSnapDb(155), k36, 303, applied);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->outcome, startup::Outcome::kExits);
  EXPECT_EQ(end->message,
            "database file (d/member/snap/db index 155) does not match with snapshot (index 303)");
}

TEST(SnapDb, DoesNotReplaceADbThatIsMissing) {
  member::MemberState state = WithSnapDb(305);
  state.has_db = false;
  state.layout.db.clear();
  uint64_t applied = 0;
  const auto end = startup::TakeSnapDb(state, k36, 303, applied);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->outcome, startup::Outcome::kExits);
  EXPECT_EQ(end->message, "database file (d/member/snap/db) of the backend is missing");
}

TEST(SnapDb, ThatDoesNotOpenPanics) {
  uint64_t applied = 155;
  const auto end =
      startup::TakeSnapDb(WithSnapDb({}, "failed to open database: invalid database"), k36, 303, applied);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->outcome, startup::Outcome::kPanics);
  EXPECT_EQ(end->message, "failed to open database: invalid database");
}

TEST(SnapDb, ThatIsEmptyIsTakenToo) {
  uint64_t applied = 155;
  EXPECT_EQ(startup::TakeSnapDb(WithSnapDb({}), k35, 303, applied)->outcome,
            startup::Outcome::kStartsAndLoses);
  EXPECT_EQ(startup::TakeSnapDb(WithSnapDb({}), k36, 303, applied)->message,
            "failed to update; member unknown");
  EXPECT_EQ(startup::TakeSnapDb(WithSnapDb({}), k37, 303, applied)->outcome, startup::Outcome::kHangs);
}

TEST(SnapDb, ThatDoesNotFitItsNameIsAFinding) {
  member::MemberState state = WithSnapDb(155);
  member::SnapFile file;
  file.content = snap::Snapshot{};
  file.content->index = 303;
  state.snapshots.push_back(file);
  diag::FindingList found;
  CheckSnapDbs(state, found);
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].code, diag::Code::kSnapDbMismatch);
  state.snap_dbs[0].consistent_index = 305;
  found.items.clear();
  CheckSnapDbs(state, found);
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].code, diag::Code::kSnapDbLeft);
}

}  // namespace
}  // namespace etcdmedic::check
