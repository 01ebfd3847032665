// SPDX-License-Identifier: Apache-2.0
#include "proto/wire.h"

#include <algorithm>

namespace etcdmedic::proto {

WireStep WireReader::NextUncommon(WireField& field) {
  field = {at_, 0, 0, 0, {}};
  uint64_t tag = 0;
  if (!Varint(tag)) return WireStep::kBroken;
  field.number = static_cast<uint32_t>(tag >> 3);
  field.wire_type = tag & 7;
  if (static_cast<int32_t>(field.number) <= 0) return Broken(field);
  switch (field.wire_type) {
    case kVarint:
      return Varint(field.value) ? WireStep::kField : Broken(field);
    case kDelimited:
      return Delimited(field);
    case kFixed64:
    case kFixed32:
      return Fixed(field, field.wire_type == kFixed64 ? 8 : 4);
    case kGroup:
      return Group(field);
    default:
      return Broken(field);
  }
}

WireStep WireReader::Broken(const WireField& field) {
  at_ = field.tag;
  return WireStep::kBroken;
}

WireStep WireReader::Delimited(WireField& field) {
  uint64_t size = 0;
  if (!Varint(size)) return Broken(field);
  const auto left = static_cast<uint64_t>(end_ - at_);
  field.value = std::min(size, left);
  Take(field.value, field.bytes);
  return size <= left ? WireStep::kField : WireStep::kCut;
}

WireStep WireReader::Fixed(WireField& field, size_t size) {
  Bytes bytes;
  if (!Take(size, bytes)) return Broken(field);
  for (size_t i = size; i-- > 0;) field.value = field.value << 8 | std::to_integer<uint64_t>(bytes[i]);
  return WireStep::kField;
}

// Groups nest; they are walked with a count, not by recursion.
WireStep WireReader::Group(WireField& field) {
  const char* const begin = at_;
  for (unsigned open = 1; at_ != end_;) {
    const char* const tag_at = at_;
    uint64_t tag = 0, value = 0;
    Bytes payload;
    bool whole = Varint(tag);
    switch (tag & 7) {
      case kVarint:
        whole = whole && Varint(value);
        break;
      case kDelimited:
        whole = whole && Varint(value) && Take(value, payload);
        break;
      case kFixed64:
      case kFixed32:
        whole = whole && Take((tag & 7) == kFixed64 ? 8 : 4, payload);
        break;
      case kGroup:
        ++open;
        break;
      case kGroupEnd:
        --open;
        break;
      default:
        whole = false;
    }
    if (!whole) break;
    if (open > 0) continue;
    field.bytes = Bytes(reinterpret_cast<const std::byte*>(begin), static_cast<size_t>(tag_at - begin));
    field.value = field.bytes.size();
    return WireStep::kField;
  }
  return Broken(field);
}

void AppendVarint(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void AppendTag(uint64_t number, uint8_t wire_type, std::string& out) {
  AppendVarint(number << 3 | wire_type, out);
}

void AppendNumber(uint64_t number, uint64_t value, std::string& out) {
  AppendTag(number, kVarint, out);
  AppendVarint(value, out);
}

void AppendDelimited(uint64_t number, std::string_view value, std::string& out) {
  AppendTag(number, kDelimited, out);
  AppendVarint(value.size(), out);
  out += value;
}

}  // namespace etcdmedic::proto
