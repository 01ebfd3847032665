// SPDX-License-Identifier: Apache-2.0
// Rules across the parts of a member: which parts there are, and whose they are.
#include "check/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/verified_member.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using support::WalBuilder;
using testing::Contains;
using testing::IsEmpty;

using Member = support::VerifiedMember;

TEST(Verify, FindsNothingInASoundMember) { EXPECT_THAT(Member().Codes(), IsEmpty()); }

TEST(Verify, MissesTheLog) {
  Member member;
  member.bytes = "none";
  member.state.layout.wal_dir.clear();
  member.state.has_log = false;
  EXPECT_THAT(member.Codes(), Contains(Code::kWalMissing));
  EXPECT_FALSE(Verify(member.state).sound());
}

TEST(Verify, MissesTheMetadataRecord) {
  Member member;
  member.Read(WalBuilder().bytes().substr(0, 16) + std::string(600, '\0'));
  EXPECT_THAT(member.Codes(), Contains(Code::kWalMetadataMissing));
}

TEST(Verify, CountsAMissingConsistentIndexAsNone) {
  Member member;
  member.AddSnapshot(2, {1});
  member.state.backend->consistent_index.reset();
  member.state.db.emplace();
  EXPECT_THAT(member.Codes(), Contains(Code::kDbBehindSnapshot));
}

TEST(Verify, NamesRequestsOfV2Clients) {
  Member member;
  const std::string put = std::string("\x08\x01\x12\x03PUT\x1a\x04/1/a", 13);
  member.log.Entry(2, 3, put);
  member.Read(WalBuilder(member.log).State(2, 1, 3).Zeros(600).bytes());
  EXPECT_THAT(member.Codes(), Contains(Code::kRaftV2Request));
}

}  // namespace
}  // namespace etcdmedic::check
