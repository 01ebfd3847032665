// SPDX-License-Identifier: Apache-2.0
#include "startup/record_error.h"

#include <fmt/format.h>

#include <array>

namespace etcdmedic::startup {
namespace {

constexpr std::string_view kOverflow = "proto: integer overflow";
constexpr std::string_view kNegativeLength = "proto: negative length found during unmarshaling";

enum WireType : uint64_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kBeginGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5
};

struct Known {
  std::string_view name;
  WireType wire;
};
constexpr std::array<Known, 3> kFields = {{{"Type", kVarint}, {"Crc", kVarint}, {"Data", kBytes}}};

// Walks the payload; the first fault stays.
class Walk {
 public:
  explicit Walk(Bytes payload) : payload_(payload) {}

  std::optional<std::string> Run() {
    while (!error_ && at_ < payload_.size()) Field();
    return error_;
  }

 private:
  void Stop(std::string_view text) { error_ = error_.value_or(std::string(text)); }

  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; !error_; shift += 7) {
      if (shift >= 64) {
        Stop(kOverflow);
      } else if (at_ >= payload_.size()) {
        Stop(kUnexpectedEofText);
      } else {
        const auto byte = std::to_integer<uint64_t>(payload_[at_++]);
        value |= (byte & 0x7F) << shift;
        if (byte < 0x80) return value;
      }
    }
    return 0;
  }

  void Skip(uint64_t count) {
    if (count > payload_.size() - at_) return Stop(kUnexpectedEofText);
    at_ += count;
  }

  void SkipBytes() {
    const uint64_t length = Varint();
    if (error_) return;
    if (length >> 63 != 0) return Stop(kNegativeLength);
    Skip(length);
  }

  void Field() {
    const uint64_t start = at_, tag = Varint();
    if (error_) return;
    const uint64_t wire = tag & 7;
    const auto number = static_cast<int32_t>(tag >> 3);
    if (wire == kEndGroup) return Stop("proto: Record: wiretype end group for non-group");
    if (number <= 0) return Stop(fmt::format("proto: Record: illegal tag {} (wire type {})", number, tag));
    if (static_cast<size_t>(number) > kFields.size()) {
      at_ = start;
      return SkipUnknown();
    }
    const Known& known = kFields[static_cast<size_t>(number) - 1];
    if (wire != known.wire)
      return Stop(fmt::format("proto: wrong wireType = {} for field {}", wire, known.name));
    if (wire == kBytes) return SkipBytes();
    Varint();
  }

  // An unknown field, with all groups in it.
  void SkipUnknown() {
    uint64_t depth = 0;
    do {
      if (at_ >= payload_.size()) return Stop(kUnexpectedEofText);
      const uint64_t wire = Varint() & 7;
      if (error_) return;
      switch (wire) {
        case kVarint:
          Varint();
          break;
        case kFixed64:
          Skip(8);
          break;
        case kBytes:
          SkipBytes();
          break;
        case kBeginGroup:
          ++depth;
          break;
        case kEndGroup:
          if (depth == 0) return Stop("proto: unexpected end of group");
          --depth;
          break;
        case kFixed32:
          Skip(4);
          break;
        default:
          return Stop(fmt::format("proto: illegal wireType {}", wire));
      }
    } while (depth > 0 && !error_);
  }

  Bytes payload_;
  uint64_t at_ = 0;
  std::optional<std::string> error_;
};

}  // namespace

std::optional<std::string> RecordError(Bytes payload) { return Walk(payload).Run(); }

}  // namespace etcdmedic::startup
