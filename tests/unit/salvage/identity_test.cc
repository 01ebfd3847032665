// SPDX-License-Identifier: Apache-2.0
#include "salvage/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/wal_builder.h"

namespace etcdmedic::salvage {
namespace {

using support::WalBuilder;
using testing::ElementsAre;

// With these members, by the names of their entries.
DbSource Db(const std::vector<std::string>& members, const std::vector<std::string>& removed = {}) {
  DbSource db;
  for (const std::string& id : members) db.buckets["members"].entries[id] = "{}";
  for (const std::string& id : removed) db.buckets["members_removed"].entries[id] = "removed";
  return db;
}

// Of the node with the number; the CRC of the next segment goes on from `seed`.
WalBuilder Puts(uint64_t node, uint64_t first, uint64_t last, uint32_t seed = 0) {
  WalBuilder log(seed, node);
  for (uint64_t index = first; index <= last; ++index) log.Put(2, index, "k", "v");
  log.State(2, 1, last);
  return log;
}

LogSource Read(const std::vector<std::string>& segments) {
  std::vector<raft::SegmentInput> inputs;
  for (size_t i = 0; i < segments.size(); ++i)
    inputs.push_back({"000000000000000" + std::to_string(i) + "-0000000000000000.wal", AsBytes(segments[i])});
  return ReadLogSource("wal", inputs, 1);
}

TEST(SalvageIdentity, IsToldByMembers) {
  EXPECT_THAT(MembersOf(Db({"7", "1f"}, {"a"})), ElementsAre(7U, 10U, 31U));
  const std::vector<std::string> log{Puts(7, 1, 3).bytes()};
  EXPECT_THAT(MembersOf(Read(log).log), ElementsAre(7U));
}

TEST(SalvageIdentity, IsOneWhereAMemberIsNamedByBoth) {
  const std::vector<std::string> bytes{Puts(7, 1, 3).bytes()};
  const LogSource log = Read(bytes);
  EXPECT_TRUE(MayBeOfOneCluster(Db({"7", "8"}), log.log));
  EXPECT_TRUE(MayBeOfOneCluster(Db({"8"}, {"7"}), log.log)) << "it was removed";
  EXPECT_FALSE(MayBeOfOneCluster(Db({"8"}, {"9"}), log.log));
  EXPECT_TRUE(MayBeOfOneCluster(Db({}), log.log)) << "nothing is known";
}

TEST(SalvageIdentity, PicksTheSegmentsOfTheMemberThatTheDbKnows) {
  const WalBuilder stranger = Puts(9, 1, 5);
  const std::vector<std::string> bytes{stranger.bytes(), Puts(7, 4, 8, 0x1234).bytes()};
  const LogSource mixed = Read(bytes);
  ASSERT_EQ(mixed.log.metadata->node_id, 9U) << "as many segments of either, and this one comes first";
  const auto known = LogOfKnownMember(mixed, Db({"7"}));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->log.metadata->node_id, 7U);
  EXPECT_EQ(known->log.last_index(), 8U);
  EXPECT_FALSE(LogOfKnownMember(mixed, Db({"9"}))) << "the log is its own";
  EXPECT_FALSE(LogOfKnownMember(mixed, Db({"8"}))) << "it knows neither";
}

TEST(SalvageIdentity, DoesNotCallALogWholeWhoseEndIsAnothers) {
  const WalBuilder own = Puts(7, 1, 5);
  const std::vector<std::string> bytes{Puts(9, 1, 3).bytes(), own.bytes(), Puts(9, 4, 8, 0x1234).bytes()};
  EXPECT_FALSE(LogOfKnownMember(Read(bytes), Db({"7"})));
}

}  // namespace
}  // namespace etcdmedic::salvage
