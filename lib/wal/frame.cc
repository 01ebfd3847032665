// SPDX-License-Identifier: Apache-2.0
#include "wal/frame.h"

#include <algorithm>
#include <protozero/pbf_reader.hpp>

namespace etcdmedic::wal {
namespace {

constexpr std::string_view kNames[] = {"unknown", "metadata", "entry", "state", "crc", "snapshot"};

// A base-128 varint of at most ten bytes; false where it does not end before `end`.
bool ReadVarint(const std::byte*& at, const std::byte* end, uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; at != end && shift < 70; shift += 7) {
    const auto byte = std::to_integer<uint64_t>(*at++);
    if (shift < 64) value |= (byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// The layout that every etcd writes: type, crc, then data to the end or nothing.
bool ParseUsualRecord(const Frame& frame, Record& record) {
  const std::byte* at = frame.payload.data();
  const std::byte* const end = at + frame.payload.size();
  uint64_t type = 0, crc = 0, length = 0;
  if (end - at < 4 || *at++ != std::byte{0x08} || !ReadVarint(at, end, type)) return false;
  if (at == end || *at++ != std::byte{0x10} || !ReadVarint(at, end, crc)) return false;
  record.data = {};
  record.data_offset = 0;
  if (at != end) {
    if (*at++ != std::byte{0x1A} || !ReadVarint(at, end, length)) return false;
    if (length != static_cast<uint64_t>(end - at)) return false;
    record.data = Bytes(at, length);
    record.data_offset = frame.offset + kLengthFieldSize + static_cast<uint64_t>(at - frame.payload.data());
  }
  record.type = static_cast<RecordType>(type);
  record.crc = static_cast<uint32_t>(crc);
  return true;
}

// Any other order, repeated or unknown fields: legal for a protobuf parser, so legal for etcd.
bool ParseAnyRecord(const Frame& frame, Record& record) try {
  record.type = static_cast<RecordType>(0);
  record.crc = 0;
  record.data = {};
  record.data_offset = 0;
  const char* begin = reinterpret_cast<const char*>(frame.payload.data());
  protozero::pbf_reader reader(begin, frame.payload.size());
  while (reader.next()) {
    const bool varint = reader.wire_type() == protozero::pbf_wire_type::varint;
    if (reader.tag() == 1 && varint) {
      record.type = static_cast<RecordType>(reader.get_int64());
    } else if (reader.tag() == 2 && varint) {
      record.crc = static_cast<uint32_t>(reader.get_uint64());
    } else if (reader.tag() == 3 && reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
      const protozero::data_view data = reader.get_view();
      record.data = AsBytes({data.data(), data.size()});
      record.data_offset = frame.offset + kLengthFieldSize + static_cast<uint64_t>(data.data() - begin);
    } else if (reader.tag() <= 3) {
      return false;  // a known field with another wire type
    } else {
      reader.skip();
    }
  }
  return true;
} catch (const protozero::exception&) {
  return false;
}

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
  return ParseUsualRecord(frame, record) || ParseAnyRecord(frame, record);
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
