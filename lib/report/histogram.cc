// SPDX-License-Identifier: Apache-2.0
#include "report/histogram.h"

#include <algorithm>

namespace etcdmedic::report {

RevisionHistogram::RevisionHistogram(int64_t first, int64_t last)
    : first_(first), width_((last - first) / kMostBars + 1) {
  const int64_t bars = (last - first) / width_ + 1;
  for (int64_t i = 0; i < bars; ++i) {
    const int64_t begin = first + i * width_;
    bars_.push_back({begin, begin + std::min(width_ - 1, last - begin)});
  }
}

void RevisionHistogram::Add(int64_t main, RevisionState state) {
  if (bars_.empty()) return;
  const auto last = static_cast<int64_t>(bars_.size()) - 1;
  RevisionBar& bar = bars_[static_cast<size_t>(std::clamp<int64_t>((main - first_) / width_, 0, last))];
  uint64_t RevisionBar::*const counts[] = {&RevisionBar::live, &RevisionBar::history, &RevisionBar::deleted};
  ++(bar.*counts[static_cast<size_t>(state)]);
}

}  // namespace etcdmedic::report
