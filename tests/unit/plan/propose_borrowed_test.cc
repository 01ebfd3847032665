// SPDX-License-Identifier: Apache-2.0
// A log completed with entries of another member.
#include <gtest/gtest.h>

#include "support/purged_member.h"

namespace etcdmedic::plan {
namespace {

using support::StoryMember;
using support::Titles;

// What a repair of one takes from the other.
PlanOptions From(const StoryMember& other) {
  auto state = std::make_shared<const member::MemberState>(other.Load());
  check::Report report = check::Verify(*state, startup::EtcdVersion{3, 6});
  return {.siblings = {{"other", std::move(state), std::move(report)}}};
}

// Neither has a db, so that nothing but the log tells what the entries in the hole were.
TEST(PlanBorrowed, FillsAHoleInTheLog) {
  StoryMember own, other;
  other.db.reset();
  other.Fill();
  own.db.reset();
  own.log = own.story.log().bytes();
  const auto& placed = own.story.log().placed();
  const size_t begin = placed[22].offset, size = placed[25].offset - begin;
  own.log.replace(begin, size, size, '\x5A');
  own.Fill();
  EXPECT_EQ(Titles(own.MakePlan()).find("entries 1 to 62"), std::string::npos);
  const Plan plan = own.MakePlan(From(other));
  EXPECT_NE(Titles(plan).find("safe: rewrite the log with 3 entries of another member"), std::string::npos)
      << Titles(plan);
  EXPECT_NE(Titles(plan).find("safe: write db from the log, entries 1 to 62"), std::string::npos);
  ASSERT_FALSE(plan.steps.empty());
  ASSERT_EQ(plan.steps.front().provenance.size(), 1U);
  ASSERT_TRUE(ApplyInPlace(plan, {own.journal(), {}}));
  EXPECT_TRUE(own.Verify().prediction.outcome == startup::Outcome::kStarts);
  EXPECT_EQ(own.Load().backend->revision, own.story.revision());
  EXPECT_TRUE(Undo(own.journal()));
}

}  // namespace
}  // namespace etcdmedic::plan
