// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recover/recovery.h"
#include "support/story_folder.h"

namespace etcdmedic::recover {
namespace {

using support::StoryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(MemberOf, KeepsIdentityTermAndVote) {
  StoryFolder data;
  data.story.Put("a", "1").Put("b", "2");
  data.WriteLog(3);
  const auto state = data.Load();
  const auto recovery = Recover(state, {.minor = 6}, {.revision = 2});
  ASSERT_TRUE(recovery);
  const auto member = MemberOf(state, *recovery);
  ASSERT_TRUE(member) << member.error().what;
  EXPECT_EQ(member->identity, (raft::Metadata{1, 2}));
  EXPECT_EQ(member->index, 2U);
  EXPECT_EQ(member->term, 2U);
  EXPECT_EQ(member->state, (raft::HardState{2, 1, 2}));
  EXPECT_THAT(member->conf_state.voters, ElementsAre(1));
  ASSERT_EQ(member->membership.members.size(), 1U);
  EXPECT_EQ(member->membership.members[0].peer_urls, std::vector<std::string>{"http://1"});
  EXPECT_TRUE(member->entries.empty());
}

TEST(MemberOf, OfSeveralKeepsTheEntriesThatAreNotCommitted) {
  StoryFolder data;
  data.story.log().Entry(1, 2, StoryFolder::AddNode(2), 1).Put(2, 3, "a", "1").Put(2, 4, "b", "2");
  data.WriteLog(3);
  const auto state = data.Load();
  const auto recovery = Recover(state, {.minor = 6}, {});
  ASSERT_TRUE(recovery);
  EXPECT_EQ(recovery->machine.index(), 3U);
  const auto member = MemberOf(state, *recovery);
  ASSERT_TRUE(member) << member.error().what;
  ASSERT_EQ(member->entries.size(), 1U);
  EXPECT_EQ(member->entries[0].index, 4U);
}

TEST(MemberOf, OfSeveralIsRefusedInThePast) {
  StoryFolder data;
  data.story.log().Entry(1, 2, StoryFolder::AddNode(2), 1).Put(2, 3, "a", "1").Put(2, 4, "b", "2");
  data.WriteLog(4);
  const auto state = data.Load();
  for (const Target& target : {Target{.index = 3}, Target{.uncommitted = true}}) {
    const auto recovery = Recover(state, {.minor = 6}, target);
    ASSERT_TRUE(recovery);
    const auto member = MemberOf(state, *recovery);
    ASSERT_FALSE(member);
    EXPECT_EQ(member.error().code, Errc::kRefused);
    EXPECT_THAT(member.error().what, HasSubstr("--snapshot"));
  }
}

TEST(MemberOf, NeedsAVoter) {
  StoryFolder data(support::KeySpace().Put("old", "1"), 10);
  data.story.Put("a", "1");
  data.WriteDb(std::vector<uint64_t>());
  data.WriteLog(11);
  const auto state = data.Load();
  const auto recovery = Recover(state, {.minor = 6}, {});
  ASSERT_TRUE(recovery);
  const auto member = MemberOf(state, *recovery);
  ASSERT_FALSE(member);
  EXPECT_THAT(member.error().what, HasSubstr("who votes after entry 11"));
}

TEST(LossesOf, NamesWhatWasCompacted) {
  StoryFolder data;
  data.story.Put("a", "1").Put("a", "2").Put("a", "3").Compact(3);
  data.WriteLog(5);
  const auto state = data.Load();
  const auto recovery = Recover(state, {.minor = 6}, {});
  ASSERT_TRUE(recovery);
  EXPECT_THAT(LossesOf(*recovery), ElementsAre("the history before revision 3: it was compacted"));
}

}  // namespace
}  // namespace etcdmedic::recover
