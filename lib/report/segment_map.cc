// SPDX-License-Identifier: Apache-2.0
#include "report/segment_map.h"

#include <algorithm>

namespace etcdmedic::report {
namespace {

constexpr uint64_t kCells = SegmentMap::kCells;

// Where a byte falls, without the product that could overflow.
uint64_t CellOf(uint64_t offset, uint64_t size) {
  return static_cast<uint64_t>(static_cast<double>(offset) / static_cast<double>(size) * kCells);
}

// The cells that [offset, offset + length) touches, at least one.
void Touch(SegmentMap& map, uint64_t offset, uint64_t length, ByteState state) {
  if (length == 0 || map.size == 0) return;
  const uint64_t first = std::min(CellOf(offset, map.size), kCells - 1);
  const uint64_t last = std::min(CellOf(offset + length - 1, map.size), kCells - 1);
  for (uint64_t cell = first; cell <= last; ++cell) map.cells[cell] = state;
}

SegmentMap Begin(const raft::Segment& segment) {
  SegmentMap map;
  map.file = segment.file;
  map.size = segment.size;
  map.records = segment.chain.records;
  for (const raft::Run& run : segment.runs) {
    map.first_index = map.first_index == 0 ? run.first : std::min(map.first_index, run.first);
    map.last_index = std::max(map.last_index, run.last);
  }
  for (const raft::SlackSpan& slack : segment.slack) {
    const bool zeros = slack.kind == wal::Slack::kZeroTail;
    if (zeros) map.unused_size += slack.length;
    // The records before it keep their last cell, however few they are.
    const uint64_t step = std::min(slack.length, slack.offset == 0 ? 0 : map.size / kCells);
    Touch(map, slack.offset + step, slack.length - step, zeros ? ByteState::kUnused : ByteState::kStray);
  }
  return map;
}

// Where the entries begin that were replaced. Of a run only the ends are known, so its entries are taken to
// be of one size.
uint64_t BeginOf(const raft::Overwritten& lost, const raft::Segment& segment) {
  const auto run = std::ranges::find(segment.runs, lost.first_offset, &raft::Run::first_offset);
  if (run == segment.runs.end() || run->first >= lost.first || run->last < run->first)
    return lost.first_offset;
  const auto share =
      static_cast<double>(lost.first - run->first) / static_cast<double>(run->last - run->first + 1);
  return run->first_offset +
         static_cast<uint64_t>(share * static_cast<double>(run->last_end - run->first_offset));
}

void AddDamages(const raft::Segment& segment, SegmentMap& map) {
  map.damages = segment.damages.size();
  for (const wal::Damage& damage : segment.damages) {
    map.damaged_size += damage.length;
    Touch(map, damage.offset, std::max<uint64_t>(damage.length, 1), ByteState::kDamaged);
  }
}

}  // namespace

std::string_view NameOf(ByteState state) {
  constexpr std::string_view kNames[] = {"records", "unused", "overwritten", "stray", "damaged"};
  return kNames[static_cast<size_t>(state)];
}

std::vector<SegmentMap> MapSegments(const raft::Log& log) {
  std::vector<SegmentMap> maps;
  for (const raft::Segment& segment : log.segments) maps.push_back(Begin(segment));
  for (const raft::Overwritten& lost : log.overwritten) {
    if (lost.segment >= maps.size()) continue;
    const uint64_t begin = BeginOf(lost, log.segments[lost.segment]);
    if (lost.last_end > begin)
      Touch(maps[lost.segment], begin, lost.last_end - begin, ByteState::kOverwritten);
  }
  for (size_t i = 0; i < maps.size(); ++i) AddDamages(log.segments[i], maps[i]);
  return maps;
}

}  // namespace etcdmedic::report
