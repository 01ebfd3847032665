// SPDX-License-Identifier: Apache-2.0
#include "keyspace/record_sum.h"

#include <gtest/gtest.h>

#include <set>

namespace etcdmedic::keyspace {
namespace {

TEST(RecordSum, TellsRecordsApart) {
  const auto put = [](const char* key, const char* value, int64_t lease) {
    return SumOfPut(AsBytes(key), AsBytes(value), lease);
  };
  EXPECT_EQ(put("a", "b", 0), put("a", "b", 0));
  EXPECT_NE(put("a", "b", 0), put("a", "b", 1));
  EXPECT_NE(put("a", "bc", 0), put("ab", "c", 0));
  EXPECT_NE(SumOfTombstone(AsBytes("a")), put("a", "", 0));
  EXPECT_NE(SumOfHistory(1, 2), SumOfHistory(2, 1));
}

// One number differs in one bit: another sum.
TEST(RecordSum, DependsOnEveryBitOfANumber) {
  std::set<uint32_t> leases, histories;
  for (int bit = 0; bit < 63; ++bit) {
    leases.insert(SumOfPut(AsBytes("k"), AsBytes("v"), int64_t{1} << bit));
    histories.insert(SumOfHistory(int64_t{1} << bit, 1));
    histories.insert(SumOfHistory(1, int64_t{1} << bit));
  }
  EXPECT_EQ(leases.size(), 63U);
  EXPECT_EQ(histories.size(), 125U) << "1, 1 counts once";
}

}  // namespace
}  // namespace etcdmedic::keyspace
