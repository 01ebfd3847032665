// SPDX-License-Identifier: Apache-2.0
// Meta pages with values that their checksum covers and that cannot be.
#include <gtest/gtest.h>

#include "bolt/format.h"
#include "support/story_member.h"

namespace etcdmedic::plan {
namespace {

using support::StoryMember;

// The newer meta page, page 0 of what the builder makes, with other fields and a checksum that fits.
void ChangeMeta(StoryMember& member, const std::function<void(bolt::Meta&)>& change) {
  bolt::Meta meta = bolt::ReadMetas(AsBytes(*member.db)).pages[0].meta;
  change(meta);
  member.db->replace(bolt::kHeaderSize, bolt::kMetaSize, bolt::EncodeMeta(meta));
}

void ExpectMended(StoryMember& member, const std::string& title) {
  member.Fill();
  const auto before = member.Files();
  const Plan plan = member.MakePlan();
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_EQ(plan.steps[0].title, title);
  EXPECT_EQ(plan.steps[0].safety, Safety::kSafe);
  ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
  EXPECT_TRUE(member.Verify().sound());
  EXPECT_EQ(member.Load().backend->revision, member.story.revision());
  ASSERT_TRUE(Undo(member.journal()));
  EXPECT_TRUE(member.Files() == before);
}

TEST(DropFreelist, LeavesOutAListThatIsNone) {
  StoryMember member;
  ChangeMeta(member, [](bolt::Meta& meta) { meta.freelist = meta.root; });
  ExpectMended(member, "leave the free list of db out, in its newer meta page");
}

TEST(DropFreelist, RaisesAHighWaterMarkThatIsTooLow) {
  StoryMember member;
  const uint64_t pages = member.db->size() / 4096;
  ChangeMeta(member, [](bolt::Meta& meta) { meta.high_water = 3; });
  ExpectMended(member,
               "set the high water mark of db to " + std::to_string(pages) + ", in its newer meta page");
}

TEST(GoBack, TakesTheOlderPageWhereTheNewerLeadsNowhere) {
  StoryMember member;
  ChangeMeta(member, [](bolt::Meta& meta) { meta.root = 1'000'000; });
  ExpectMended(member, "take db back to its older meta page, transaction 3");
}

}  // namespace
}  // namespace etcdmedic::plan
