// SPDX-License-Identifier: Apache-2.0
#include "wal/heal.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/crc32c.h"

namespace etcdmedic::wal {
namespace {

// A head longer than this is not a record that etcd writes: length field, type, crc, and the length of the
// data.
constexpr uint64_t kHeadBytes = kLengthFieldSize + 2 + 6 + 6;

std::string LittleBytes(uint64_t value) {
  std::string bytes(8, '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xFF);
    value >>= 8;
  }
  return bytes;
}

// Reads the record in the frame `owned`, a healed copy of what is at `offset`.
bool ReadOwned(const std::string& owned, uint64_t offset, Record& record) {
  Frame frame;
  if (ReadFrame(AsBytes(owned), 0, frame) != FrameFault::kNone || frame.size != owned.size()) return false;
  if (!ParseRecord(frame, record)) return false;
  if (record.data_offset != 0) record.data_offset += offset;
  record.offset = offset;
  return true;
}

bool IsKnown(RecordType type) { return NameOf(type) != "unknown"; }

// Takes over a frame in which `bytes` are at `at` (relative to the frame).
bool Adopt(Bytes segment, uint64_t offset, uint64_t size, Healing healing, Damage& damage) {
  auto healed = std::make_shared<std::string>(AsText(segment.subspan(offset, size)));
  healed->replace(healing.offset - offset, healing.bytes.size(), healing.bytes);
  damage.healed_frame = std::move(healed);
  Record record;
  if (!ReadOwned(*damage.healed_frame, offset, record)) return false;
  damage.record = record;
  damage.healings.push_back(std::move(healing));
  return true;
}

// The crc field of a usual record (08 type 10 crc …) rewritten in as many bytes as it has.
std::optional<Healing> RewriteCrcField(Bytes segment, const Record& record, uint32_t crc) {
  const uint64_t at = record.offset + kLengthFieldSize + 3;
  const Bytes head = segment.subspan(record.offset + kLengthFieldSize);
  if (head.size() < 4 || head[0] != kTypeTag || (head[1] & std::byte{0x80}) != std::byte{0} ||
      head[2] != kCrcTag) {
    return std::nullopt;
  }
  size_t width = 1;
  while (width < 5 && 2 + width < head.size() && (head[2 + width] & std::byte{0x80}) != std::byte{0}) ++width;
  if (width < 5 && crc >> (7 * width) != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < width; ++i) {
    bytes.push_back(static_cast<char>(((crc >> (7 * i)) & 0x7F) | (i + 1 < width ? 0x80U : 0U)));
  }
  Healing healing{at, std::move(bytes), std::popcount(crc ^ record.crc) == 1, {}};
  healing.proof = fmt::format("the data has CRC {:08x}, and the next record continues from it", crc);
  return healing;
}

}  // namespace

Link LinkAt(Bytes segment, uint64_t offset, uint32_t crc, Budget& budget) {
  Frame frame;
  Record next;
  if (offset > segment.size() || ReadFrame(segment, offset, frame) != FrameFault::kNone)
    return Link::kNothing;
  if (!ParseRecord(frame, next) || !IsKnown(next.type)) return Link::kNothing;
  if (next.type == RecordType::kCrc) return next.crc == crc ? Link::kHolds : Link::kBroken;
  if (next.data.empty()) return next.crc == crc ? Link::kHolds : Link::kBroken;
  if (!budget.Spend(next.data.size())) return Link::kNothing;
  return Crc32c(next.data, crc) == next.crc ? Link::kHolds : Link::kBroken;
}

bool StoredCrcProven(Bytes segment, const Record& record, Budget& budget, int depth) {
  const Link link = LinkAt(segment, record.end(), record.crc, budget);
  if (link != Link::kBroken) return link == Link::kHolds;
  if (depth == 0) return false;
  Frame frame;
  Record next;
  if (ReadFrame(segment, record.end(), frame) != FrameFault::kNone || !ParseRecord(frame, next)) return false;
  if (next.type == RecordType::kCrc || !budget.Spend(next.data.size())) return false;
  const uint32_t syndrome = next.crc ^ Crc32c(next.data, record.crc);
  const auto bit = Crc32cFlippedBit(syndrome, next.data.size());
  // A bit of the first four bytes might as well be one of the crc that is to be proven.
  return bit && *bit >= 32 && StoredCrcProven(segment, next, budget, depth - 1);
}

void HealCrcMismatch(Bytes segment, const Record& record, uint32_t running, Budget& budget, Damage& damage) {
  damage.fault = Fault::kCrc;
  damage.offset = record.offset;
  damage.length = record.size;
  damage.stored_crc = record.crc;
  damage.computed_crc = Crc32c(record.data, running);
  damage.record = record;
  // First: a wrong crc field looks to the next record like one flipped bit of its own.
  if (LinkAt(segment, record.end(), damage.computed_crc, budget) == Link::kHolds) {
    damage.followed = true;
    if (auto healing = RewriteCrcField(segment, record, damage.computed_crc)) {
      Adopt(segment, record.offset, record.size, std::move(*healing), damage);
    }
    return;
  }
  const bool stored_proven = StoredCrcProven(segment, record, budget);
  damage.followed = stored_proven;
  const auto bit = Crc32cFlippedBit(damage.stored_crc ^ damage.computed_crc, record.data.size());
  if (!bit) return;
  if (!stored_proven) {
    damage.ambiguous_heal = true;
    return;
  }
  const uint64_t at = record.data_offset + *bit / 8;
  const auto healed = std::to_integer<uint8_t>(segment[at]) ^ (1U << (*bit % 8));
  Healing healing{at, std::string(1, static_cast<char>(healed)), true, {}};
  healing.proof = fmt::format(
      "bit {} is the only one whose flip explains stored CRC {:08x} against computed {:08x}, "
      "and the next record continues from the stored one",
      *bit % 8, damage.stored_crc, damage.computed_crc);
  Adopt(segment, record.offset, record.size, std::move(healing), damage);
}

void HealCrcRecord(Bytes segment, const Record& record, uint32_t right, Damage& damage) {
  damage.fault = Fault::kCrc;
  damage.offset = record.offset;
  damage.length = record.size;
  damage.stored_crc = record.crc;
  damage.computed_crc = right;
  damage.followed = true;
  damage.record = record;
  constexpr uint64_t kCrcFrameSize = 16;  // whatever the width of its varint
  if (record.size != kCrcFrameSize) return;
  std::string payload;
  proto::AppendNumber(proto::walpb::Record::kType, static_cast<uint64_t>(RecordType::kCrc), payload);
  proto::AppendNumber(proto::walpb::Record::kCrc, right, payload);
  Healing healing{
      record.offset, LittleBytes(LengthField(payload.size())) + payload,
      std::popcount(right ^ record.crc) == 1,
      fmt::format("the records after it continue from {:08x}, which the log had before it", right)};
  healing.bytes.resize(kCrcFrameSize);
  Adopt(segment, record.offset, kCrcFrameSize, std::move(healing), damage);
}

namespace {

// True where `owned` (a frame as it might have been) is a record that continues the chain.
bool Continues(const std::string& owned, uint64_t offset, uint32_t running, Budget& budget) {
  Record record;
  if (!ReadOwned(owned, offset, record) || !IsKnown(record.type)) return false;
  if (record.type == RecordType::kCrc) return record.crc == running;
  if (record.data.empty() || !budget.Spend(record.data.size())) return false;
  return Crc32c(record.data, running) == record.crc;
}

// After a healed frame another one must be, or zeros, or the segment's end.
bool SomethingGoesOn(Bytes segment, uint64_t end) {
  Frame frame;
  Record next;
  switch (ReadFrame(segment, end, frame)) {
    case FrameFault::kEnd:
    case FrameFault::kZero:
      return true;
    case FrameFault::kNone:
      return ParseRecord(frame, next);
    default:
      return false;
  }
}

// The record's own length, read from its usual layout; its frame's length field may be anything.
std::optional<uint64_t> SelfDelimitedLength(Bytes segment, uint64_t offset) {
  const uint64_t begin = offset + kLengthFieldSize;
  if (begin + 4 > segment.size()) return std::nullopt;
  const Bytes body = segment.subspan(begin);
  size_t at = 3;
  if (body[0] != kTypeTag || body[1] >= std::byte{6} || body[2] != kCrcTag) return std::nullopt;
  while (at < body.size() && at < 8 && (body[at] & std::byte{0x80}) != std::byte{0}) ++at;
  ++at;  // after the crc
  if (body[1] == std::byte{4}) return at;
  if (at >= body.size() || body[at++] != kDataTag) return std::nullopt;
  proto::WireReader reader(body.subspan(at));
  uint64_t length = 0;
  if (!reader.Varint(length) || length > kLengthMask) return std::nullopt;
  return body.size() - static_cast<uint64_t>(reader.end() - reader.at()) + length;
}

bool HealLengthField(Bytes segment, uint64_t offset, uint32_t running, Budget& budget, Damage& damage) {
  const auto length = SelfDelimitedLength(segment, offset);
  if (!length || *length > segment.size()) return false;
  // Padded as etcd 3.x writes, or plain as 2.x did; the CRC decides whether it is a record at all.
  for (const bool padded : {true, false}) {
    const uint64_t padding = padded ? PaddingFor(*length) : 0;
    const uint64_t size = kLengthFieldSize + *length + padding;
    if (offset + size > segment.size()) continue;
    const std::string field = LittleBytes(padded ? LengthField(*length) : *length);
    std::string owned(AsText(segment.subspan(offset, size)));
    owned.replace(0, field.size(), field);
    if (!Continues(owned, offset, running, budget) || !SomethingGoesOn(segment, offset + size)) continue;
    uint64_t flips = 0;
    for (size_t i = 0; i < 8; ++i) {
      flips += static_cast<uint64_t>(std::popcount(static_cast<uint8_t>(
          std::to_integer<uint8_t>(segment[offset + i]) ^ static_cast<uint8_t>(field[i]))));
    }
    damage.length = size;
    return Adopt(segment, offset, size,
                 {offset, field, flips == 1,
                  "the record after the length field shows its own length, and with it the CRC chain fits"},
                 damage);
  }
  return false;
}

// Whether a bit of a frame is one that the CRC does not cover, so that data and CRC fitting each other proves
// it.
bool OutsideOfCrc(const Record& record, uint64_t byte) {
  const uint64_t crc_begin = kLengthFieldSize + 3;
  const uint64_t data_begin = record.data_offset == 0 ? record.size : record.data_offset - record.offset;
  uint64_t crc_end = crc_begin + 1;
  for (uint32_t rest = record.crc >> 7; rest != 0; rest >>= 7) ++crc_end;
  return byte < crc_begin || (byte >= crc_end && byte < data_begin);
}

bool HealHeadBit(Bytes segment, uint64_t offset, uint32_t running, Budget& budget, Damage& damage) {
  std::optional<Healing> found;
  uint64_t found_size = 0;
  const uint64_t bits = std::min(kHeadBytes, segment.size() - offset) * 8;
  std::string head(AsText(segment.subspan(offset, bits / 8)));
  for (uint64_t bit = 0; bit < bits; ++bit) {
    const auto mask = static_cast<char>(1U << (bit % 8));
    std::string tried = head;
    tried[bit / 8] = static_cast<char>(tried[bit / 8] ^ mask);
    const uint64_t field =
        tried.size() < kLengthFieldSize ? 0 : *ByteReader(AsBytes(tried)).Little<uint64_t>();
    const uint64_t size =
        kLengthFieldSize + (field & kLengthMask) + ((field >> 63) != 0 ? (field >> 56) & 7 : 0);
    if (field == 0 || size > segment.size() - offset || size < 12 || !budget.Spend(size)) continue;
    std::string owned(AsText(segment.subspan(offset, size)));
    owned.replace(0, std::min<uint64_t>(head.size(), size), tried, 0, std::min<uint64_t>(head.size(), size));
    if (!Continues(owned, offset, running, budget) || !SomethingGoesOn(segment, offset + size)) continue;
    if (found) {  // two bits fit: nothing is proven
      damage.ambiguous_heal = true;
      return false;
    }
    found = Healing{offset + bit / 8, std::string(1, tried[bit / 8]), true,
                    "it is the only bit of the frame's head with which the CRC chain fits"};
    found_size = size;
  }
  if (!found) return false;
  const uint64_t byte = found->offset - offset;
  Damage healed;
  if (!Adopt(segment, offset, found_size, std::move(*found), healed)) return false;
  const bool goes_on = LinkAt(segment, offset + found_size, healed.record->crc, budget) == Link::kHolds;
  if (!goes_on && !OutsideOfCrc(*healed.record, byte)) {
    damage.ambiguous_heal = true;
    return false;
  }
  healed.fault = damage.fault;
  healed.offset = offset;
  healed.length = found_size;
  damage = std::move(healed);
  return true;
}

}  // namespace

bool HealPadding(Bytes segment, const Frame& frame, const Record& record, Budget& budget, Damage& damage) {
  const uint64_t length = frame.payload.size();
  const uint64_t size = kLengthFieldSize + length + PaddingFor(length);
  if (frame.padding == PaddingFor(length) || frame.offset + size > segment.size()) return false;
  if (LinkAt(segment, frame.offset + size, record.crc, budget) != Link::kHolds) return false;
  if (LinkAt(segment, frame.end(), record.crc, budget) == Link::kHolds) return false;
  damage.fault = Fault::kLength;
  damage.offset = frame.offset;
  damage.length = size;
  const auto top = static_cast<char>(LengthField(length) >> 56);
  const auto flips = std::popcount(
      static_cast<uint8_t>(std::to_integer<uint8_t>(segment[frame.offset + 7]) ^ static_cast<uint8_t>(top)));
  return Adopt(segment, frame.offset, size,
               {frame.offset + 7, std::string(1, top), flips == 1,
                "with the padding that the length demands the next record continues the chain"},
               damage);
}

bool HealCutPadding(Bytes segment, uint64_t offset, uint32_t running, Budget& budget, Damage& damage) {
  const uint64_t field = *ByteReader(segment, offset).Little<uint64_t>();
  const uint64_t end = kLengthFieldSize + (field & kLengthMask);
  const uint64_t left = segment.size() - offset;
  if (end > left || field >> 56 != LengthField(field & kLengthMask) >> 56) return false;
  std::string owned(AsText(segment.subspan(offset, left)));
  const std::string missing(end + PaddingFor(field & kLengthMask) - left, '\0');
  owned += missing;
  if (!Continues(owned, offset, running, budget)) return false;
  damage.fault = Fault::kTruncated;
  damage.offset = offset;
  damage.length = left;
  Record record;
  damage.healed_frame = std::make_shared<const std::string>(std::move(owned));
  ReadOwned(*damage.healed_frame, offset, record);
  damage.record = record;
  damage.healings.push_back(
      {segment.size(), missing, false, "the data is whole and fits its CRC; only padding is cut off"});
  return true;
}

bool HealFrame(Bytes segment, uint64_t offset, uint32_t running, Budget& budget, Damage& damage) {
  damage.offset = offset;
  if (segment.size() - offset < 12) return false;
  return HealLengthField(segment, offset, running, budget, damage) ||
         HealHeadBit(segment, offset, running, budget, damage);
}

}  // namespace etcdmedic::wal
