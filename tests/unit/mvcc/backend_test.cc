// SPDX-License-Identifier: Apache-2.0
#include "mvcc/backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"
#include "support/protobuf_text.h"

namespace etcdmedic::mvcc {
namespace {

using diag::Code;
using support::BigEndian64;
using support::DbBuilder;
using support::KeySpace;
using support::OpenedStore;
using test::Number;
using testing::ElementsAre;

TEST(BackendState, IsWhatTheBucketsSay) {
  KeySpace space;
  space.Put("a", "1").Put("a", "2").Put("a", "3").Compact(2);
  space.Meta("consistent_index", BigEndian64(12))
      .Meta("term", BigEndian64(3))
      .Meta("storageVersion", "3.6.0")
      .Meta("confState", R"({"voters":[1]})");
  const std::string db = space.Builder()
                             .Add("cluster", "clusterVersion", "3.6.0")
                             .Add("members", "1", "[]")
                             .Add("members_removed", "2", "")
                             .Build();
  diag::FindingList found;
  const auto state = ReadBackendState(AsBytes(db), "db", found);
  ASSERT_TRUE(state);
  EXPECT_TRUE(found.items.empty());
  EXPECT_EQ(state->txid, 4U);
  EXPECT_EQ(state->page_size, 4096U);
  EXPECT_EQ(state->consistent_index, 12U);
  EXPECT_EQ(state->term, 3U);
  ASSERT_TRUE(state->conf_state);
  EXPECT_THAT(state->conf_state->voters, ElementsAre(1U));
  EXPECT_EQ(state->storage_version, "3.6.0");
  EXPECT_EQ(state->membership.cluster_version, "3.6.0");
  EXPECT_TRUE(state->membership.Names(1));
  EXPECT_THAT(state->membership.incomplete, ElementsAre(1U));
  EXPECT_THAT(state->membership.removed, ElementsAre(2U));
  EXPECT_EQ(state->revision, 4);
  EXPECT_EQ(state->compact_revision, 2);
}

TEST(BackendState, LeavesOutWhatIsNotThere) {
  const std::string db = KeySpace().Meta("consistent_index", "short").Meta("finishedCompactRev", "x").Build();
  diag::FindingList found;
  const auto state = ReadBackendState(AsBytes(db), "db", found);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->consistent_index, std::nullopt);
  EXPECT_EQ(state->term, std::nullopt);
  EXPECT_EQ(state->revision, std::nullopt);
  EXPECT_EQ(state->compact_revision, std::nullopt);
  EXPECT_EQ(state->storage_version, "");
}

TEST(BackendState, IsNothingWithoutAMeta) {
  diag::FindingList found;
  const std::string zeros(8192, '\0');
  EXPECT_FALSE(ReadBackendState(AsBytes(zeros), "db", found));
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].code, diag::Code::kDbUnreadable);
}

constexpr const char* kMember =
    R"({"id":10501334649042878790,"peerURLs":["http://a:2380"],"name":"m1","clientURLs":["http://a:2379"]})";

TEST(BackendMembers, ReadsMembersAlarmsAndVersions) {
  OpenedStore opened(
      DbBuilder()
          .Add("alarm", Number(1, 7) + Number(2, 1), "")
          .Add("cluster", "clusterVersion", "3.6.0")
          .Add("cluster", "downgrade", R"({"target-version":"3.5.0","enabled":true})")
          .Add("members", "2", R"({"id":2,"isLearner":true})")
          .Add("members", "91bc3c398fb3c146", kMember)
          .Add("members_removed", "1f", "removed")
          .Add("meta", "confState", R"({"voters":[10501334649042878790],"learners":[2],"auto_leave":false})")
          .Build());
  const BackendState read = ReadBackendState(*opened.store, opened.found);
  EXPECT_TRUE(opened.found.items.empty());
  ASSERT_EQ(read.membership.members.size(), 2U);
  EXPECT_TRUE(read.membership.members[0].is_learner);
  EXPECT_EQ(read.membership.members[1].id, 0x91bc3c398fb3c146U);
  EXPECT_EQ(read.membership.members[1].name, "m1");
  EXPECT_THAT(read.membership.members[1].peer_urls, ElementsAre("http://a:2380"));
  EXPECT_THAT(read.membership.members[1].client_urls, ElementsAre("http://a:2379"));
  EXPECT_THAT(read.membership.removed, ElementsAre(0x1fU));
  ASSERT_EQ(read.alarms.size(), 1U);
  EXPECT_EQ(read.alarms[0].member_id, 7U);
  EXPECT_EQ(read.alarms[0].type, AlarmType::kNoSpace);
  EXPECT_EQ(read.membership.cluster_version, "3.6.0");
  EXPECT_EQ(read.downgrade_target, "3.5.0");
  ASSERT_TRUE(read.conf_state);
  EXPECT_THAT(read.conf_state->voters, ElementsAre(0x91bc3c398fb3c146U));
  EXPECT_THAT(read.conf_state->learners, ElementsAre(2U));
}

TEST(BackendMembers, KnowsThatADowngradeIsOver) {
  OpenedStore opened(DbBuilder()
                         .Add("cluster", "downgrade", R"({"target-version":"3.5.0","enabled":false})")
                         .Bucket("key")
                         .Build());
  EXPECT_EQ(ReadBackendState(*opened.store, opened.found).downgrade_target, "");
}

TEST(BackendMembers, ReportsEntriesThatAreNotWhatTheyShouldBe) {
  struct Row {
    const char* bucket;
    std::string key, value;
    Code code;
  };
  const Row rows[] = {
      {"members", "zz", R"({"id":1})", Code::kMvccMember},
      {"members", "1", R"({"id":2})", Code::kMvccMember},
      {"members", "1", R"({"id":"1"})", Code::kMvccMember},
      {"members", "1", R"({"id":1)", Code::kMvccMember},
      {"members", "1", "[]", Code::kMvccMember},
      {"members", "1", std::string(100000, '['), Code::kMvccMember},
      {"members_removed", "x", "removed", Code::kMvccMember},
      {"alarm", "\xFF", "", Code::kMvccAlarm},
      {"alarm", "\x0A\x01x", "", Code::kMvccAlarm},
      {"meta", "confState", "{", Code::kMvccMember},
  };
  for (const Row& row : rows) {
    OpenedStore opened(DbBuilder().Bucket("key").Add(row.bucket, row.key, row.value).Build());
    const BackendState read = ReadBackendState(*opened.store, opened.found);
    ASSERT_EQ(opened.found.items.size(), 1U)
        << row.bucket << " " << row.key << " " << row.value.substr(0, 30);
    EXPECT_EQ(opened.found.items[0].code, row.code);
    EXPECT_EQ(opened.found.items[0].length, row.key.size() + row.value.size());
    EXPECT_TRUE(read.membership.members.empty() && read.membership.removed.empty() && read.alarms.empty());
  }
}

TEST(BackendMembers, ReportsAMemberCutAtAnyLength) {
  const std::string whole = kMember;
  for (size_t length = 0; length < whole.size(); ++length) {
    OpenedStore opened(
        DbBuilder().Bucket("key").Add("members", "91bc3c398fb3c146", whole.substr(0, length)).Build());
    EXPECT_TRUE(ReadBackendState(*opened.store, opened.found).membership.members.empty());
    EXPECT_EQ(opened.found.items.size(), 1U) << length;
  }
}

TEST(AlarmType, HasNames) {
  EXPECT_EQ(NameOf(AlarmType::kNoSpace), "NOSPACE");
  EXPECT_EQ(NameOf(AlarmType::kCorrupt), "CORRUPT");
  EXPECT_EQ(NameOf(static_cast<AlarmType>(77)), "UNKNOWN");
}

}  // namespace
}  // namespace etcdmedic::mvcc
