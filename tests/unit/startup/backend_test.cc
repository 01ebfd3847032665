// SPDX-License-Identifier: Apache-2.0
#include "startup/backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/startup_member.h"

namespace etcdmedic::startup {
namespace {

using support::BigEndian64;
using support::StartupMember;
using testing::HasSubstr;

constexpr EtcdVersion k34{3, 4}, k36{3, 6};

struct Case {
  const char* name;
  void (*damage)(std::string& db);
  const char* message;  // empty: it opens
};

TEST(FailToOpen, NamesTheFaultOfTheFirstMeta) {
  const Case cases[] = {
      {"sound", [](std::string& db) { db.append(4096, '\0'); }, ""},
      {"empty", [](std::string& db) { db.clear(); }, ""},
      {"less than what bbolt reads first", [](std::string& db) { db.resize(4095); },
       "failed to open database: invalid database"},
      {"one page", [](std::string& db) { db.resize(4096); }, "file size too small"},
      {"no magic", [](std::string& db) { db[16] = db[4112] = 0; },
       "failed to open database: invalid database"},
      {"another version", [](std::string& db) { db[20] = db[4116] = 3; },
       "failed to open database: version mismatch"},
      {"a wrong sum", [](std::string& db) { db[72] = db[4168] = 0x55; },
       "failed to open database: checksum error"},
      {"a wrong sum, then no magic", [](std::string& db) { db[72] = 0x55, db[4112] = 0; },
       "failed to open database: checksum error"},
      {"one meta is enough", [](std::string& db) { db[16] = 0; }, ""},
  };
  const std::string sound = StartupMember().Builder().Build();
  for (const Case& each : cases) {
    std::string db = sound;
    each.damage(db);
    ASSERT_NE(db, sound) << each.name;
    diag::FindingList found;
    const bolt::FileReport report = bolt::Check(AsBytes(db), "db", {}, found);
    const auto end = FailToOpen(report, AsBytes(db), k36);
    EXPECT_EQ(end ? end->message : "", each.message) << each.name;
    if (end) {
      EXPECT_EQ(NameOf(end->outcome), "panics") << each.name;
    }
  }
}

TEST(FailToOpen, DependsOnTheRelease) {
  StartupMember member;
  member.db = member.Builder().Build();
  const size_t root = member.db.size() - 4096;
  member.db[root] = 77;  // its own number, for which 3.4 does not ask
  member.Load();
  const Bytes file = member.state.db_map->bytes();
  EXPECT_TRUE(FailToOpen(*member.state.db, file, k36));
  EXPECT_THAT(FailToOpen(*member.state.db, file, k36)->message, HasSubstr("but self identifies as"));
  const auto old = FailToOpen(*member.state.db, file, k34);
  EXPECT_TRUE(!old || old->message.find("self identifies") == std::string::npos);
}

// `applied` entries, and a revision for every put in the space.
size_t Findings(StartupMember& member, uint64_t applied) {
  member.space.Meta("consistent_index", BigEndian64(applied));
  member.db.clear();
  member.Load();
  diag::FindingList found;
  CheckIndex(member.state, found);
  for (const diag::Finding& finding : found.items) EXPECT_EQ(finding.code, diag::Code::kDbIndexBehind);
  return found.items.size();
}

TEST(CheckIndex, FindsMoreRevisionsThanEntriesCanHaveMade) {
  StartupMember member;  // seven puts: revision 8
  EXPECT_EQ(Findings(member, 9), 0U);
  EXPECT_EQ(Findings(member, 7), 0U) << "an empty store is at revision 1";
  EXPECT_EQ(Findings(member, 6), 1U);
  EXPECT_EQ(Findings(member, 0), 1U);
}

TEST(CheckIndex, IsSilentWhereTheLogDoesNotReachBack) {
  StartupMember member;
  member.segments.erase(StartupMember::kFirst);
  EXPECT_EQ(Findings(member, 3), 0U);
  StartupMember no_db;
  no_db.has_db = false;
  diag::FindingList found;
  CheckIndex(no_db.Load(), found);
  EXPECT_TRUE(found.items.empty());
}

TEST(WrongAnswers, AreThoseOfEntriesAppliedTwice) {
  StartupMember member;
  EXPECT_FALSE(WrongAnswers(member.Load(), k36));
  member.space.Meta("consistent_index", BigEndian64(3));
  member.db.clear();
  EXPECT_THAT(WrongAnswers(member.Load(), k36).value_or(""), HasSubstr("applied a second time"));
  member.state.witness.emplace();
  EXPECT_FALSE(WrongAnswers(member.state, k36)) << "the log as witness knows better than the count";
  member.state.witness->wrong = "words";
  EXPECT_EQ(WrongAnswers(member.state, k36), "words");
}

}  // namespace
}  // namespace etcdmedic::startup
