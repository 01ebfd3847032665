// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "k8s/envelope.h"
#include "k8s/wrapping_forms.h"
#include "proto/etcd_messages.h"
#include "proto/walk.h"
#include "proto/wire.h"

namespace etcdmedic::k8s {
namespace {

using proto::etcdserverpb::RangeResponse;
using proto::etcdserverpb::ResponseOp;
using proto::etcdserverpb::TxnResponse;
using proto::etcdserverpb::WatchResponse;
using proto::mvccpb::Event;
using proto::mvccpb::KeyValue;

std::optional<StoredItem> ReadKeyValue(Bytes bytes) {
  StoredItem item;
  const bool whole = proto::ForEachField(bytes, [&item](const proto::WireField& field) {
    switch (field.number) {
      case KeyValue::kKey:
        return field.Payload(item.key);
      case KeyValue::kValue:
        return field.Payload(item.value);
      case KeyValue::kModRevision:
        return field.Number(item.mod_revision.emplace());
      default:
        return field.number <= KeyValue::kLease && field.wire_type == proto::kVarint;
    }
  });
  if (!whole || item.key.empty() || !item.mod_revision) return std::nullopt;
  return item;
}

// Whether a message of this type leads to KeyValues that were read.
bool Leads(const proto::MessageInfo& info) {
  return &info == &RangeResponse::kInfo || &info == &Event::kInfo || &info == &ResponseOp::kInfo;
}

// Strict, since these bytes may be anything: a field that the type does not have is a no.
bool Collect(Bytes bytes, const proto::MessageInfo& info, Items& items) {
  return proto::ForEachField(bytes, [&](const proto::WireField& field) {
    const proto::FieldInfo* known = proto::FindField(info, field.number);
    if (known == nullptr || field.wire_type != proto::WireTypeOf(known->type)) return false;
    if (known->message == nullptr) return true;
    if (Leads(*known->message)) return Collect(field.bytes, *known->message, items);
    if (known->message != &KeyValue::kInfo) return true;
    auto item = ReadKeyValue(field.bytes);
    if (!item) return false;
    if (!item->value.empty()) items.push_back(std::move(*item));
    return true;
  });
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
  for (const proto::MessageInfo* info : {&RangeResponse::kInfo, &WatchResponse::kInfo, &TxnResponse::kInfo}) {
    Items items;
    if (Collect(AsBytes(text), *info, items) && !items.empty()) return items;
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
