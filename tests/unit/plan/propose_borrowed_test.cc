// SPDX-License-Identifier: Apache-2.0
// A log completed with entries of another member.
#include <gtest/gtest.h>

#include "support/purged_member.h"

namespace etcdmedic::plan {
namespace {

using support::ExpectMended;
using support::PurgedMember;
using support::Titles;

// What a repair of one takes from the other.
PlanOptions From(const PurgedMember& other) {
  auto state = std::make_shared<const member::MemberState>(other.Load());
  check::Report report = check::Verify(*state, startup::EtcdVersion{3, 6});
  return {.siblings = {{"other", std::move(state), std::move(report)}}};
}

TEST(PlanBorrowed, FillsAHoleInTheLog) {
  PurgedMember own, other;
  other.Fill();
  own.log = own.story.log().bytes();
  const auto& placed = own.story.log().placed();
  // In entries 120 to 122, which the backend has applied, and after the .snap.
  const size_t begin = placed[22].offset;
  own.log.replace(begin, placed[25].offset - begin, placed[25].offset - begin, '\x5A');
  own.db = own.Build(112);
  own.Fill();
  const Plan plan = own.MakePlan(From(other));
  EXPECT_NE(Titles(plan).find("entries of another member"), std::string::npos) << Titles(plan);
  ASSERT_FALSE(plan.steps.empty());
  EXPECT_FALSE(plan.steps.front().provenance.empty());
}

}  // namespace
}  // namespace etcdmedic::plan
