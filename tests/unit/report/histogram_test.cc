// SPDX-License-Identifier: Apache-2.0
#include "report/histogram.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace etcdmedic::report {
namespace {

TEST(Histogram, HasABarForEachRevisionOfAFew) {
  RevisionHistogram histogram(2, 5);
  histogram.Add(2, RevisionState::kHistory);
  histogram.Add(5, RevisionState::kLive);
  histogram.Add(5, RevisionState::kLive);
  histogram.Add(4, RevisionState::kDeleted);
  ASSERT_EQ(histogram.bars().size(), 4U);
  EXPECT_EQ(histogram.bars()[0].history, 1U);
  EXPECT_EQ(histogram.bars()[2].deleted, 1U);
  EXPECT_EQ(histogram.bars()[3].live, 2U);
  EXPECT_EQ(histogram.bars()[3].total(), 2U);
}

TEST(Histogram, CoversAnyRangeWithoutAGap) {
  for (const int64_t last : {int64_t{1}, int64_t{119}, int64_t{120}, int64_t{121}, int64_t{100'000},
                             std::numeric_limits<int64_t>::max()}) {
    const RevisionHistogram histogram(1, last);
    ASSERT_LE(histogram.bars().size(), 120U) << last;
    EXPECT_EQ(histogram.bars().front().first, 1);
    EXPECT_EQ(histogram.bars().back().last, last);
    for (size_t i = 1; i < histogram.bars().size(); ++i)
      EXPECT_EQ(histogram.bars()[i].first, histogram.bars()[i - 1].last + 1) << last;
  }
}

TEST(Histogram, PutsEachRevisionIntoItsBar) {
  RevisionHistogram histogram(1, 1000);
  for (int64_t main = 1; main <= 1000; ++main) histogram.Add(main, RevisionState::kLive);
  for (const RevisionBar& bar : histogram.bars())
    EXPECT_EQ(bar.live, static_cast<uint64_t>(bar.last - bar.first + 1)) << bar.first;
}

TEST(Histogram, CountsWhatIsOutsideAtTheNearestEnd) {
  RevisionHistogram histogram(10, 20);
  histogram.Add(1, RevisionState::kLive);
  histogram.Add(99, RevisionState::kLive);
  EXPECT_EQ(histogram.bars().front().live, 1U);
  EXPECT_EQ(histogram.bars().back().live, 1U);
  RevisionHistogram nothing;
  nothing.Add(1, RevisionState::kLive);
  EXPECT_TRUE(nothing.bars().empty());
}

}  // namespace
}  // namespace etcdmedic::report
