// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include <gtest/gtest.h>

#include <vector>

namespace etcdmedic {
namespace {

TEST(Parallel, MakesNoPartSmallerThanAsked) {
  EXPECT_EQ(PartsOf(0, 10, 4), 1U);
  EXPECT_EQ(PartsOf(9, 10, 4), 1U);
  EXPECT_EQ(PartsOf(25, 10, 4), 2U);
  EXPECT_EQ(PartsOf(1000, 10, 4), 4U);
  EXPECT_EQ(PartsOf(8, 0, 4), 4U);
  EXPECT_GE(PartsOf(1 << 20, 1), 1U) << "as many as there are cores";
}

TEST(Parallel, TouchesEveryThingOnce) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{7}, size_t{1000}}) {
    for (size_t parts = 1; parts <= 5; ++parts) {
      std::vector<int> seen(count);
      std::vector<int> called(parts);
      InParallel(count, parts, [&](size_t part, size_t begin, size_t end) {
        ++called[part];
        for (size_t i = begin; i < end; ++i) ++seen[i];
      });
      EXPECT_EQ(seen, std::vector<int>(count, 1)) << count << " in " << parts;
      EXPECT_EQ(called, std::vector<int>(parts, 1));
    }
  }
}

}  // namespace
}  // namespace etcdmedic
