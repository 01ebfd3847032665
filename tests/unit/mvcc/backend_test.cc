// SPDX-License-Identifier: Apache-2.0
#include "mvcc/backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"

namespace etcdmedic::mvcc {
namespace {

using support::BigEndian64;
using support::KeySpace;
using testing::ElementsAre;
using testing::Pair;

TEST(BackendState, IsWhatTheBucketsSay) {
  KeySpace space;
  space.Put("a", "1").Put("a", "2").Put("a", "3").Compact(2);
  space.Meta("consistent_index", BigEndian64(12))
      .Meta("term", BigEndian64(3))
      .Meta("storageVersion", "3.6.0")
      .Meta("confState", "{}");
  const std::string db = space.Builder()
                             .Add("cluster", "clusterVersion", "3.6.0")
                             .Add("members", "1", "{}")
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
  EXPECT_EQ(state->conf_state_json, "{}");
  EXPECT_EQ(state->storage_version, "3.6.0");
  EXPECT_EQ(state->cluster_version, "3.6.0");
  EXPECT_THAT(state->members, ElementsAre(Pair("1", "{}")));
  EXPECT_THAT(state->removed_members, ElementsAre("2"));
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

}  // namespace
}  // namespace etcdmedic::mvcc
