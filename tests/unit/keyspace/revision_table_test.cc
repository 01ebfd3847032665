// SPDX-License-Identifier: Apache-2.0
#include "keyspace/revision_table.h"

#include <gtest/gtest.h>

namespace etcdmedic::keyspace {
namespace {

void Add(RevisionTable& table, size_t part, int64_t main, int64_t sub, const char* key,
         bool tombstone = false) {
  mvcc::KeyValue kv;
  kv.key = key;
  kv.value = "v";
  kv.create_revision = main;
  kv.version = 1;
  table.Add(part, static_cast<uint64_t>(100 * main + sub), {{main, sub}, tombstone}, AsBytes("stored"), &kv);
}

TEST(RevisionTable, JoinsItsPartsInOrder) {
  RevisionTable table;
  table.Begin(2);
  Add(table, 1, 5, 0, "c");
  Add(table, 1, 7, 0, "d");
  Add(table, 0, 2, 0, "a");
  Add(table, 0, 3, 0, "b");
  Add(table, 0, 3, 1, "b", true);
  table.Seal();
  ASSERT_EQ(table.rows().size(), 5U);
  for (size_t i = 1; i < 5; ++i) EXPECT_LE(table.rows()[i - 1].main, table.rows()[i].main);
  EXPECT_EQ(table.At(3).size(), 2U);
  EXPECT_TRUE(table.At(3)[1].tombstone);
  EXPECT_EQ(table.At(7).size(), 1U);
  EXPECT_EQ(table.At(2).size(), 1U) << "also where one asks backwards";
  EXPECT_TRUE(table.At(4).empty());
  EXPECT_TRUE(table.At(99).empty());
  EXPECT_TRUE(table.At(0).empty());
}

TEST(RevisionTable, KeepsWhatDoesNotParse) {
  RevisionTable table;
  table.Begin(1);
  table.Add(0, 1, {{2, 0}, false}, AsBytes("\xFF"), nullptr);
  table.Seal();
  ASSERT_EQ(table.At(2).size(), 1U);
  EXPECT_TRUE(table.At(2)[0].malformed);
}

}  // namespace
}  // namespace etcdmedic::keyspace
