// SPDX-License-Identifier: Apache-2.0
// The backend put right by another member.
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

TEST(PlanSiblings, TakeTheWholeDb) {
  PurgedMember own, other;
  other.Fill();
  for (const bool lost : {true, false}) {
    if (lost) {
      own.db.reset();
    } else {
      own.db = std::string(8192, '\0');
    }
    own.Fill();
    EXPECT_EQ(Titles(own.MakePlan()).find("other"), std::string::npos);
    const Plan plan = own.MakePlan(From(other));
    EXPECT_NE(Titles(plan).find("safe: write db with the state of other after entry 161"), std::string::npos)
        << Titles(plan);
    ASSERT_TRUE(ApplyInPlace(plan, {own.journal(), {}}));
    EXPECT_TRUE(own.Verify().sound());
    ASSERT_TRUE(Undo(own.journal()));
    std::filesystem::remove(own.journal());
  }
}

// Of a record that is older than both logs nothing tells which is right.
TEST(PlanSiblings, DoNotGuess) {
  PurgedMember own, other;
  (*own.db)[own.db->find(PurgedMember::Value(45)) + 1] ^= 4;
  own.Fill();
  other.Fill();
  const Plan plan = own.MakePlan(From(other));
  EXPECT_EQ(Titles(plan), "");
  EXPECT_TRUE(std::ranges::any_of(plan.advice, [](const std::string& advice) {
    return advice.find("no log tells which is right") != std::string::npos;
  }));
}

}  // namespace
}  // namespace etcdmedic::plan
