// SPDX-License-Identifier: Apache-2.0
#include "check/member_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "raft/conf_change.h"
#include "support/verified_member.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using support::AddNode;
using support::WalBuilder;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using Member = support::VerifiedMember;

TEST(MemberRules, FindABackendOfAnotherMember) {
  Member member;
  member.state.backend->membership.members = {{2, {}, {}, {}, false}};
  EXPECT_THAT(member.Codes(), Contains(Code::kDbMemberForeign));
  member.state.backend->consistent_index = 0;
  EXPECT_THAT(member.Codes(), Not(Contains(Code::kDbMemberForeign))) << "an entry will add it";
}

TEST(MemberRules, FindASnapshotOfAnotherMember) {
  Member mine;
  mine.AddSnapshot(2, {1});
  EXPECT_THAT(mine.Codes(), Not(Contains(Code::kSnapMemberForeign)));
  Member foreign;
  foreign.AddSnapshot(2, {7});
  EXPECT_THAT(foreign.Codes(), Contains(Code::kSnapMemberForeign));
}

TEST(MemberRules, KnowARestoreBeforeItsFirstStart) {
  Member member;
  WalBuilder log;
  member.Read(log.Snapshot(0, 0).Entry(1, 1, AddNode(1), 1).State(1, 1, 1).Snapshot(1, 1).Zeros(600).bytes());
  member.state.backend->membership.members = {{2, {}, {}, {}, false}};  // 3.4 leaves those of the snapshot
  EXPECT_TRUE(raft::IsFreshlyRestored(member.state.log));
  EXPECT_THAT(member.Codes(), Not(Contains(Code::kDbMemberForeign)));
}

TEST(MemberRules, FindARemovedMember) {
  Member member;
  member.state.backend->membership.members.clear();
  member.state.backend->membership.removed = {1};
  EXPECT_THAT(member.Codes(), Contains(Code::kRaftMemberRemoved));
}

TEST(MemberRules, WarnOfTooManyLearners) {
  Member member;
  member.state.backend->membership.members.push_back({2, {}, {}, {}, true});
  EXPECT_THAT(member.Codes(), Not(Contains(Code::kMvccLearners)));
  member.state.backend->membership.members.push_back({3, {}, {}, {}, true});
  EXPECT_THAT(member.Codes(), Contains(Code::kMvccLearners));
}

TEST(MemberRules, FindARemovalInTheLog) {
  Member member;
  member.log.Entry(2, 3, std::string("\x08\x00\x10\x01\x18\x01", 6), 1);
  EXPECT_THAT(member.Codes(), Contains(Code::kRaftMemberRemoved));
  Member other;
  other.log.Entry(2, 3, std::string("\x08\x00\x10\x01\x18\x02", 6), 1);
  EXPECT_THAT(other.Codes(), Not(Contains(Code::kRaftMemberRemoved))) << "another member's";
}

TEST(MemberRules, SayNothingWithoutALog) {
  member::MemberState state;
  state.backend.emplace().membership.members = {{2, {}, {}, {}, false}};
  diag::FindingList found;
  CheckMembers(state, found);
  EXPECT_TRUE(found.items.empty());
}

TEST(MemberRules, CompareASnapshotWithItsRecordInTheLog) {
  Member member;
  member.AddSnapshot(2, {1, 2});
  member.Codes();
  ASSERT_FALSE(member.state.log.snapshots.empty());
  const auto check = [&](std::vector<uint64_t> logged) {
    cluster::ConfState state;
    state.voters = std::move(logged);
    member.state.log.snapshots.back().conf_state = snap::EncodeConfState(state);
    diag::FindingList found;
    CheckMembers(member.state, found);
    return found.items;
  };
  EXPECT_TRUE(check({1, 2}).empty());
  const auto found = check({1, 3});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, Code::kSnapMemberForeign);
  EXPECT_THAT(found[0].message, HasSubstr("its voters are 1 2, those of the log's snapshot record 1 3"));
}

}  // namespace
}  // namespace etcdmedic::check
