// SPDX-License-Identifier: Apache-2.0
#include "replay/entries.h"

#include <algorithm>

namespace etcdmedic::replay {

std::vector<LogEntry> EntryList::Between(const raft::Log& log, uint64_t after, uint64_t last) const {
  std::vector<LogEntry> found;
  if (empty()) return found;
  uint64_t next = after + 1;
  for (const raft::Run& run : log.surviving) {
    if (run.last < next) continue;
    if (run.first > next || next > last) break;
    const std::vector<LogEntry>& segment = segments_[run.segment];
    auto entry = std::ranges::lower_bound(segment, run.first_offset, {}, &LogEntry::offset);
    for (; entry != segment.end() && entry->index <= std::min(run.last, last); ++entry) {
      if (entry->index != next) continue;
      found.push_back(*entry);
      ++next;
    }
  }
  return found;
}

}  // namespace etcdmedic::replay
