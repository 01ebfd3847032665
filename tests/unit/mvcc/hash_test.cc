// SPDX-License-Identifier: Apache-2.0
#include "mvcc/hash.h"

#include <gtest/gtest.h>

#include "mvcc/newest.h"
#include "support/key_space.h"
#include "support/wal_builder.h"

namespace etcdmedic::mvcc {
namespace {

using support::KeySpace;

struct Opened {
  explicit Opened(std::string bytes) : db(std::move(bytes)) {
    auto result = Store::Open(AsBytes(db), "db", found);
    if (result) store.emplace(std::move(*result));
  }
  uint32_t Hash(int64_t revision, const HashRules& rules = {}) const {
    const auto hash = HashKvAt(*store, revision, rules);
    EXPECT_TRUE(hash) << hash.error().what;
    return hash ? hash->hash : 0;
  }
  std::string db;
  diag::FindingList found;
  std::optional<Store> store;
};

uint32_t SlowHash(const std::string& text) { return support::SlowCrc32c(text, 0); }

std::string EntriesOf(KeySpace& space, const std::vector<size_t>& chosen) {
  const auto entries = space.Builder().Entries("key");
  std::string all;
  for (const size_t i : chosen) all += entries[i].first + entries[i].second;
  return all;
}

TEST(HashKv, CoversEveryEntryOfAStoreNeverCompacted) {
  KeySpace space;
  space.Put("a", "1").Put("a", "2").Delete("a").Put("b", "3");
  const Opened opened(space.Build());
  EXPECT_EQ(opened.Hash(0), SlowHash("key" + EntriesOf(space, {0, 1, 2, 3})));
  EXPECT_EQ(opened.Hash(3), SlowHash("key" + EntriesOf(space, {0, 1})));
}

TEST(HashKv, LeavesOutWhatTheRequestedRevisionSupersedes) {
  KeySpace space;
  space.Put("a", "1").Put("b", "2").Put("c", "3").Compact(4).Put("a", "4").Delete("b");
  const Opened opened(space.Build());
  EXPECT_EQ(opened.Hash(4), SlowHash("key" + EntriesOf(space, {0, 1, 2})));
  EXPECT_EQ(opened.Hash(5), SlowHash("key" + EntriesOf(space, {1, 2, 3})))
      << "a of revision 2 is superseded at 5";
  EXPECT_EQ(opened.Hash(6), SlowHash("key" + EntriesOf(space, {2, 3, 4})))
      << "b of revision 3 is deleted at 6";
}

TEST(HashKv, IsTheSameBeforeAndAfterTheCompactionHasRun) {
  const auto hash = [](bool finish) {
    KeySpace space;
    space.Put("a", "1").Put("a", "2").Put("b", "3").Delete("b").Put("c", "4").Compact(5, finish);
    return Opened(space.Build()).Hash(0);
  };
  EXPECT_EQ(hash(false), hash(true));
}

TEST(HashKv, KnowsHowReleasesTreatATombstoneAtTheCompactedRevision) {
  KeySpace space;
  space.Put("a", "1").Put("b", "2").Delete("a").Compact(4);
  const Opened opened(space.Build());
  ASSERT_EQ(space.Builder().Entries("key").size(), 2U) << "the tombstone is kept";
  const uint32_t only_b = SlowHash("key" + EntriesOf(space, {0}));
  EXPECT_EQ(opened.Hash(0, HashRulesOf(3, 6, {})), only_b);
  EXPECT_EQ(opened.Hash(0, HashRulesOf(3, 4, 23)), only_b) << "no keep set has a tombstone";
}

TEST(HashKv, HashesAllWhereNothingIsKept) {
  KeySpace space;
  space.Put("a", "1").Delete("a").Compact(3, false);
  const Opened opened(space.Build());
  EXPECT_EQ(opened.Hash(0, HashRulesOf(3, 5, 15)), SlowHash("key" + EntriesOf(space, {0, 1})));
  EXPECT_EQ(opened.Hash(0, HashRulesOf(3, 5, 16)), SlowHash("key" + EntriesOf(space, {0})));
}

TEST(HashKv, DropsAKeyThatTheRevisionDeletesAndPutsAgain) {
  KeySpace space;
  space.Put("a", "1").Put("b", "2").Begin().Delete("a").Put("a", "3").End().Compact(4, false);
  const Opened opened(space.Build());
  EXPECT_EQ(opened.Hash(4, HashRulesOf(3, 6, {})), SlowHash("key" + EntriesOf(space, {1})));
  EXPECT_EQ(opened.Hash(4, HashRulesOf(3, 5, 15)), SlowHash("key" + EntriesOf(space, {1, 3})));
}

TEST(HashKv, RefusesWhatAServerRefuses) {
  KeySpace space;
  space.Put("a", "1").Put("a", "2").Put("a", "3").Compact(3);
  const Opened opened(space.Build());
  EXPECT_FALSE(HashKvAt(*opened.store, 2));
  EXPECT_FALSE(HashKvAt(*opened.store, 5));
  EXPECT_TRUE(HashKvAt(*opened.store, 3));
  EXPECT_FALSE(HashKvAt(*opened.store, 3, HashRulesOf(3, 5, 9)));
  EXPECT_TRUE(HashKvAt(*opened.store, 3, HashRulesOf(3, 5, 10)));
}

TEST(HashOfAll, LeavesOutWhatEachReleaseDoes) {
  KeySpace space;
  space.Put("a", "1").Meta("consistent_index", support::BigEndian64(5)).Meta("term", support::BigEndian64(2));
  space.Meta("storageVersion", "3.6.0");
  const Opened opened(space.Build());
  const std::string head =
      "alarmauthauthRolesauthUsersclusterkey" + EntriesOf(space, {0}) + "leasemembersmembers_removedmeta";
  const std::string version = "storageVersion3.6.0", term = "term" + support::BigEndian64(2);
  const std::string index = "consistent_index" + support::BigEndian64(5);
  const auto hash = [&](HashSkips skips) { return HashOfAll(*opened.store, skips)->hash; };
  EXPECT_EQ(hash(HashSkips::kNothing), SlowHash(head + index + version + term));
  EXPECT_EQ(hash(HashSkips::kAs34), SlowHash(head + version + term));
  EXPECT_EQ(hash(HashSkips::kAs35), SlowHash(head + version));
  EXPECT_EQ(hash(HashSkips::kAs36), SlowHash(head));
  EXPECT_EQ(HashOfAll(*opened.store, HashSkips::kNothing)->entries, 4U);
}

TEST(HashKv, IsTheSameInOneThreadAndInMany) {
  KeySpace space(false);
  for (int i = 0; i < 20000; ++i) space.Put("/k/" + std::to_string(i * 7919 % 3000), std::to_string(i));
  space.Compact(9000, false);
  const auto entries = space.Builder().Entries("key");
  ASSERT_EQ(entries.size(), 20000U);
  std::string all = "key";
  for (size_t i = 8999; i < entries.size(); ++i) all += entries[i].first + entries[i].second;
  const Opened opened(space.Build());
  EXPECT_EQ(opened.Hash(0), SlowHash(all)) << "each key has a revision above the compacted one";
  const auto table = EntryTable::Read(opened.store->view(), "key");
  const NewestOfKeys newest = FindNewest(*table, 20001);
  EXPECT_EQ(newest.keys, 3000U);
  EXPECT_EQ(newest.live, 3000U);
}

}  // namespace
}  // namespace etcdmedic::mvcc
