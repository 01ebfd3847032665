// SPDX-License-Identifier: Apache-2.0
// The backend brought to the schema of another release, and what forbids it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/story_member.h"

namespace etcdmedic::plan {
namespace {

using startup::EtcdVersion;
using support::StoryMember;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// `storage`: what bucket meta records; empty for none.
void FillWith(StoryMember& member, const std::string& storage, bool conf_state = true) {
  support::Story story = member.story;
  story.space().Meta("term", support::BigEndian64(2));
  if (conf_state) story.space().Meta("confState", R"({"voters":[1],"auto_leave":false})");
  if (!storage.empty()) story.space().Meta("storageVersion", storage);
  support::DbBuilder builder = story.Db();
  builder.Add("members", "1", R"({"id":1,"peerURLs":["http://a"],"name":"one"})");
  member.db = builder.Build();
  member.Fill();
}

Plan To(const StoryMember& member, unsigned minor) {
  PlanOptions options;
  options.migrate_to = EtcdVersion{3, minor};
  const auto state = member.Load();
  return MakePlan(state, check::Verify(state, options.migrate_to), options);
}

std::string StorageVersion(const StoryMember& member) { return member.Load().backend->storage_version; }

TEST(PlanMigration, SetsAndTakesAwayTheStorageVersion) {
  StoryMember member;
  FillWith(member, "");
  EXPECT_THAT(To(member, 5).steps, IsEmpty());
  const auto before = member.Files();
  const Plan up = To(member, 7);
  ASSERT_THAT(up.steps, SizeIs(1));
  EXPECT_EQ(up.steps[0].safety, Safety::kSafe);
  ASSERT_TRUE(ApplyInPlace(up, {member.journal(), {}}));
  EXPECT_EQ(StorageVersion(member), "3.7.0");
  EXPECT_THAT(To(member, 7).steps, IsEmpty());
  ASSERT_TRUE(Undo(member.journal()));
  EXPECT_EQ(member.Files(), before);
  FillWith(member, "3.6.0");
  const Plan down = To(member, 5);
  ASSERT_THAT(down.steps, SizeIs(1));
  std::filesystem::remove(member.journal());
  ASSERT_TRUE(ApplyInPlace(down, {member.journal(), {}}));
  EXPECT_EQ(StorageVersion(member), "");
}

TEST(PlanMigration, IsNotPlannedWhereNothingTellsTheRelease) {
  StoryMember member;
  FillWith(member, "", false);
  const Plan plan = To(member, 6);
  EXPECT_THAT(plan.steps, IsEmpty());
  ASSERT_THAT(plan.advice, SizeIs(1));
  EXPECT_THAT(plan.advice[0], HasSubstr("confState"));
}

// Back only where every entry after the snapshot is known to the older release.
TEST(PlanMigration, IsForbiddenByARequestOfANewerRelease) {
  StoryMember member;
  const uint64_t next = member.story.index() + 1;
  support::WalBuilder log(member.story.log().crc());
  log.State(2, 1, next - 1);
  log.Entry(2, next,
            "\xE2\xEA\x04\x07\x0A\x05"
            "3.6.0");  // downgrade_version_test
  log.State(2, 1, next).Zeros(4096);
  member.more["member/wal/0000000000000001-000000000000003f.wal"] = log.bytes();
  FillWith(member, "3.6.0");
  const Plan down = To(member, 5);
  EXPECT_THAT(down.steps, IsEmpty());
  ASSERT_THAT(down.advice, SizeIs(1));
  EXPECT_THAT(down.advice[0], HasSubstr("entry " + std::to_string(next)));
  EXPECT_THAT(To(member, 7).steps, SizeIs(1));
}

TEST(PlanMigration, LeavesADamagedMemberAlone) {
  StoryMember member;
  FillWith(member, "3.6.0");
  member.db->replace(0, 8192, 8192, '\0');
  member.Fill();
  const Plan plan = To(member, 7);
  EXPECT_THAT(plan.steps, IsEmpty());
  EXPECT_THAT(plan.advice, testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace etcdmedic::plan
