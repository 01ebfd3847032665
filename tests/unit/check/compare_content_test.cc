// SPDX-License-Identifier: Apache-2.0
#include "check/compare_content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/startup_member.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using support::StartupMember;
using support::WalBuilder;
using testing::HasSubstr;

// Members 1, 2, … of one cluster, compared by what they hold alone.
struct Compared {
  explicit Compared(std::vector<StartupMember*> members) {
    for (StartupMember* member : members) {
      states.push_back(&member->Load());
      MemberFacts facts;
      facts.path = facts.name = "m" + std::to_string(states.size());
      facts.commit = states.back()->log.state ? states.back()->log.state->commit : 0;
      facts.revision = states.back()->backend ? states.back()->backend->revision.value_or(1) : 0;
      comparison.members.push_back(facts);
      comparison.standings.emplace_back().role = Role::kVoter;
    }
  }
  std::vector<const member::MemberState*> states;
  Comparison comparison;
};

TEST(CompareEntries, FindsNothingInEqualLogs) {
  StartupMember a, b;
  Compared compared({&a, &b});
  CompareEntries(compared.states, compared.comparison);
  EXPECT_TRUE(compared.comparison.findings.empty());
}

TEST(CompareEntries, FindsAnotherEntryOfTheSameTerm) {
  StartupMember a, b, c;
  WalBuilder log;
  log.Snapshot(0, 0)
      .Entry(1, 1, StartupMember::AddNode(1), 1)
      .Entry(2, 2, "")
      .Put(2, 3, "/a", "other")
      .State(2, 1, 3);
  b.segments = {{StartupMember::kFirst, log.Zeros(600).bytes()}};
  Compared compared({&a, &b, &c});
  CompareEntries(compared.states, compared.comparison);
  ASSERT_EQ(compared.comparison.findings.size(), 1U);
  EXPECT_EQ(compared.comparison.findings[0].code, Code::kClusterConflict);
  EXPECT_EQ(compared.comparison.findings[0].where.file, "m2");
  EXPECT_THAT(compared.comparison.findings[0].message, HasSubstr("entry 3 of term 2"));
  EXPECT_TRUE(compared.comparison.standings[1].contradicts) << "two against one";
}

TEST(CompareEntries, LeavesAMemberOfAnotherClusterOut) {
  StartupMember a, b;
  WalBuilder log;
  log.Snapshot(0, 0).Entry(1, 1, "another", 0).State(2, 1, 1);
  b.segments = {{StartupMember::kFirst, log.Zeros(600).bytes()}};
  Compared compared({&a, &b});
  compared.comparison.standings[1].role = Role::kForeign;
  CompareEntries(compared.states, compared.comparison);
  EXPECT_TRUE(compared.comparison.findings.empty());
}

TEST(CompareKeys, FindsTheFirstRevisionThatDiffers) {
  StartupMember a, b, c;
  c.space = support::KeySpace();
  for (const char* key : {"/a", "/b", "/X", "/d", "/e", "/f", "/g"}) c.space.Put(key, "v");
  c.space.Meta("consistent_index", support::BigEndian64(9)).Meta("term", support::BigEndian64(2));
  Compared compared({&a, &b, &c});
  CompareKeys(compared.states, compared.comparison);
  ASSERT_EQ(compared.comparison.findings.size(), 1U);
  EXPECT_EQ(compared.comparison.findings[0].code, Code::kClusterDiverged);
  EXPECT_EQ(compared.comparison.findings[0].where.file, "m3");
  EXPECT_THAT(compared.comparison.findings[0].message, HasSubstr("revision 4"));
}

TEST(CompareKeys, ComparesAtTheLastRevisionThatAllHave) {
  StartupMember a, b;
  b.space.Put("/h", "only here");
  Compared compared({&a, &b});
  CompareKeys(compared.states, compared.comparison);
  EXPECT_TRUE(compared.comparison.findings.empty());
}

TEST(CompareKeys, LeavesADamagedBackendOut) {
  StartupMember a, b;
  b.db = b.Builder().Build();
  b.db.replace(b.db.size() - 4096, 4096, 4096, '\0');
  Compared compared({&a, &b});
  CompareKeys(compared.states, compared.comparison);
  EXPECT_TRUE(compared.comparison.findings.empty());
}

}  // namespace
}  // namespace etcdmedic::check
