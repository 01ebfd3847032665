// SPDX-License-Identifier: Apache-2.0
#include "replay/key_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"

namespace etcdmedic::replay {
namespace {

using testing::ElementsAre;

std::vector<std::string> KeysIn(const KeySpace& keys, std::string_view key, std::string_view end) {
  std::vector<std::string> found;
  const auto [first, last] = keys.Range(key, end);
  for (auto each = first; each != last; ++each) found.emplace_back(each->first);
  return found;
}

KeySpace With(std::initializer_list<std::string_view> names) {
  KeySpace keys;
  for (const std::string_view name : names) {
    keys.Begin();
    keys.Put(name, "v", 0);
    keys.End();
  }
  return keys;
}

TEST(KeySpace, CountsRevisionsAndVersionsAsEtcdDoes) {
  KeySpace keys;
  EXPECT_EQ(keys.revision(), 1);
  keys.Begin();
  keys.Put("a", "1", 0);
  keys.Put("a", "2", 0);
  keys.Put("b", "3", 0);
  EXPECT_EQ(keys.End(), 2);
  EXPECT_EQ(keys.Find("a")->version, 2);
  EXPECT_EQ(keys.Find("a")->create_revision, 2);
  EXPECT_EQ(keys.records()[2].revision, (mvcc::Revision{2, 2}));
  keys.Begin();
  keys.Delete("a");
  keys.Put("a", "again", 0);
  EXPECT_EQ(keys.End(), 3);
  EXPECT_EQ(keys.Find("a")->create_revision, 3);
  EXPECT_EQ(keys.Find("a")->version, 1);
}

TEST(KeySpace, ATransactionWithoutAChangeTakesNoRevision) {
  KeySpace keys = With({"a"});
  keys.Begin();
  keys.DeleteRange("x", "z");
  EXPECT_EQ(keys.End(), 0);
  EXPECT_EQ(keys.revision(), 2);
}

TEST(KeySpace, RangesAreThoseOfRequests) {
  const KeySpace keys = With({"a", "b", "c", "d"});
  EXPECT_THAT(KeysIn(keys, "b", ""), ElementsAre("b"));
  EXPECT_TRUE(KeysIn(keys, "bb", "").empty());
  EXPECT_THAT(KeysIn(keys, "b", "d"), ElementsAre("b", "c"));
  EXPECT_THAT(KeysIn(keys, "c", std::string_view("\0", 1)), ElementsAre("c", "d"));
  EXPECT_TRUE(KeysIn(keys, "c", "b").empty()) << "an end before the key matches nothing";
  EXPECT_TRUE(KeysIn(keys, "c", "c").empty());
}

TEST(KeySpace, DeletesARangeInTheOrderOfKeys) {
  KeySpace keys = With({"b", "a", "c"});
  keys.Begin();
  keys.DeleteRange("a", "c");
  EXPECT_EQ(keys.End(), 5);
  EXPECT_EQ(keys.records()[3].kv.key, "a");
  EXPECT_EQ(keys.records()[4].kv.key, "b");
  EXPECT_TRUE(keys.records()[4].tombstone);
  EXPECT_THAT(KeysIn(keys, "a", std::string_view("\0", 1)), ElementsAre("c"));
}

TEST(KeySpace, FollowsLeases) {
  KeySpace keys;
  keys.leases().Grant(7, 60);
  keys.Begin();
  keys.Put("a", "v", 7);
  keys.End();
  EXPECT_THAT(keys.leases().Find(7)->keys, ElementsAre("a"));
  keys.Begin();
  keys.Put("a", "v", 0);
  keys.End();
  EXPECT_TRUE(keys.leases().Find(7)->keys.empty());
}

TEST(KeySpace, RefusesCompactionsThatEtcdRefuses) {
  KeySpace keys = With({"a", "b"});
  EXPECT_FALSE(keys.Compact(4)) << "in the future";
  EXPECT_TRUE(keys.Compact(2));
  EXPECT_FALSE(keys.Compact(2)) << "done before";
  EXPECT_TRUE(keys.Compact(3));
  EXPECT_EQ(keys.compacted(), 3);
}

TEST(KeySpace, EncodesRecordsAsEtcdStoresThem) {
  const Record put{{5, 1}, false, {"key", "value", 3, 5, 2, -1}};
  EXPECT_EQ(EncodeValue(put), support::KeySpace::Message("key", {"value", 3, 5, 2, -1}));
  EXPECT_EQ(EncodeKey(put), support::BigEndian64(5) + "_" + support::BigEndian64(1));
  const Record gone{{6, 0}, true, {"key", "", 0, 0, 0, 0}};
  EXPECT_EQ(EncodeValue(gone), support::KeySpace::Text(1, "key"));
  EXPECT_EQ(EncodeKey(gone), support::BigEndian64(6) + "_" + support::BigEndian64(0) + "t");
}

}  // namespace
}  // namespace etcdmedic::replay
