// SPDX-License-Identifier: Apache-2.0
// Protobuf's wire format, field by field, over bytes that may be anything. docs/format/k8s.md, "Wire".
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"

namespace etcdmedic::proto {

inline constexpr uint8_t kVarint = 0, kFixed64 = 1, kDelimited = 2, kGroup = 3, kGroupEnd = 4, kFixed32 = 5;

struct WireField {
  const char* tag = nullptr;  // where the field begins
  uint64_t number = 0;
  uint8_t wire_type = 0;
  uint64_t value = 0;  // varint and fixed; of the others the size of `bytes`
  Bytes bytes;         // payload of kDelimited; of a group, what stands between its tags
};

enum class WireStep : uint8_t {
  kField,
  kEnd,
  kCut,     // the field runs past the end; its number, type and what is left of the payload are filled in
  kBroken,  // no field begins here
};

// Walks the fields of one message.
class WireReader {
 public:
  explicit WireReader(Bytes bytes) : at_(AsText(bytes).data()), end_(at_ + bytes.size()) {}
  WireReader(const char* begin, const char* end) : at_(begin), end_(end) {}

  const char* at() const { return at_; }
  const char* end() const { return end_; }

  WireStep Next(WireField& field) {
    if (at_ == end_) return WireStep::kEnd;
    field.tag = at_;
    uint64_t tag = 0;
    if (!Varint(tag)) return WireStep::kBroken;
    field.number = tag >> 3;
    field.wire_type = tag & 7;
    field.bytes = {};
    if (field.number == 0 || field.number > 0x1fffffff) return Broken(field);
    switch (field.wire_type) {
      case kVarint:
        return Varint(field.value) ? WireStep::kField : Broken(field);
      case kDelimited:
        return Delimited(field);
      case kFixed64:
        return Fixed<uint64_t>(field);
      case kFixed32:
        return Fixed<uint32_t>(field);
      case kGroup:
        return Group(field);
      default:
        return Broken(field);
    }
  }

  // Reads one varint; false where none is whole here.
  bool Varint(uint64_t& value) {
    if (at_ != end_ && static_cast<uint8_t>(*at_) < 0x80) {
      value = static_cast<uint8_t>(*at_++);
      return true;
    }
    if (end_ - at_ >= 2 && static_cast<uint8_t>(at_[1]) < 0x80) {
      value = (static_cast<uint8_t>(at_[0]) & 0x7fU) | static_cast<uint64_t>(at_[1]) << 7;
      at_ += 2;
      return true;
    }
    return LongVarint(value);
  }

  // Takes `size` bytes; false, and nothing taken, where there are fewer.
  bool Take(uint64_t size, Bytes& bytes) {
    if (size > static_cast<uint64_t>(end_ - at_)) return false;
    bytes = Bytes(reinterpret_cast<const std::byte*>(at_), size);
    at_ += size;
    return true;
  }

 private:
  WireStep Broken(const WireField& field) {
    at_ = field.tag;
    return WireStep::kBroken;
  }

  bool LongVarint(uint64_t& value) {
    value = 0;
    const char* at = at_;
    for (unsigned shift = 0; shift < 70 && at != end_; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at++);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        at_ = at;
        return true;
      }
    }
    return false;
  }

  WireStep Delimited(WireField& field) {
    uint64_t size = 0;
    if (!Varint(size)) return Broken(field);
    const auto left = static_cast<uint64_t>(end_ - at_);
    const uint64_t taken = size < left ? size : left;
    field.bytes = Bytes(reinterpret_cast<const std::byte*>(at_), taken);
    field.value = taken;
    at_ += taken;
    return size <= left ? WireStep::kField : WireStep::kCut;
  }

  template <class T>
  WireStep Fixed(WireField& field) {
    if (static_cast<size_t>(end_ - at_) < sizeof(T)) return Broken(field);
    T value = 0;
    std::memcpy(&value, at_, sizeof(T));
    if constexpr (std::endian::native == std::endian::big) value = Swapped(value);
    field.value = value;
    at_ += sizeof(T);
    return WireStep::kField;
  }

  template <class T>
  static T Swapped(T value) {
    T swapped = 0;
    for (size_t i = 0; i < sizeof(T); ++i)
      swapped = static_cast<T>((swapped << 8) | ((value >> (8 * i)) & 0xff));
    return swapped;
  }

  // Groups nest; they are walked with a count, not by recursion.
  WireStep Group(WireField& field) {
    const char* begin = at_;
    WireField inner;
    for (unsigned open = 1; at_ != end_;) {
      const char* tag_at = at_;
      uint64_t tag = 0;
      if (!Varint(tag)) return Broken(field);
      const uint8_t type = tag & 7;
      if (type == kGroupEnd) {
        if (--open > 0) continue;
        field.bytes = Bytes(reinterpret_cast<const std::byte*>(begin), static_cast<size_t>(tag_at - begin));
        field.value = field.bytes.size();
        return WireStep::kField;
      }
      if (type == kGroup) {
        ++open;
        continue;
      }
      at_ = tag_at;
      if (Next(inner) != WireStep::kField) return Broken(field);
    }
    return Broken(field);
  }

  const char* at_;
  const char* end_;
};

}  // namespace etcdmedic::proto
