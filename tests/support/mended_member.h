// SPDX-License-Identifier: Apache-2.0
// What a repair makes of a damaged story, and that it can be taken back.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "bolt/check.h"
#include "support/story_member.h"

namespace etcdmedic::support {

// The titles of the steps, a line each.
inline std::string Titles(const plan::Plan& plan) {
  std::string titles;
  for (const plan::Step& step : plan.steps)
    titles += (step.safety == plan::Safety::kSafe ? "safe: " : "lossy: ") + step.title + "\n";
  return titles;
}

// The first page of a kind that bucket `key` uses.
inline uint64_t PageOf(const std::string& db, bolt::PageUse use) {
  diag::FindingList found;
  const bolt::FileReport report = bolt::Check(AsBytes(db), "db", {}, found);
  const auto key = std::ranges::find(report.buckets, "key", &bolt::BucketInfo::name) - report.buckets.begin();
  for (uint64_t id = 2; id < report.pages.size(); ++id) {
    if (report.pages[id].use == use && report.pages[id].bucket == key) return id;
  }
  ADD_FAILURE() << "bucket key has no such page";
  return 0;
}

// Plans, applies, and verifies; then takes it back.
inline void ExpectMended(StoryMember& member, const std::string& title) {
  member.Fill();
  const auto before = member.Files();
  EXPECT_FALSE(member.Verify().sound());
  const plan::Plan plan = member.MakePlan();
  EXPECT_NE(Titles(plan).find(title), std::string::npos) << Titles(plan);
  ASSERT_TRUE(plan::ApplyInPlace(plan, {member.journal(), {}}));
  const check::Report after = member.Verify();
  EXPECT_TRUE(after.sound()) << title << ": "
                             << (after.findings.empty() ? "" : after.findings.front().message);
  const auto state = member.Load();
  EXPECT_EQ(state.backend->revision, member.story.revision());
  ASSERT_TRUE(plan::Undo(member.journal()));
  EXPECT_TRUE(member.Files() == before);
}

}  // namespace etcdmedic::support
