// SPDX-License-Identifier: Apache-2.0
// consistent_index, in a member whose log has lost its beginning.
#include <gtest/gtest.h>

#include "support/purged_member.h"

namespace etcdmedic::plan {
namespace {

using support::ExpectMended;
using support::PurgedMember;
using support::Titles;

TEST(PlanIndex, SetsOneThatIsTooLow) {
  PurgedMember member;
  member.db = member.Build(141);
  ExpectMended(member, "safe: set meta/consistent_index of db from 141 to 161");
}

TEST(PlanIndex, SetsOneThatIsTooHighByABit) {
  PurgedMember member;
  member.db = member.Build(161 ^ (1 << 20));
  ExpectMended(member, "to 161");
}

// A log that has lost entries at its end looks the same where a low bit is the difference.
TEST(PlanIndex, LeavesOneThatMayBeRightBesideALogThatLostItsEnd) {
  PurgedMember member;
  member.db = member.Build(161 ^ (1 << 1));
  ASSERT_GT(161 ^ (1 << 1), 161);
  member.Fill();
  EXPECT_EQ(Titles(member.MakePlan()).find("consistent_index"), std::string::npos);
}

// Applied once more, a change of users would raise their revision again.
TEST(PlanIndex, LeavesOneAfterWhichUsersHaveChanged) {
  for (const bool users : {false, true}) {
    PurgedMember member([users](support::Story& story) {
      if (users) story.Auth(false);
      story.Empty();
    });
    member.db = member.Build(110);
    member.Fill();
    EXPECT_EQ(Titles(member.MakePlan()).find("from 110 to 161") == std::string::npos, users);
  }
}

// The log may have lost its end, and the backend be right.
TEST(PlanIndex, LeavesOneThatIsTooHighByMore) {
  PurgedMember member;
  member.db = member.Build(167);
  member.Fill();
  EXPECT_EQ(Titles(member.MakePlan()).find("consistent_index"), std::string::npos);
}

}  // namespace
}  // namespace etcdmedic::plan
