// SPDX-License-Identifier: Apache-2.0
// What the retained revisions are, counted over the axis of revisions in a fixed number of bars.
#pragma once

#include <cstdint>
#include <vector>

namespace etcdmedic::report {

enum class RevisionState : uint8_t {
  kLive,     // the newest of a key that exists
  kHistory,  // followed by a later one of the same key
  kDeleted,  // a deletion
};

struct RevisionBar {
  int64_t first = 0, last = 0;  // main revisions, both included
  uint64_t live = 0, history = 0, deleted = 0;
  uint64_t total() const { return live + history + deleted; }
};

class RevisionHistogram {
 public:
  static constexpr int64_t kMostBars = 120;

  RevisionHistogram() = default;
  // For main revisions from `first` to `last`, 0 <= first <= last.
  RevisionHistogram(int64_t first, int64_t last);

  // One outside is counted in the bar that is nearest to it.
  void Add(int64_t main, RevisionState state);

  const std::vector<RevisionBar>& bars() const { return bars_; }

 private:
  int64_t first_ = 0;
  int64_t width_ = 1;  // revisions a bar
  std::vector<RevisionBar> bars_;
};

}  // namespace etcdmedic::report
