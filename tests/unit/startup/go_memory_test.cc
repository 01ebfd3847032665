// SPDX-License-Identifier: Apache-2.0
#include "startup/go_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace etcdmedic::startup {
namespace {

using testing::HasSubstr;

// 5000 bytes: two pages of memory, the second with zeros after the file's end.
struct Memory {
  std::string bytes = std::string(4090, 'a') + std::string(910, 'b');
  GoMemory memory{AsBytes(bytes)};
};

TEST(GoMemory, ReadsZerosUpToTheEndOfTheLastPageOfMemory) {
  const Memory m;
  uint32_t value = 0;
  EXPECT_FALSE(m.memory.Load(0, value));
  EXPECT_EQ(value, 0x61616161U);
  EXPECT_FALSE(m.memory.Load(4998, value));
  EXPECT_EQ(value, 0x6262U) << "two bytes of the file, then zeros";
  EXPECT_FALSE(m.memory.Load(8188, value));
  EXPECT_EQ(value, 0U);
  EXPECT_TRUE(m.memory.Load(8189, value)) << "one byte beyond";
  EXPECT_THAT(m.memory.Load(8192, value)->message, HasSubstr("unexpected fault address"));
  EXPECT_TRUE(m.memory.Load(UINT64_MAX, value));
}

TEST(GoMemory, ChecksAPagesOffsetAsGoDoes) {
  const Memory m;
  uint64_t at = 0;
  EXPECT_FALSE(m.memory.PageAt(3, 4096, at));
  EXPECT_EQ(at, 3U * 4096);
  const auto fault = m.memory.PageAt(uint64_t{1} << 40, 4096, at);
  ASSERT_TRUE(fault);
  EXPECT_TRUE(fault->slice);
  EXPECT_THAT(fault->message, HasSubstr("index out of range [4503599627370496] with length 281474976710655"));
  EXPECT_FALSE(m.memory.PageAt(uint64_t{1} << 52, 4096, at)) << "the product wraps to 0";
  EXPECT_EQ(at, 0U);
}

TEST(GoMemory, BoundsASliceAndNotItsBytes) {
  GoSlice slice;
  EXPECT_FALSE(GoMemory::Slice(100, 20, 8, slice));
  EXPECT_EQ(slice.at, 120U);
  EXPECT_FALSE(slice.null);
  EXPECT_FALSE(GoMemory::Slice(0, 0x7FFFFFFE, 1, slice)) << "the last one that fits";
  const auto fault = GoMemory::Slice(0, 0x7FFFFFFF, 1, slice);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->message, "runtime error: slice bounds out of range [::2147483648] with length 2147483647");
}

TEST(GoMemory, ComparesUpToTheFirstDifferenceOnly) {
  const Memory m;
  int order = 7;
  const GoSlice a{0, 4, false}, b{4090, 4, false}, longer{0, 5, false}, outside{10000, 4, false},
      none{0, 0, false};
  EXPECT_FALSE(m.memory.Compare(a, b, order));
  EXPECT_LT(order, 0);
  EXPECT_FALSE(m.memory.Compare(b, a, order));
  EXPECT_GT(order, 0);
  EXPECT_FALSE(m.memory.Compare(a, longer, order));
  EXPECT_EQ(order, -1);
  EXPECT_FALSE(m.memory.Compare(longer, a, order));
  EXPECT_EQ(order, 1);
  EXPECT_FALSE(m.memory.Compare(a, a, order));
  EXPECT_EQ(order, 0);
  EXPECT_FALSE(m.memory.Compare(none, outside, order)) << "nothing is read of either";
  EXPECT_EQ(order, -1);
  EXPECT_TRUE(m.memory.Compare(a, outside, order));
  const GoSlice over_end{4998, 10, false};
  EXPECT_FALSE(m.memory.Compare(a, over_end, order)) << "they differ in the first byte";
}

TEST(GoMemory, TouchesOnlyWhatHasBytes) {
  const Memory m;
  EXPECT_FALSE(m.memory.Touch({99999, 0, false}));
  EXPECT_FALSE(m.memory.Touch({0, 8192, false}));
  EXPECT_TRUE(m.memory.Touch({0, 8193, false}));
  EXPECT_TRUE(m.memory.Touch({9000, 1, false}));
  EXPECT_EQ(GoMemory::Head({5, 9, false}).size, 1U);
  EXPECT_EQ(GoMemory::Head({5, 0, false}).size, 0U);
  EXPECT_EQ(AsText(m.memory.Shown({4999, 100, false})), "b");
  EXPECT_TRUE(m.memory.Shown({99999, 100, false}).empty());
}

}  // namespace
}  // namespace etcdmedic::startup
