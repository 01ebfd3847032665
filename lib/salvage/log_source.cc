// SPDX-License-Identifier: Apache-2.0
#include "salvage/log_source.h"

#include <algorithm>
#include <set>

#include "raft/conf_change.h"

namespace etcdmedic::salvage {
namespace {

using replay::LogEntry;

// Where the data of an entry was read although nothing proves it: segment and offset.
std::set<std::pair<uint32_t, uint64_t>> UnprovenIn(const raft::Log& log) {
  std::set<std::pair<uint32_t, uint64_t>> places;
  for (uint32_t at = 0; at < log.segments.size(); ++at) {
    for (const raft::Anomaly& anomaly : log.segments[at].anomalies) {
      if (anomaly.code == diag::Code::kWalRecordUnproven) places.emplace(at, anomaly.offset);
    }
  }
  return places;
}

const raft::Run* RunOf(const raft::Log& log, uint64_t index) {
  const auto run = std::ranges::lower_bound(log.surviving, index, {}, &raft::Run::last);
  return run == log.surviving.end() || run->first > index ? nullptr : &*run;
}

void AppendCommitted(const LogSource& source, EntryRun& entries) {
  const raft::Log& log = source.log;
  const uint64_t committed = raft::CommittedIn(log);
  const auto unproven = UnprovenIn(log);
  for (uint64_t next = 0;;) {
    const auto run = std::ranges::lower_bound(log.surviving, next, {}, &raft::Run::last);
    if (run == log.surviving.end() || run->first > committed) return;
    const EntryRun more = source.entries.Between(log, std::max(next, run->first) - 1, committed);
    if (more.empty()) return;
    for (const LogEntry& entry : more) {
      const raft::Run* const held = RunOf(log, entry.index);
      if (unproven.empty() || held == nullptr || !unproven.contains({held->segment, entry.offset}))
        entries.push_back(entry);
    }
    next = more.back().index + 1;
  }
}

bool Same(const LogEntry& a, const LogEntry& b) {
  return a.term == b.term && a.form == b.form && AsText(a.body) == AsText(b.body);
}

}  // namespace

LogSource ReadLogSource(std::string name, const std::vector<raft::SegmentInput>& inputs, unsigned threads) {
  LogSource source{std::move(name), {}, {}};
  source.log = raft::ReadLog(inputs, threads, &source.entries);
  const auto order = raft::ChainOrder(source.log);
  if (!order || std::ranges::is_sorted(*order)) return source;
  std::vector<raft::SegmentInput> in_order;
  for (const size_t at : *order) in_order.push_back(inputs[at]);
  source.log = raft::ReadLog(in_order, threads, &source.entries);
  return source;
}

std::vector<EntryRun> CommittedRuns(const std::vector<LogSource>& logs) {
  EntryRun all;
  for (const LogSource& source : logs) AppendCommitted(source, all);
  if (logs.size() > 1) std::ranges::stable_sort(all, {}, &LogEntry::index);
  std::vector<EntryRun> runs;
  for (size_t begin = 0; begin < all.size();) {
    size_t end = begin + 1;
    bool differs = false;
    for (; end < all.size() && all[end].index == all[begin].index; ++end)
      differs |= !Same(all[begin], all[end]);
    if (!differs) {
      const bool follows = !runs.empty() && runs.back().back().index + 1 == all[begin].index;
      if (!follows) runs.emplace_back();
      runs.back().push_back(all[begin]);
    }
    begin = end;
  }
  return runs;
}

bool BeginEmpty(const std::vector<LogSource>& logs) {
  const auto begins_otherwise = [](const LogSource& source) {
    return raft::EntriesOfRestore(source.log) != 0 || raft::ReplacedUpTo(source.log) != 0;
  };
  return std::ranges::none_of(logs, begins_otherwise) &&
         std::ranges::any_of(logs, [](const LogSource& each) { return each.log.first_index() == 1; });
}

}  // namespace etcdmedic::salvage
