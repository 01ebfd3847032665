// SPDX-License-Identifier: Apache-2.0
#include "proto/message_reader.h"

namespace etcdmedic::proto {
namespace {

enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

}  // namespace

bool MessageReader::Next(Field& out) {
  if (!sound_ || at_ == end_) return false;
  return sound_ = Read(out);
}

bool MessageReader::Read(Field& out) {
  uint64_t tag = 0;
  if (!Varint(tag)) return false;
  const uint64_t type = tag & 7;
  out = {tag >> 3, type != kBytes, 0, {}};
  if (out.number == 0) return false;
  uint64_t size = 0;
  if (type == kVarint) return Varint(out.value);
  if (type == kBytes) return Varint(size) && Take(size, out.bytes);
  std::string_view fixed;
  if ((type != kFixed64 && type != kFixed32) || !Take(type == kFixed64 ? 8 : 4, fixed)) return false;
  for (size_t i = fixed.size(); i-- > 0;) out.value = out.value << 8 | static_cast<unsigned char>(fixed[i]);
  return true;
}

bool MessageReader::Varint(uint64_t& out) {
  out = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (at_ == end_) return false;
    const auto byte = std::to_integer<uint64_t>(*at_++);
    if (shift == 63 && byte > 1) return false;
    out |= (byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool MessageReader::Take(uint64_t size, std::string_view& out) {
  if (size > static_cast<uint64_t>(end_ - at_)) return false;
  out = {reinterpret_cast<const char*>(at_), size};
  at_ += size;
  return true;
}

}  // namespace etcdmedic::proto
