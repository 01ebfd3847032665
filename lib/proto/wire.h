// SPDX-License-Identifier: Apache-2.0
// Protobuf's wire format: the one reader and the one writer of it, over bytes that may be anything.
//
// The reader is as strict as the code that gogo/protobuf generates, with which etcd up to 3.6 reads its log
// and its backend, and Kubernetes its objects:
//   - A varint has at most ten bytes; what the tenth holds beyond 64 bits is dropped.
//   - A field number is the lower 32 bits of a tag without its type, and must be positive as a signed number.
//   - A length is at most what is left of the message.
//   - A group (types 3 and 4) is passed over as a whole, whatever numbers the tags in it have. One that does
//   not end,
//     an end without a beginning, and types 6 and 7 break the message.
// Whoever knows a field refuses it with another type (WireField::Number, Payload), but takes a list of
// numbers packed too. tests/e2e/verdicts.py compares all of this with etcd's own parsers. etcd 3.7, which
// reads with google.golang.org/protobuf, differs: docs/format/wal.md, "Protobuf".
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace etcdmedic::proto {

inline constexpr uint8_t kVarint = 0, kFixed64 = 1, kDelimited = 2, kGroup = 3, kGroupEnd = 4, kFixed32 = 5;

// The tag of a field, where its number is below 16: one byte.
constexpr std::byte OneByteTag(uint32_t number, uint8_t wire_type) {
  return static_cast<std::byte>(number << 3 | wire_type);
}

struct WireField {
  const char* tag = nullptr;  // where the field begins
  uint32_t number = 0;
  uint8_t wire_type = 0;
  uint64_t value = 0;  // varint and fixed; of the others the size of `bytes`
  Bytes bytes;         // payload of kDelimited; of a group, what is between its tags

  // Puts the value of a varint into `out`, cut to its width as etcd does; false, and nothing done, for
  // another type.
  template <class T>
  bool Number(T& out) const {
    if (wire_type != kVarint) return false;
    out = static_cast<T>(value);
    return true;
  }
  // The payload; false for another type.
  bool Payload(Bytes& out) const {
    if (wire_type != kDelimited) return false;
    out = bytes;
    return true;
  }
  template <class Text>
  bool Payload(Text& out) const {
    if (wire_type != kDelimited) return false;
    out = AsText(bytes);
    return true;
  }
};

enum class WireStep : uint8_t {
  kField,
  kEnd,
  kCut,     // the field runs past the end; its number, type and what is left of the payload are filled in
  kBroken,  // no field begins here
};

// Walks the fields of one message. The fields view its bytes.
class WireReader {
 public:
  explicit WireReader(Bytes bytes) : at_(AsText(bytes).data()), end_(at_ + bytes.size()) {}
  WireReader(const char* begin, const char* end) : at_(begin), end_(end) {}

  const char* at() const { return at_; }
  const char* end() const { return end_; }

  // Nearly every field is a varint or delimited, with a tag of one or two bytes; the rest is read out of
  // line.
  [[gnu::always_inline]] WireStep Next(WireField& field) {
    const char* const begin = at_;
    if (begin == end_) return WireStep::kEnd;
    uint32_t tag = 0;
    uint64_t value = 0;
    Bytes bytes;
    const bool common = ShortTag(tag) && tag >= 8 && (tag & 5) == 0;
    if (!common || !Varint(value) || ((tag & 7) == kDelimited && !Take(value, bytes))) {
      at_ = begin;
      return Uncommon(field);
    }
    field = {begin, tag >> 3, static_cast<uint8_t>(tag & 7), value, bytes};
    return WireStep::kField;
  }

  // Take the next field where it is this one and whole; false, and nothing taken, where Next has to look. For
  // parsers of messages whose writers keep to one order of fields: they take those, and the rest by Next.
  template <class T>
  bool TakeNumber(uint32_t number, T& out) {
    uint64_t value = 0;
    if (!TakeTag(OneByteTag(number, kVarint))) return false;
    if (!Varint(value)) return --at_, false;
    out = static_cast<T>(value);
    return true;
  }
  bool TakePayload(uint32_t number, Bytes& out) {
    const char* const begin = at_;
    uint64_t size = 0;
    if (TakeTag(OneByteTag(number, kDelimited)) && Varint(size) && Take(size, out)) return true;
    at_ = begin;
    return false;
  }

  // Reads one varint; false, and nothing read, where none is whole here.
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

  // Calls each(number) for every number of the packed list that was just read. The last one may end beyond
  // the list, as it may in etcd; the next field then begins after it. False where one is not whole.
  template <class Each>
  bool Packed(const WireField& list, Each each) {
    at_ = AsText(list.bytes).data();
    for (const char* const end = at_ + list.bytes.size(); at_ < end;) {
      uint64_t number = 0;
      if (!Varint(number)) return false;
      each(number);
    }
    return true;
  }

  // Takes `size` bytes; false, and nothing taken, where there are fewer.
  bool Take(uint64_t size, Bytes& bytes) {
    if (size > static_cast<uint64_t>(end_ - at_)) return false;
    bytes = Bytes(reinterpret_cast<const std::byte*>(at_), size);
    at_ += size;
    return true;
  }

 private:
  // Not at the end; false, and nothing taken, where the tag has more than two bytes.
  bool ShortTag(uint32_t& tag) {
    tag = static_cast<uint8_t>(*at_);
    if (tag < 0x80) return ++at_, true;
    if (end_ - at_ < 2 || static_cast<uint8_t>(at_[1]) >= 0x80) return false;
    tag = (tag & 0x7F) | static_cast<uint32_t>(at_[1]) << 7;
    at_ += 2;
    return true;
  }
  bool TakeTag(std::byte tag) {
    if (at_ == end_ || static_cast<std::byte>(*at_) != tag) return false;
    ++at_;
    return true;
  }
  bool LongVarint(uint64_t& value) {
    uint64_t result = 0;
    unsigned shift = 0;
    for (const char* at = at_; at != end_ && shift < 70; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at++);
      result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        at_ = at;
        value = result;
        return true;
      }
    }
    return false;
  }

  // By copies, so that a loop around Next keeps reader and field in registers.
  [[gnu::always_inline]] WireStep Uncommon(WireField& field) {
    WireReader reader(at_, end_);
    WireField read;
    const WireStep step = reader.NextUncommon(read);
    at_ = reader.at_;
    field = read;
    return step;
  }
  WireStep NextUncommon(WireField& field);
  WireStep Delimited(WireField& field);
  WireStep Fixed(WireField& field, size_t size);
  WireStep Group(WireField& field);
  WireStep Broken(const WireField& field);

  const char* at_;
  const char* end_;
};

// Calls each(field) for every field that is left, in wire order. False where the message breaks the format,
// or `each` gives false.
template <class Each>
[[gnu::always_inline]] inline bool ForEachField(WireReader reader, Each each) {
  WireField field;
  WireStep step = reader.Next(field);
  for (; step == WireStep::kField; step = reader.Next(field)) {
    if (!each(field)) return false;
  }
  return step == WireStep::kEnd;
}
template <class Each>
[[gnu::always_inline]] inline bool ForEachField(Bytes message, Each each) {
  return ForEachField(WireReader(message), each);
}

// The writer: each function appends to `out`.
void AppendVarint(uint64_t value, std::string& out);
void AppendTag(uint64_t number, uint8_t wire_type, std::string& out);
void AppendNumber(uint64_t number, uint64_t value, std::string& out);  // a varint field
void AppendDelimited(uint64_t number, std::string_view value,
                     std::string& out);  // a string, bytes or message

}  // namespace etcdmedic::proto
