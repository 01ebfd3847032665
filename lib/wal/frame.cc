// SPDX-License-Identifier: Apache-2.0
#include "wal/frame.h"

#include <algorithm>

namespace etcdmedic::wal {
namespace {

using WalRecord = proto::walpb::Record;

constexpr std::string_view kNames[] = {"unknown", "metadata", "entry", "state", "crc", "snapshot"};

}  // namespace

std::string_view NameOf(RecordType type) {
  const auto number = static_cast<uint64_t>(type);
  return kNames[number < std::size(kNames) ? number : 0];
}

FrameFault ReadFrame(Bytes segment, uint64_t offset, Frame& frame) {
  const uint64_t left = segment.size() - offset;
  if (left == 0) return FrameFault::kEnd;
  if (left < kLengthFieldSize) return FrameFault::kShortField;
  const uint64_t field = *ByteReader(segment, offset).Little<uint64_t>();
  if (field == 0) return FrameFault::kZero;
  const uint64_t length = field & kLengthMask;
  const uint64_t padding = (field >> 63) != 0 ? (field >> 56) & 7 : 0;
  if (length + padding > left - kLengthFieldSize) return FrameFault::kPastEnd;
  frame.offset = offset;
  frame.padding = padding;
  frame.size = kLengthFieldSize + length + padding;
  frame.payload = segment.subspan(offset + kLengthFieldSize, length);
  return FrameFault::kNone;
}

bool ParseRecord(const Frame& frame, Record& record) {
  record.offset = frame.offset;
  record.size = frame.size;
  record.proven = true;
  record.padding_dirty = false;
  for (uint64_t i = 0; i < frame.padding; ++i) {  // at most seven
    if (frame.payload.data()[frame.payload.size() + i] != std::byte{0}) record.padding_dirty = true;
  }
  record.type = {};
  record.crc = 0;
  record.data = {};
  proto::WireReader reader(frame.payload);  // every etcd writes type, crc, data
  reader.TakeNumber(WalRecord::kType, record.type);
  reader.TakeNumber(WalRecord::kCrc, record.crc);
  reader.TakePayload(WalRecord::kData, record.data);
  const bool whole = proto::ForEachField(reader, [&record](const proto::WireField& field) {
    switch (field.number) {
      case WalRecord::kType:
        return field.Number(record.type);
      case WalRecord::kCrc:
        return field.Number(record.crc);
      case WalRecord::kData:
        return field.Payload(record.data);
      default:
        return true;
    }
  });
  const auto data_at = static_cast<uint64_t>(record.data.data() - frame.payload.data());
  record.data_offset = record.data.data() == nullptr ? 0 : frame.offset + kLengthFieldSize + data_at;
  return whole;
}

bool LooksTorn(Bytes segment, const Frame& frame) {
  constexpr uint64_t kSector = 512;
  uint64_t at = frame.offset + kLengthFieldSize;
  while (at < frame.end()) {
    const uint64_t next = std::min(frame.end(), (at / kSector + 1) * kSector);
    if (AllZero(segment.subspan(at, next - at))) return true;
    at = next;
  }
  return false;
}

uint64_t LengthField(uint64_t length) {
  const uint64_t padding = PaddingFor(length);
  return padding == 0 ? length : length | (uint64_t{0x80} | padding) << 56;
}

}  // namespace etcdmedic::wal
