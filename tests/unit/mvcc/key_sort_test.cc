// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_sort.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "mvcc/key_value.h"
#include "support/opened_table.h"

namespace etcdmedic::mvcc {
namespace {

using support::LargeStore;
using support::OpenedTable;

TEST(SortByKey, IsStableAndMarksNewKeys) {
  const OpenedTable large(LargeStore());
  std::vector<uint32_t> numbers(large.table.size());
  for (uint32_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
  const std::vector<bool> first = SortByKey(numbers, large.table);
  std::string before;
  uint32_t keys = 0;
  for (size_t i = 0; i < numbers.size(); ++i) {
    KeyValue kv;
    ASSERT_TRUE(ParseKeyValue(large.table.ValueAt(numbers[i]), kv));
    ASSERT_LE(before, kv.key) << i;
    ASSERT_EQ(first[i], i == 0 || before != kv.key) << i;
    if (!first[i]) {
      ASSERT_LT(numbers[i - 1], numbers[i]);
    }
    keys += first[i];
    before = kv.key;
  }
  EXPECT_EQ(keys, 5000U);
}

}  // namespace
}  // namespace etcdmedic::mvcc
