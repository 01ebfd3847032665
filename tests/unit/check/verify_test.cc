// SPDX-License-Identifier: Apache-2.0
// Rules across the parts of a member: which parts there are, and whose they are.
#include "check/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/member_rules.h"
#include "raft/conf_change.h"
#include "support/wal_builder.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using support::Varint;
using support::WalBuilder;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kFirst = "0000000000000000-0000000000000000.wal";

std::string AddNode(uint64_t node) { return std::string("\x08\x00\x10\x00\x18", 5) + Varint(node); }

struct Member {
  WalBuilder log;
  std::string bytes;
  member::MemberState state;

  explicit Member(uint64_t voter = 1) {
    log.Snapshot(0, 0).Entry(1, 1, AddNode(voter), 1).Entry(2, 2, "");
    state.layout.kind = member::Kind::kDataDir;
    state.layout.wal_dir = "wal";
    state.layout.db.push_back({"db", "member/snap/db"});
    state.has_log = state.has_db = true;
    state.backend.emplace();
    state.backend->membership.members = {{1, {}, {}, {}, false}};
    state.backend->consistent_index = 2;
  }

  void Read(const std::string& segment) {
    bytes = segment;
    state.log = raft::ReadLog({{kFirst, AsBytes(bytes)}}, 1);
  }

  std::vector<Code> Codes() {
    if (bytes.empty()) Read(WalBuilder(log).State(2, 1, 2).Zeros(600).bytes());
    std::vector<Code> codes;
    for (const diag::Finding& finding : Verify(state, startup::EtcdVersion{3, 6}).findings)
      codes.push_back(finding.code);
    return codes;
  }

  void AddSnapshot(uint64_t index, std::vector<uint64_t> voters) {
    member::SnapFile file;
    file.file = "member/snap/x.snap";
    file.content.emplace();
    file.content->index = index;
    file.content->term = 2;
    file.content->conf_state.voters = std::move(voters);
    state.snapshots.push_back(std::move(file));
    log.Snapshot(index, 2);
  }
};

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

TEST(Verify, NamesRequestsOfV2Clients) {
  Member member;
  const std::string put = std::string("\x08\x01\x12\x03PUT\x1a\x04/1/a", 13);
  member.log.Entry(2, 3, put);
  member.Read(WalBuilder(member.log).State(2, 1, 3).Zeros(600).bytes());
  EXPECT_THAT(member.Codes(), Contains(Code::kRaftV2Request));
}

}  // namespace
}  // namespace etcdmedic::check
