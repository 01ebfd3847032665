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

// The log may have lost its end, and the backend be right.
TEST(PlanIndex, LeavesOneThatIsTooHighByMore) {
  PurgedMember member;
  member.db = member.Build(167);
  member.Fill();
  EXPECT_EQ(Titles(member.MakePlan()).find("consistent_index"), std::string::npos);
}

}  // namespace
}  // namespace etcdmedic::plan
