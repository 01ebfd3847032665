// SPDX-License-Identifier: Apache-2.0
#include "check/overwritten.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "check/log_rules.h"
#include "wal/frame.h"

namespace etcdmedic::check {
namespace {

using diag::Code;

constexpr size_t kMostCompared = 10'000;  // entries; enough to see that two histories differ

// Calls each(entry) for the entries of a segment from the frame at `offset` on, until it gives false or a
// frame does not parse. Whether it came to an end that `each` chose.
template <class Each>
bool ForEachEntry(Bytes segment, uint64_t offset, const Each& each) {
  wal::Frame frame;
  while (ReadFrame(segment, offset, frame) == wal::FrameFault::kNone) {
    wal::Record record;
    raft::Entry entry;
    if (!ParseRecord(frame, record)) return false;
    if (record.type == wal::RecordType::kEntry) {
      if (!ParseEntry(record.data, entry)) return false;
      if (!each(entry)) return true;
    }
    offset = frame.end();
  }
  return false;
}

// Whether an entry that is there twice is not the same both times.
bool Differ(const raft::Log& log, const raft::Overwritten& lost) {
  std::map<uint64_t, std::string_view> before;
  const bool read =
      ForEachEntry(log.segments[lost.segment].bytes, lost.first_offset, [&](const raft::Entry& entry) {
        if (entry.index >= lost.first) before[entry.index] = AsText(entry.data);
        return entry.index < lost.last && before.size() < kMostCompared;
      });
  if (!read) return false;
  bool differ = false;
  ForEachEntry(log.segments[lost.by_segment].bytes, lost.by_offset, [&](const raft::Entry& entry) {
    const auto twin = before.find(entry.index);
    if (twin == before.end() || entry.term != lost.by_term) return false;
    differ = twin->second != AsText(entry.data);
    return !differ;
  });
  return differ;
}

// `--force-new-cluster` drops what is not committed and removes the other members, all in the same term.
bool ForcesNewCluster(const raft::Log& log, const raft::Overwritten& lost) {
  const raft::Segment& segment = log.segments[lost.by_segment];
  return std::ranges::any_of(segment.marks, [&](const raft::EntryMark& mark) {
    return mark.index == lost.by_first && mark.offset == lost.by_offset &&
           mark.type == raft::EntryType::kConfChange;
  });
}

}  // namespace

void CheckOverwritten(const raft::Log& log, diag::FindingSink& sink) {
  for (const raft::Overwritten& lost : log.overwritten) {
    const Where where{log.segments[lost.segment].file, lost.first_offset};
    const std::string what =
        fmt::format("{} of term {}", raft::NameEntries(lost.first, lost.last), lost.term);
    if (lost.by_term > lost.term) {
      sink.Add({Code::kRaftEntryOverwritten, where, 0, what + " replaced by a later leader"});
    } else if (ForcesNewCluster(log, lost)) {
      sink.Add({Code::kRaftEntryOverwritten, where, 0, what + " dropped by a forced new cluster"});
    } else if (lost.by_term == lost.term && !Differ(log, lost)) {
      sink.Add({Code::kRaftEntryOverwritten, where, 0, what + " written twice"});
    } else {
      sink.Add({Code::kRaftHistoryMixed, where, 0,
                fmt::format(
                    "{} replaced by entry {} of term {} ({} at {}); no leader does that: two processes "
                    "wrote to this directory, or a part of it is from a copy",
                    what, lost.by_first, lost.by_term, log.segments[lost.by_segment].file, lost.by_offset)});
    }
  }
}

}  // namespace etcdmedic::check
