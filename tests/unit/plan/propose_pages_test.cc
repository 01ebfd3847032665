// SPDX-License-Identifier: Apache-2.0
// Every single bit of the pages' headers and elements, flipped one at a time in the backend of a directory.
#include <gtest/gtest.h>

#include <random>

#include "bolt/check.h"
#include "support/story_member.h"

namespace etcdmedic::plan {
namespace {

using support::StoryMember;

TEST(PlanBackend, MendsAnyBitOfHeadersAndElementsOrTakesTheLog) {
  std::mt19937_64 random(7);
  StoryMember sound;
  diag::FindingList found;
  const bolt::FileReport report = bolt::Check(AsBytes(*sound.db), "db", {}, found);
  std::vector<size_t> places;
  for (uint64_t id = 2; id < report.pages.size(); ++id) {
    const bolt::PageInfo& info = report.pages[id];
    if (info.use != bolt::PageUse::kLeaf && info.use != bolt::PageUse::kBranch) continue;
    for (size_t at = 0; at < 16 + 16U * info.count; ++at) places.push_back(id * 4096 + at);
  }
  int in_place = 0, damaged = 0;
  for (int round = 0; round < 120; ++round) {
    StoryMember member;
    const size_t at = places[random() % places.size()];
    (*member.db)[at] = static_cast<char>((*member.db)[at] ^ (1 << random() % 8));
    member.Fill();
    if (member.Verify().sound()) continue;
    ++damaged;
    const Plan plan = member.MakePlan();
    ASSERT_EQ(plan.steps.size(), 1U) << "offset " << at;
    EXPECT_EQ(plan.steps[0].safety, Safety::kSafe);
    std::filesystem::remove(member.journal());
    ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
    const auto after = member.Load();
    if (!after.backend) continue;  // left to the log
    ++in_place;
    EXPECT_TRUE(member.Verify().sound()) << "offset " << at;
    EXPECT_EQ(after.backend->revision, member.story.revision());
  }
  EXPECT_GT(in_place, damaged * 8 / 10) << in_place << " of " << damaged;
}

}  // namespace
}  // namespace etcdmedic::plan
