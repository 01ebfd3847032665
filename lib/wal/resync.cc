// SPDX-License-Identifier: Apache-2.0
#include "wal/resync.h"

#include "base/crc32c.h"

namespace etcdmedic::wal {
namespace {

// A record's first bytes: field 1 with a known type, then field 2. Cheap, so it goes before everything else.
bool LooksLikeHead(Bytes segment, uint64_t at) {
  if (segment.size() - at < 12) return false;
  const std::byte* head = segment.data() + at;
  const auto top = std::to_integer<uint8_t>(head[7]);
  const auto type = std::to_integer<uint8_t>(head[9]);
  return (top == 0 || (top >= 0x81 && top <= 0x87)) && head[8] == kTypeTag && type >= 1 && type <= 5 &&
         head[10] == kCrcTag;
}

bool Continues(const Record& record, uint32_t running, Budget& budget) {
  if (record.type == RecordType::kCrc) return record.crc == running;
  return !record.data.empty() && budget.Spend(record.data.size()) &&
         Crc32c(record.data, running) == record.crc;
}

}  // namespace

Resync FindNextRecord(Bytes segment, uint64_t from, uint64_t step, uint32_t running, Budget& budget) {
  Resync found;
  uint64_t at = step == 8 ? (from + 7) / 8 * 8 : from;
  for (; at < segment.size(); at += step) {
    Frame frame;
    if (!LooksLikeHead(segment, at) || ReadFrame(segment, at, frame) != FrameFault::kNone) continue;
    if (step == 8 && frame.padding != PaddingFor(frame.payload.size())) continue;
    if (!ParseRecord(frame, found.record)) continue;
    if (Continues(found.record, running, budget)) {
      found.kind = Resync::Kind::kContinues;
      return found;
    }
    if (found.record.type != RecordType::kCrc && StoredCrcProven(segment, found.record, budget, 1)) {
      found.kind = Resync::Kind::kProven;
      return found;
    }
  }
  return found;
}

}  // namespace etcdmedic::wal
