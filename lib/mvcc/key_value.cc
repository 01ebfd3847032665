// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_value.h"

namespace etcdmedic::mvcc {
namespace {

enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// Walks forward over a message; every step says whether it fitted.
class Cursor {
 public:
  explicit Cursor(Bytes message)
      : at_(reinterpret_cast<const unsigned char*>(message.data())), end_(at_ + message.size()) {}

  bool done() const { return at_ == end_; }

  bool Varint(uint64_t& out) {
    if (at_ == end_) return false;
    if (*at_ < 0x80) return out = *at_++, true;
    out = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      if (at_ == end_) return false;
      const unsigned char byte = *at_++;
      if (shift == 63 && byte > 1) return false;
      out |= uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool Text(std::string_view& out) {
    uint64_t size = 0;
    if (!Varint(size) || size > Left()) return false;
    out = {reinterpret_cast<const char*>(at_), size};
    at_ += size;
    return true;
  }

  bool Skip(uint64_t type) {
    uint64_t number = 0;
    std::string_view text;
    switch (type) {
      case kVarint:
        return Varint(number);
      case kBytes:
        return Text(text);
      case kFixed64:
      case kFixed32: {
        const uint64_t size = type == kFixed64 ? 8 : 4;
        if (size > Left()) return false;
        at_ += size;
        return true;
      }
      default:
        return false;
    }
  }

 private:
  uint64_t Left() const { return static_cast<uint64_t>(end_ - at_); }
  const unsigned char* at_;
  const unsigned char* end_;
};

bool Number(Cursor& cursor, int64_t& out) {
  uint64_t bits = 0;
  if (!cursor.Varint(bits)) return false;
  out = static_cast<int64_t>(bits);
  return true;
}

}  // namespace

bool ParseKeyValue(Bytes message, KeyValue& out) {
  out = {};
  Cursor cursor(message);
  int64_t* const numbers[] = {nullptr, nullptr,   &out.create_revision, &out.mod_revision, &out.version,
                              nullptr, &out.lease};
  while (!cursor.done()) {
    uint64_t tag = 0;
    if (!cursor.Varint(tag)) return false;
    const uint64_t field = tag >> 3;
    const uint64_t type = tag & 7;
    bool fits = false;
    if (field == 1 || field == 5) {
      fits = type == kBytes && cursor.Text(field == 1 ? out.key : out.value);
    } else if (field >= 2 && field <= 6) {
      fits = type == kVarint && Number(cursor, *numbers[field]);
    } else {
      fits = field != 0 && cursor.Skip(type);
    }
    if (!fits) return false;
  }
  return true;
}

}  // namespace etcdmedic::mvcc
