// SPDX-License-Identifier: Apache-2.0
#include "startup/sound_log.h"

#include <algorithm>

namespace etcdmedic::startup {
namespace {

// The lowest limit that any release puts on a frame is 10 MiB.
constexpr uint64_t kFrameLimit = uint64_t{10} << 20;

bool IsSound(const raft::Segment& segment) {
  const bool only_zeros = std::ranges::all_of(
      segment.slack, [](const raft::SlackSpan& slack) { return slack.kind == wal::Slack::kZeroTail; });
  return segment.damages.empty() && segment.anomalies.empty() && only_zeros && segment.chain.first_crc &&
         segment.chain.end_proven && segment.largest_frame < kFrameLimit &&
         segment.record_count[static_cast<size_t>(wal::RecordType::kMetadata)] == 1;
}

}  // namespace

bool ReadsToCleanEnd(const std::vector<const raft::Segment*>& segments) {
  for (size_t i = 0; i < segments.size(); ++i) {
    if (!IsSound(*segments[i])) return false;
    if (i == 0) continue;
    const raft::Segment& before = *segments[i - 1];
    if (*segments[i]->chain.first_crc != before.chain.end_crc ||
        segments[i]->metadata_bytes != before.metadata_bytes) {
      return false;
    }
  }
  return !segments.empty();
}

EntriesAfter FindEntriesAfter(const std::vector<const raft::Segment*>& segments, uint64_t index) {
  EntriesAfter found;
  for (const raft::Segment* segment : segments) {
    for (const raft::Run& run : segment->runs) {
      if (run.last <= index) continue;
      const uint64_t first = std::max(run.first, index + 1);
      const uint64_t due = found.last == 0 ? index + 1 : found.last + 1;
      if (first > due) found.gap = true;
      if (found.first == 0) found.first = first;
      found.last = run.last;
    }
  }
  return found;
}

}  // namespace etcdmedic::startup
