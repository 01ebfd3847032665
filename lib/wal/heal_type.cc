// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include "wal/heal.h"

namespace etcdmedic::wal {
namespace {

constexpr uint64_t kAny = ~uint64_t{0};
constexpr uint64_t kMostElections = uint64_t{1}
                                    << 40;  // no cluster lives to see more; ids of members are larger

struct FieldRow {
  uint8_t tag;         // number and wire type, as they are stored
  bool always;         // a record of this type without the field says nothing
  uint64_t least = 0;  // of its value, or of its length
  uint64_t most = kAny;
};

// The fields of what etcd stores under each type, in the order in which it writes them. docs/format/wal.md,
// "Records".
constexpr FieldRow kMetadata[] = {{0x08, true}, {0x10, true}};
constexpr FieldRow kEntry[] = {{0x08, false}, {0x10, true, 1, kMostElections}, {0x18, true}, {0x22, false}};
constexpr FieldRow kState[] = {{0x08, true, 1, kMostElections}, {0x10, false}, {0x18, false}};
constexpr FieldRow kSnapshot[] = {{0x08, false}, {0x10, false}, {0x1A, false}};

std::span<const FieldRow> FieldsOf(RecordType type) {
  switch (type) {
    case RecordType::kMetadata:
      return kMetadata;
    case RecordType::kEntry:
      return kEntry;
    case RecordType::kState:
      return kState;
    case RecordType::kSnapshot:
      return kSnapshot;
    default:
      return {};
  }
}

// Takes one varint off the front; nothing where there is none.
std::optional<uint64_t> TakeVarint(Bytes& bytes) {
  uint64_t value = 0;
  for (unsigned shift = 0; !bytes.empty() && shift < 64; shift += 7) {
    const auto byte = std::to_integer<uint64_t>(bytes.front());
    bytes = bytes.subspan(1);
    value |= (byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

bool TakeValue(const FieldRow& row, Bytes& bytes) {
  const auto value = TakeVarint(bytes);
  if (!value || *value < row.least || *value > row.most) return false;
  if ((row.tag & 7) == 0) return true;
  if (*value > bytes.size()) return false;
  bytes = bytes.subspan(*value);
  return true;
}

// Whether the data has the fields of that type, and no others.
bool HasShape(Bytes data, RecordType type) {
  for (const FieldRow& row : FieldsOf(type)) {
    if (!data.empty() && std::to_integer<uint8_t>(data.front()) == row.tag) {
      data = data.subspan(1);
      if (!TakeValue(row, data)) return false;
    } else if (row.always) {
      return false;
    }
  }
  return data.empty();
}

}  // namespace

bool HealType(Bytes segment, const Record& record, Damage& damage) {
  if (record.type == RecordType::kCrc || record.data.empty() || HasShape(record.data, record.type))
    return false;
  const uint64_t at = record.offset + kLengthFieldSize + 1;
  const auto stored = std::to_integer<uint8_t>(segment[at]);
  if (segment[at - 1] != std::byte{8} || stored != static_cast<uint64_t>(record.type)) return false;
  std::optional<RecordType> right;
  for (const RecordType type :
       {RecordType::kMetadata, RecordType::kEntry, RecordType::kState, RecordType::kSnapshot}) {
    if (std::popcount(static_cast<uint8_t>(stored ^ static_cast<uint8_t>(type))) != 1 ||
        !HasShape(record.data, type))
      continue;
    if (right) return false;  // two fit: nothing is proven
    right = type;
  }
  if (!right) return false;
  auto healed = std::make_shared<std::string>(AsText(segment.subspan(record.offset, record.size)));
  (*healed)[kLengthFieldSize + 1] = static_cast<char>(*right);
  damage.fault = Fault::kMalformed;
  damage.offset = record.offset;
  damage.length = record.size;
  damage.record = record;
  damage.record->type = *right;
  damage.record->data = AsBytes(*healed).subspan(record.data_offset - record.offset, record.data.size());
  damage.healed_frame = std::move(healed);
  damage.healings.push_back({at, std::string(1, static_cast<char>(*right)), true,
                             "the CRC does not cover the type; of the types that are one bit away only `" +
                                 std::string(NameOf(*right)) + "` has such data, which fits its CRC"});
  return true;
}

}  // namespace etcdmedic::wal
