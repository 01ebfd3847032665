// SPDX-License-Identifier: Apache-2.0
#include "plan/rebuild.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/startup_member.h"

namespace etcdmedic::plan {
namespace {

using support::BigEndian64;
using support::StartupMember;

// The log that the edits make, and the .snap where they make one.
struct Rebuilt {
  explicit Rebuilt(const std::vector<Edit>& edits) {
    for (const Edit& edit : edits) {
      if (edit.kind == EditKind::kRename) renamed.push_back(edit.file);
      if (edit.kind == EditKind::kCreate && edit.file.ends_with(".wal")) bytes = edit.bytes;
      if (edit.kind == EditKind::kCreate && edit.file.ends_with(".snap")) snap = edit.bytes;
    }
    log = raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(bytes)}}, 1);
  }
  std::vector<std::string> renamed;
  std::string bytes, snap;
  raft::Log log;
};

TEST(ChooseBase, IsTheBeginningWhereTheLogReachesBackToIt) {
  StartupMember member;
  const auto base = ChooseBase(member.Load(), 9);
  ASSERT_TRUE(base);
  EXPECT_EQ(base->kind, Base::Kind::kBeginning);
  EXPECT_EQ(base->index, 0U);
}

TEST(ChooseBase, IsTheBackendWhereTheLogHasAHole) {
  StartupMember member;
  member.segments.erase(StartupMember::kMiddle);
  const auto base = ChooseBase(member.Load(), 9);
  ASSERT_TRUE(base);
  EXPECT_EQ(base->kind, Base::Kind::kBackend);
  EXPECT_EQ(base->index, 9U);
  EXPECT_EQ(base->term, 2U);
  EXPECT_EQ(snap::ParseConfState(AsBytes(base->conf_state))->voters, std::vector<uint64_t>{1});
}

TEST(ChooseBase, IsASnapshotThatTheBackendHasPassed) {
  StartupMember member;
  member.segments.erase(StartupMember::kFirst);
  member.Load();
  member::SnapFile file;
  file.file = "member/snap/0000000000000002-0000000000000005.snap";
  file.content.emplace();
  file.content->index = 5;
  file.content->term = 2;
  file.content->conf_state.voters = {1};
  member.state.snapshots.push_back(file);
  const auto base = ChooseBase(member.state, 9);
  ASSERT_TRUE(base);
  EXPECT_EQ(base->kind, Base::Kind::kSnapshot);
  EXPECT_EQ(base->index, 5U);
  member.state.snapshots[0].content->index = 2;
  EXPECT_NE(ChooseBase(member.state, 9)->kind, Base::Kind::kSnapshot) << "entry 3 is missing after it";
}

TEST(ChooseBase, IsNoneWhereNothingReachesAsFar) {
  StartupMember member;
  member.segments.erase(StartupMember::kFirst);
  member.has_db = false;
  EXPECT_FALSE(ChooseBase(member.Load(), 9));
  StartupMember behind;
  behind.segments.erase(StartupMember::kMiddle);
  behind.space.Meta("consistent_index", BigEndian64(3));
  EXPECT_FALSE(ChooseBase(behind.Load(), 9)) << "entries 4 to 6 are in neither";
}

TEST(BackendBase, NeedsIndexTermAndMembers) {
  StartupMember whole;
  EXPECT_TRUE(BackendBase(whole.Load()));
  whole.state.backend->consistent_index.reset();
  EXPECT_FALSE(BackendBase(whole.state));
  StartupMember lone;
  lone.Load();
  lone.state.backend->membership.members.clear();
  EXPECT_FALSE(BackendBase(lone.state)) << "nobody votes";
  StartupMember old;
  old.Load();
  old.state.backend->term.reset();
  ASSERT_TRUE(BackendBase(old.state));
  EXPECT_EQ(BackendBase(old.state)->term, 2U) << "of the log's entry 9";
  EXPECT_FALSE(BackendBase(member::MemberState{}));
}

TEST(RebuildLog, KeepsEveryEntryAfterTheBase) {
  StartupMember member;
  const auto edits = RebuildLog(member.Load(), Base{}, 9);
  ASSERT_TRUE(edits);
  const Rebuilt rebuilt(*edits);
  EXPECT_EQ(rebuilt.renamed.size(), 3U);
  ASSERT_EQ(rebuilt.log.segments.size(), 1U);
  EXPECT_TRUE(rebuilt.log.segments[0].damages.empty());
  EXPECT_EQ(rebuilt.log.ContiguousFrom(1), 9U);
  for (uint64_t i = 1; i <= 9; ++i) EXPECT_EQ(rebuilt.log.TermAt(i), member.state.log.TermAt(i));
  EXPECT_EQ(rebuilt.log.metadata, member.state.log.metadata);
  EXPECT_EQ(rebuilt.log.state->commit, 6U) << "the last one that was recorded";
  EXPECT_NE(rebuilt.log.segments[0].valid_end() % 512, 0U) << "its end shows";
}

TEST(RebuildLog, CutsWhatIsBeyondTheLast) {
  StartupMember member;
  const Rebuilt rebuilt(*RebuildLog(member.Load(), Base{}, 7));
  EXPECT_EQ(rebuilt.log.last_index(), 7U);
  EXPECT_LE(rebuilt.log.state->commit, 7U);
}

TEST(RebuildLog, WritesTheSnapshotThatABaseInTheBackendNeeds) {
  StartupMember member;
  member.segments.erase(StartupMember::kMiddle);
  const auto base = BackendBase(member.Load());
  ASSERT_TRUE(base);
  const Rebuilt rebuilt(*RebuildLog(member.state, *base, 9));
  diag::FindingList found;
  const auto snapshot = snap::ReadSnapshot(AsBytes(rebuilt.snap), "x.snap", found);
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->index, 9U);
  EXPECT_EQ(snapshot->term, 2U);
  EXPECT_EQ(snap::ParseMembership(snapshot->store)->members.size(), 1U);
  ASSERT_EQ(rebuilt.log.snapshots.size(), 2U);
  EXPECT_EQ(rebuilt.log.snapshots[1].index, 9U);
  EXPECT_EQ(rebuilt.log.last_index(), 0U) << "the backend holds all of it";
  EXPECT_GE(rebuilt.log.state->commit, 9U);
}

TEST(RebuildLog, RefusesToGuessWhichMemberItIs) {
  StartupMember member;
  member.Load();
  member.state.log.metadata.reset();
  EXPECT_EQ(IdentityOf(member.state)->node_id, 1U) << "it is the only one";
  member.state.backend->membership.members.push_back({2, "", {}, {}, false});
  EXPECT_FALSE(IdentityOf(member.state));
  const auto edits = RebuildLog(member.state, Base{}, 9);
  ASSERT_FALSE(edits);
  EXPECT_EQ(edits.error().code, Errc::kRefused);
}

TEST(AsideName, IsNeverTaken) {
  StartupMember member;
  member.Load();
  member.state.layout.root = "/nonexistent";
  EXPECT_EQ(AsideName(member.state, "member/wal/a.wal"), "member/wal/a.wal.broken");
  member.state.layout.wal_broken.push_back({"", "member/wal/a.wal.broken"});
  EXPECT_EQ(AsideName(member.state, "member/wal/a.wal"), "member/wal/a.wal.broken.1");
}

}  // namespace
}  // namespace etcdmedic::plan
