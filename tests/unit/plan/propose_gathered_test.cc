// SPDX-License-Identifier: Apache-2.0
// A db written again from its pages and a log that has lost its beginning.
#include <gtest/gtest.h>

#include "support/purged_member.h"

namespace etcdmedic::plan {
namespace {

using support::ExpectMended;
using support::PurgedMember;
using support::Titles;

constexpr const char* kSafe = "safe: write db again with the records of all of its pages and of the log";

TEST(PlanGathered, FillsALostLeafFromTheLog) {
  PurgedMember member;
  ASSERT_NE(member.LeafOf(100), 0U);
  member.Zero(member.LeafOf(100));
  ExpectMended(member, kSafe);
}

TEST(PlanGathered, FindsTheLeavesOfALostBranch) {
  PurgedMember member;
  member.Zero(support::PageOf(*member.db, bolt::PageUse::kBranch));
  ExpectMended(member, kSafe);
}

TEST(PlanGathered, NamesWhatNeitherHolds) {
  PurgedMember member;
  ASSERT_NE(member.LeafOf(20), member.LeafOf(100));
  member.Zero(member.LeafOf(20));
  member.Fill();
  const Plan plan = member.MakePlan();
  ASSERT_EQ(plan.steps.size(), 1U) << Titles(plan);
  EXPECT_EQ(plan.steps[0].safety, Safety::kLossy);
  EXPECT_NE(plan.steps[0].loss.find("the changes of revisions"), std::string::npos) << plan.steps[0].loss;
  EXPECT_EQ(member.MakePlan().steps.size(), 1U) << "it is the same again";
}

}  // namespace
}  // namespace etcdmedic::plan
