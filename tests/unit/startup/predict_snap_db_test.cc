// SPDX-License-Identifier: Apache-2.0
// The table of docs/format/startup.md, "The backend of a snapshot": what was measured with 3.5, 3.6 and 3.7.
#include "startup/predict_snap_db.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/startup_member.h"

namespace etcdmedic::startup {
namespace {

using support::BigEndian64;
using support::StartupMember;
using testing::HasSubstr;

constexpr EtcdVersion k34{3, 4}, k35{3, 5}, k36{3, 6}, k37{3, 7};
constexpr uint64_t kSnapshot = 100;

std::string DbAt(uint64_t applied) {
  StartupMember member;
  member.space.Meta("consistent_index", BigEndian64(applied));
  return member.Builder().Build();
}

// The .snap.db of the snapshot, with these bytes.
member::SnapDb SnapDbOf(const std::string& bytes) {
  member::SnapDb read{"member/snap/0000000000000064.snap.db", kSnapshot, bytes.size(), {}, {}};
  read.map.emplace(*MappedFile::OpenPatched("x", {0, bytes.size(), {{0, bytes}}}));
  diag::FindingList found;
  read.db = bolt::Check(read.map->bytes(), read.file, {}, found);
  if (const auto state = mvcc::ReadBackendState(read.map->bytes(), read.file, found))
    read.consistent_index = state->consistent_index;
  return read;
}

struct Row {
  const char* name;
  uint64_t applied;  // of the db
  bool has_db;
  std::optional<std::string> snap_db;
  EtcdVersion version;
  std::optional<Outcome> outcome;  // nothing: the start continues
  const char* message;
};

TEST(SnapDb, IsTakenOrRefusedAsMeasured) {
  const std::string at = DbAt(100), after = DbAt(120), before = DbAt(40);
  const std::string cut = at.substr(0, 9000);
  const Row rows[] = {
      {"the db is new enough", 100, true, std::nullopt, k36, std::nullopt, ""},
      {"the db is new enough, the other damaged", 100, true, cut, k36, std::nullopt, ""},
      {"there is none", 50, true, std::nullopt, k36, Outcome::kPanics,
       "failed to recover v3 backend from snapshot"},
      {"there is none", 50, true, std::nullopt, k34, Outcome::kPanics, "snapshot file doesn't exist"},
      {"at the snapshot", 50, true, at, k36, std::nullopt, ""},
      {"after the snapshot", 0, true, after, k37, std::nullopt, ""},
      {"older than the snapshot", 50, true, before, k36, Outcome::kExits,
       "does not match with snapshot (index 100)"},
      {"older than the snapshot", 50, true, before, k35, Outcome::kExits, "index 40) does not match"},
      {"no bytes", 50, true, "", k35, Outcome::kStartsAndLoses, ""},
      {"no bytes", 50, true, "", k36, Outcome::kPanics, "failed to update; member unknown"},
      {"no bytes", 50, true, "", k37, Outcome::kHangs, ""},
      {"not a bbolt file", 50, true, std::string(8192, 'x'), k36, Outcome::kPanics,
       "failed to open database: invalid database"},
      {"cut", 50, true, cut, k36, Outcome::kPanics, ""},
      {"the db is missing", 0, false, at, k36, Outcome::kExits, "of the backend is missing"},
  };
  for (const Row& row : rows) {
    StartupMember member;
    member.has_db = row.has_db;
    member.Load();
    if (row.snap_db) member.state.snap_dbs.push_back(SnapDbOf(*row.snap_db));
    uint64_t applied = row.applied;
    const auto end = TakeSnapDb(member.state, row.version, kSnapshot, applied);
    ASSERT_EQ(end.has_value(), row.outcome.has_value()) << row.name << ", 3." << row.version.minor;
    if (!end) {
      EXPECT_EQ(applied, row.snap_db == after ? 120U : 100U) << row.name;
      continue;
    }
    EXPECT_EQ(NameOf(end->outcome), NameOf(*row.outcome)) << row.name << ", 3." << row.version.minor;
    EXPECT_THAT(end->message, HasSubstr(row.message)) << row.name;
    EXPECT_FALSE(end->explanation.empty());
  }
}

TEST(SnapDb, IsNotLookedForWithoutASnapshot) {
  StartupMember member;
  uint64_t applied = 0;
  EXPECT_FALSE(TakeSnapDb(member.Load(), k36, 0, applied));
}

TEST(SnapDb, OfAnotherSnapshotIsNotFound) {
  StartupMember member;
  member.Load().snap_dbs.push_back(SnapDbOf(DbAt(120)));
  uint64_t applied = 50;
  const auto end = TakeSnapDb(member.state, k36, kSnapshot + 1, applied);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->message, "failed to recover v3 backend from snapshot");
  EXPECT_EQ(applied, 50U);
}

}  // namespace
}  // namespace etcdmedic::startup
