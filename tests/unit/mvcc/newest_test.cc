// SPDX-License-Identifier: Apache-2.0
#include "mvcc/newest.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "mvcc/key_value.h"
#include "support/opened_table.h"

namespace etcdmedic::mvcc {
namespace {

using support::LargeStore;
using support::OpenedTable;

TEST(FindNewest, FindsTheLastChangeOfEveryKey) {
  const OpenedTable large(LargeStore());
  const NewestOfKeys all = FindNewest(large.table, INT64_MAX);
  EXPECT_EQ(all.keys, 5000U);
  EXPECT_EQ(all.live, 4900U);
  const NewestOfKeys early = FindNewest(large.table, 3);
  EXPECT_EQ(early.keys, 2U) << "revisions 2 and 3";
  std::map<std::string, uint32_t> last;
  for (uint32_t i = 0; i < large.table.size(); ++i) {
    KeyValue kv;
    ASSERT_TRUE(ParseKeyValue(large.table.ValueAt(i), kv));
    last[std::string(kv.key)] = i;
  }
  size_t marked = 0;
  for (uint32_t i = 0; i < large.table.size(); ++i) marked += all.newest[i];
  EXPECT_EQ(marked, last.size());
  for (const auto& [key, number] : last) EXPECT_TRUE(all.newest[number]) << key;
}

TEST(HashOfKey, IsNeverThatOfNoKey) {
  EXPECT_NE(HashOfKey(""), KeyHash{});
  EXPECT_EQ(HashOfKey("a"), HashOfKey("a"));
  EXPECT_NE(HashOfKey("a"), HashOfKey(std::string("a\0", 2)));
  EXPECT_NE(HashOfKey("aaaaaaaab"), HashOfKey("aaaaaaaac"));
}

}  // namespace
}  // namespace etcdmedic::mvcc
