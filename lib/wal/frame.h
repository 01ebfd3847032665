// SPDX-License-Identifier: Apache-2.0
// Frames and records of one WAL segment: docs/format/wal.md, "Frame" and "Record".
#pragma once

#include <optional>

#include "base/bytes.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::wal {

// The five types of walpb.Record.
enum class RecordType : int64_t { kMetadata = 1, kEntry = 2, kState = 3, kCrc = 4, kSnapshot = 5 };

// "entry", "state", …; "unknown" for any other number.
std::string_view NameOf(RecordType type);

// The tags of a record's fields, in the order in which etcd writes them.
constexpr std::byte kTypeTag = proto::OneByteTag(proto::walpb::Record::kType, proto::kVarint);
constexpr std::byte kCrcTag = proto::OneByteTag(proto::walpb::Record::kCrc, proto::kVarint);
constexpr std::byte kDataTag = proto::OneByteTag(proto::walpb::Record::kData, proto::kDelimited);

constexpr uint64_t kLengthFieldSize = 8;
constexpr uint64_t kLengthMask = 0x00FF'FFFF'FFFF'FFFF;

struct Frame {
  uint64_t offset = 0;   // of the length field
  uint64_t size = 0;     // length field, payload and padding
  uint64_t padding = 0;  // 0..7
  Bytes payload;
  uint64_t end() const { return offset + size; }
};

// Why no frame is at an offset.
enum class FrameFault : uint8_t {
  kNone,
  kEnd,         // the segment ends here
  kZero,        // the length field is zero: where etcd stops reading a segment
  kShortField,  // 1 to 7 bytes are left
  kPastEnd,     // the length runs past the end of the segment
};

// Reads the frame at `offset` (at most segment.size()). Padding bytes are not looked at.
FrameFault ReadFrame(Bytes segment, uint64_t offset, Frame& frame);

struct Record {
  RecordType type = RecordType::kEntry;
  uint32_t crc = 0;
  Bytes data;                // views the segment
  uint64_t offset = 0;       // of the frame
  uint64_t size = 0;         // of the frame
  uint64_t data_offset = 0;  // of `data` in the segment, 0 where there is none
  bool proven = true;        // false for the first record after lost bytes: its CRC has nothing to start from
  bool padding_dirty = false;  // padding bytes that are not zero; harmless
  uint64_t end() const { return offset + size; }
};

// Reads the record in a frame as a strict protobuf parser does (unknown fields are passed over).
// False where the payload is not a walpb.Record.
bool ParseRecord(const Frame& frame, Record& record);

// Whether etcd's reader takes a frame for torn: one of the pieces into which 512-byte sectors cut it is all
// zeros.
bool LooksTorn(Bytes segment, const Frame& frame);

// The length field for a payload of `length` bytes, with the padding that etcd 3.x adds.
uint64_t LengthField(uint64_t length);

// Padding after a payload of `length` bytes: 0..7.
constexpr uint64_t PaddingFor(uint64_t length) { return (8 - length % 8) % 8; }

}  // namespace etcdmedic::wal
