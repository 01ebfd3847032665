// SPDX-License-Identifier: Apache-2.0
#include "restore/founding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diag/naming_sink.h"
#include "raft/conf_change.h"
#include "raft/log.h"
#include "snap/snap.h"

namespace etcdmedic::restore {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

cluster::NewCluster Three() {
  return *cluster::ParseNewCluster("a=http://a:1,b=http://b:1,c=http://c:1", "token", {"b"});
}

TEST(Founding, LogHoldsTheMembersAndNothingElse) {
  const cluster::NewCluster cluster = Three();
  const uint64_t self = cluster.Named("c")->id;
  const plan::MemberFiles files = FilesOf(cluster, self);
  EXPECT_EQ(files.segment_name, "0000000000000000-0000000000000000.wal");
  const raft::Log log = raft::ReadLog({{files.segment_name, AsBytes(files.segment)}});
  ASSERT_THAT(log.segments, SizeIs(1));
  EXPECT_TRUE(log.segments[0].damages.empty());
  EXPECT_EQ(log.metadata, (raft::Metadata{self, cluster.id}));
  EXPECT_EQ(log.state->commit, 3U);
  EXPECT_EQ(log.last_index(), 3U);
  EXPECT_TRUE(raft::IsFreshlyRestored(log));
  const auto state = raft::ConfStateAt(log, 3);
  ASSERT_TRUE(state);
  EXPECT_THAT(state->learners, ElementsAre(cluster.Named("b")->id));
  EXPECT_THAT(state->voters, SizeIs(2));
  EXPECT_EQ(log.state->vote, state->voters.front());
}

TEST(Founding, SnapshotAgreesWithTheLog) {
  const cluster::NewCluster cluster = Three();
  const plan::MemberFiles files = FilesOf(cluster, cluster.members[0].id);
  EXPECT_EQ(files.snapshot_name, "0000000000000001-0000000000000003.snap");
  diag::NoSink sink;
  const auto snapshot = snap::ReadSnapshot(AsBytes(files.snapshot), files.snapshot_name, sink);
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->conf_state, cluster::ConfStateOf(cluster.members));
  const auto membership = snap::ParseMembership(snapshot->store);
  ASSERT_TRUE(membership);
  EXPECT_THAT(membership->members, SizeIs(3));
  EXPECT_EQ(membership->Learners(), 1U);
}

TEST(Founding, BucketsKeepWhatIsNotOfTheCluster) {
  const cluster::NewCluster cluster = Three();
  bolt::Changes changes =
      ChangesOf(cluster, {{"confState", "old"}, {"consistent_index", "old"}, {"storageVersion", "3.6.0"}});
  const bolt::EntriesByKey& meta = changes.replaced["meta"];
  EXPECT_EQ(meta.at("consistent_index"), std::string("\0\0\0\0\0\0\0\3", 8));
  EXPECT_EQ(meta.at("term"), std::string("\0\0\0\0\0\0\0\1", 8));
  EXPECT_EQ(meta.at("storageVersion"), "3.6.0");
  EXPECT_EQ(cluster::ParseConfStateDocument(meta.at("confState")), cluster::ConfStateOf(cluster.members));
  EXPECT_TRUE(changes.replaced["members_removed"].empty());
  EXPECT_THAT(changes.replaced["members"], SizeIs(3));
  EXPECT_FALSE(ChangesOf(cluster, {}).replaced["meta"].contains("confState"));
}

TEST(Founding, RaisedRevisionIsTheNewestAndCompacted) {
  bolt::Changes changes;
  RaiseRevision(1000, changes);
  ASSERT_THAT(changes.appended["key"], SizeIs(1));
  EXPECT_EQ(changes.appended["key"].begin()->first, changes.replaced["meta"]["scheduledCompactRev"]);
}

TEST(Founding, SafeBumpCoversWhatTheClusterMayHaveWritten) {
  EXPECT_EQ(SafeBump(-5), kLeastBump);
  EXPECT_EQ(SafeBump(3600), kLeastBump);
  EXPECT_EQ(SafeBump(30 * 86400), 30U * 86400 * kFastestCluster);
}

}  // namespace
}  // namespace etcdmedic::restore
