// SPDX-License-Identifier: Apache-2.0
#include "replay/cluster_state.h"

#include <gtest/gtest.h>

#include "support/protobuf_text.h"

namespace etcdmedic::replay {
namespace {

TEST(ClusterState, BeginsWithWhatTheBackendHolds) {
  mvcc::BackendState backend;
  backend.membership.members.push_back({.id = 1, .name = "m1", .peer_urls = {"http://a"}, .client_urls = {}});
  backend.membership.removed = {2};
  backend.alarms.push_back({.member_id = 1, .type = mvcc::AlarmType::kNoSpace});
  ClusterState cluster(backend);
  EXPECT_TRUE(cluster.HasAlarm(mvcc::AlarmType::kNoSpace));
  EXPECT_FALSE(cluster.HasAlarm(mvcc::AlarmType::kCorrupt));
  EXPECT_FALSE(cluster.changed().members);
  raft::ConfChange back{.type = raft::ConfChangeType::kAddNode, .node_id = 2, .name = {}, .peer_urls = {}};
  EXPECT_FALSE(cluster.Apply(back)) << "a removed member does not come back";
  back.node_id = 3;
  EXPECT_TRUE(cluster.Apply(back));
  EXPECT_TRUE(cluster.changed().members);
}

TEST(ClusterState, AlarmsAreRaisedOnceAndClearedOneByOne) {
  ClusterState cluster;
  cluster.RaiseAlarm(1, mvcc::AlarmType::kNone);
  EXPECT_FALSE(cluster.changed().alarms);
  cluster.RaiseAlarm(1, mvcc::AlarmType::kNoSpace);
  cluster.RaiseAlarm(2, mvcc::AlarmType::kNoSpace);
  cluster.ClearAlarm(1, mvcc::AlarmType::kNoSpace);
  EXPECT_TRUE(cluster.HasAlarm(mvcc::AlarmType::kNoSpace));
  cluster.ClearAlarm(2, mvcc::AlarmType::kNoSpace);
  EXPECT_TRUE(cluster.alarms().empty());
}

TEST(ClusterState, EncodesAlarmsAsKeys) {
  EXPECT_EQ(EncodeAlarm(300, mvcc::AlarmType::kCorrupt), test::Number(1, 300) + test::Number(2, 2));
  EXPECT_EQ(EncodeAlarm(0, mvcc::AlarmType::kNoSpace), test::Number(2, 1));
}

TEST(ClusterState, DocumentsAreGos) {
  EXPECT_EQ(ClusterState::Document(
                {.id = 5, .name = "a<b", .peer_urls = {}, .client_urls = {}, .is_learner = true}),
            R"({"id":5,"peerURLs":[],"isLearner":true,"name":"a\u003cb"})");
}

}  // namespace
}  // namespace etcdmedic::replay
