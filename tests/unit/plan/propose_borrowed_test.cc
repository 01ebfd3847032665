// SPDX-License-Identifier: Apache-2.0
// A log completed with entries of another member.
#include <gtest/gtest.h>

#include "support/purged_member.h"

namespace etcdmedic::plan {
namespace {

using support::StoryMember;
using support::Titles;

Sibling Read(const StoryMember& other, std::string name) {
  auto state = std::make_shared<const member::MemberState>(other.Load());
  check::Report report = check::Verify(*state, startup::EtcdVersion{3, 6});
  return {std::move(name), std::move(state), std::move(report)};
}

// What a repair of one takes from the other.
PlanOptions From(const StoryMember& other) { return {.siblings = {Read(other, "other")}}; }

// Without a db, and with garbage over these records of the log.
void Hurt(StoryMember& member, size_t first, size_t end) {
  member.db.reset();
  member.log = member.story.log().bytes();
  const auto& placed = member.story.log().placed();
  const size_t begin = placed[first].offset, size = placed[end].offset - begin;
  member.log.replace(begin, size, size, '\x5A');
  member.Fill();
}

// Neither has a db, so that nothing but the log tells what the entries in the hole were.
TEST(PlanBorrowed, FillsAHoleInTheLog) {
  StoryMember own, other;
  other.db.reset();
  other.Fill();
  Hurt(own, 22, 25);
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

// Each of the others has a hole of its own within this one's.
TEST(PlanBorrowed, TakesEachPartFromAMemberThatHoldsIt) {
  StoryMember own, one, two;
  Hurt(own, 22, 28);
  Hurt(one, 26, 28);
  Hurt(two, 22, 24);
  for (const StoryMember* other : {&one, &two})
    EXPECT_EQ(Titles(own.MakePlan(From(*other))).find("of another member"), std::string::npos);
  for (const bool swapped : {false, true}) {
    std::vector<Sibling> siblings = {Read(one, "one"), Read(two, "two")};
    if (swapped) std::swap(siblings[0], siblings[1]);
    const Plan plan = own.MakePlan({.siblings = std::move(siblings)});
    EXPECT_NE(Titles(plan).find("safe: rewrite the log with 6 entries of other members"), std::string::npos)
        << Titles(plan);
    ASSERT_FALSE(plan.steps.empty());
    EXPECT_EQ(plan.steps.front().provenance,
              (std::vector<std::string>{"entries 20 to 23 of term 2: the log of one",
                                        "entries 24 to 25 of term 2: the log of two"}));
  }
}

}  // namespace
}  // namespace etcdmedic::plan
