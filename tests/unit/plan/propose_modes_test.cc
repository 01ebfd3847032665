// SPDX-License-Identifier: Apache-2.0
// Modes that keep etcd out, set right and taken back.
#include <gtest/gtest.h>

#include "support/story_member.h"

namespace etcdmedic::plan {
namespace {

using std::filesystem::perms;
using support::StoryMember;

perms ModeOf(const StoryMember& member, const std::string& name) {
  return std::filesystem::status(member.root() / name).permissions();
}

TEST(PlanModes, OpensWhatTheOwnerCannotUse) {
  StoryMember member;
  member.Fill();
  EXPECT_TRUE(member.MakePlan().steps.empty());
  std::filesystem::permissions(member.root() / StoryMember::kDb, perms::owner_read);
  std::filesystem::permissions(member.root() / "member/snap", perms::owner_read | perms::owner_exec);
  const Plan plan = member.MakePlan();
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].title, "let its owner use member/snap, member/snap/db");
  EXPECT_EQ(plan.steps[0].safety, Safety::kSafe);
  ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
  EXPECT_EQ(ModeOf(member, StoryMember::kDb), perms::owner_read | perms::owner_write);
  EXPECT_EQ(ModeOf(member, "member/snap"), perms::owner_all);
  EXPECT_TRUE(member.Verify().sound());
  ASSERT_TRUE(Undo(member.journal()));
  EXPECT_EQ(ModeOf(member, StoryMember::kDb), perms::owner_read);
  std::filesystem::permissions(member.root() / "member/snap", perms::owner_all);
}

}  // namespace
}  // namespace etcdmedic::plan
