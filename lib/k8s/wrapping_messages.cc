// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "k8s/envelope.h"
#include "k8s/wrapping_forms.h"
#include "proto/wire.h"

namespace etcdmedic::k8s {
namespace {

// mvccpb.KeyValue: 1 key, 2 create revision, 3 mod revision, 4 version, 5 value, 6 lease.
std::optional<StoredItem> ReadKeyValue(Bytes bytes) {
  StoredItem item;
  proto::WireReader reader(bytes);
  proto::WireField field;
  proto::WireStep step = reader.Next(field);
  for (; step == proto::WireStep::kField; step = reader.Next(field)) {
    const bool text = field.number == 1 || field.number == 5;
    if (field.number > 6 || field.wire_type != (text ? proto::kDelimited : proto::kVarint)) return std::nullopt;
    if (field.number == 1) item.key = AsText(field.bytes);
    if (field.number == 5) item.value = AsText(field.bytes);
    if (field.number == 3) item.mod_revision = static_cast<int64_t>(field.value);
  }
  if (step != proto::WireStep::kEnd || item.key.empty() || !item.mod_revision) return std::nullopt;
  return item;
}

// How a message leads to the KeyValues in it.
struct Shape {
  uint64_t most_fields;  // the highest field number
  uint64_t delimited;    // a bit for each field that is a message or a string
  uint64_t values;       // a bit for each field that is a KeyValue
  uint64_t inner;        // the field that is of another shape; 0 for none
  const Shape* of_inner;
};
constexpr uint64_t Bit(unsigned number) { return uint64_t{1} << number; }

// RangeResponse: 1 header, 2 kvs, 3 more, 4 count.
constexpr Shape kRange{4, Bit(1) | Bit(2), Bit(2), 0, nullptr};
// Event: 1 type, 2 kv, 3 previous kv. WatchResponse: 1 header, 2 id, 3 created, 4 canceled, 5 compact
// revision, 6 reason, 7 fragment, 11 events.
constexpr Shape kEvent{3, Bit(2) | Bit(3), Bit(2) | Bit(3), 0, nullptr};
constexpr Shape kWatch{11, Bit(1) | Bit(6) | Bit(11), 0, 11, &kEvent};
// ResponseOp: 1 range, others are of no use here. TxnResponse: 1 header, 2 succeeded, 3 responses.
constexpr Shape kResponseOp{4, Bit(1) | Bit(2) | Bit(3) | Bit(4), 0, 1, &kRange};
constexpr Shape kTxn{3, Bit(1) | Bit(3), 0, 3, &kResponseOp};

bool Collect(Bytes bytes, const Shape& shape, Items& items) {
  proto::WireReader reader(bytes);
  proto::WireField field;
  proto::WireStep step = reader.Next(field);
  for (; step == proto::WireStep::kField; step = reader.Next(field)) {
    if (field.number > shape.most_fields) return false;
    const uint64_t bit = Bit(static_cast<unsigned>(field.number));
    if ((field.wire_type == proto::kDelimited) != ((shape.delimited & bit) != 0)) return false;
    if (field.number == shape.inner && !Collect(field.bytes, *shape.of_inner, items)) return false;
    if ((shape.values & bit) == 0) continue;
    auto item = ReadKeyValue(field.bytes);
    if (!item) return false;
    if (!item->value.empty()) items.push_back(std::move(*item));
  }
  return step == proto::WireStep::kEnd;
}

}  // namespace

std::optional<size_t> EndOfEnvelope(std::string_view text, bool (*ends)(std::string_view following)) {
  if (!text.starts_with(kMagic)) return std::nullopt;
  constexpr uint64_t kLastField = 4;  // content type
  proto::WireReader reader(AsBytes(text.substr(kMagic.size())));
  proto::WireField field;
  for (;;) {
    const auto end = static_cast<size_t>(reader.at() - text.data());
    if (ends(text.substr(end))) return end;
    const proto::WireStep step = reader.Next(field);
    if (step != proto::WireStep::kField || field.number > kLastField || field.wire_type != proto::kDelimited)
      return std::nullopt;
  }
}

std::optional<Items> ReadResponse(std::string_view text) {
  for (const Shape* shape : {&kRange, &kWatch, &kTxn}) {
    Items items;
    if (Collect(AsBytes(text), *shape, items) && !items.empty()) return items;
  }
  return std::nullopt;
}

std::optional<Items> ReadBareKeyValue(std::string_view text) {
  auto item = ReadKeyValue(AsBytes(text));
  if (!item) return std::nullopt;
  Items items;
  items.push_back(std::move(*item));
  return items;
}

}  // namespace etcdmedic::k8s
