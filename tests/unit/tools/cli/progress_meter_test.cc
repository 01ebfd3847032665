// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_meter.h"

#include <gtest/gtest.h>

namespace etcdmedic::tool {
namespace {

using namespace std::chrono_literals;

TEST(DescribeProgress, SaysHowFarAndHowLong) {
  const auto since = Progress::Clock::time_point(1h);
  EXPECT_EQ(DescribeProgress({nullptr, 0, 0, {}}, since), "working");
  EXPECT_EQ(DescribeProgress({"checking pages", uint64_t{1} << 30, uint64_t{4} << 30, since}, since + 4s),
            "checking pages: 1.0 GiB of 4.0 GiB (25%), 256.0 MiB/s, 12 s left");
  EXPECT_EQ(DescribeProgress({"reading", 2048, 0, since}, since + 2s), "reading: 2.0 KiB, 1.0 KiB/s");
  EXPECT_EQ(DescribeProgress({"reading", 0, 100, since}, since), "reading: 0 B of 100 B (0%)");
  // A second pass may count more than was said.
  EXPECT_EQ(DescribeProgress({"reading", 300, 100, since}, since + 1s), "reading: 300 B, 300 B/s");
}

}  // namespace
}  // namespace etcdmedic::tool
