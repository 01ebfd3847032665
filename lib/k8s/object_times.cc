// SPDX-License-Identifier: Apache-2.0
#include "k8s/object_times.h"

#include <algorithm>

#include "k8s/parts.h"
#include "text/cbor.h"
#include "text/json_text.h"
#include "text/time.h"

namespace etcdmedic::k8s {
namespace {

// metav1.ObjectMeta, ManagedFieldsEntry and Time, coordination.v1.Lease and LeaseSpec.
constexpr uint64_t kCreationTimestamp = 8, kManagedFields = 17, kEntryTime = 4, kSeconds = 1;
constexpr uint64_t kLeaseSpec = 2, kRenewTime = 4;

void TakeTime(Bytes message, std::optional<int64_t>& latest) {
  proto::ForEachField(message, [&](const proto::WireField& field) {
    if (field.number == kSeconds && field.wire_type == proto::kVarint)
      latest = std::max(latest, std::optional(static_cast<int64_t>(field.value)));
    return true;
  });
}

ObjectTimes OfProtobuf(Bytes value) {
  ObjectTimes times;
  const Envelope envelope = ReadEnvelope(value);
  ForEachPart(envelope.raw, MetadataNumber(envelope), [&](Bytes metadata) {
    ForEachPart(metadata, kCreationTimestamp, [&](Bytes time) { TakeTime(time, times.created); });
    ForEachPart(metadata, kManagedFields, [&](Bytes entry) {
      ForEachPart(entry, kEntryTime, [&](Bytes time) { TakeTime(time, times.written); });
    });
  });
  if (envelope.kind != "Lease") return times;
  ForEachPart(envelope.raw, kLeaseSpec, [&](Bytes spec) {
    ForEachPart(spec, kRenewTime, [&](Bytes time) { TakeTime(time, times.renewed); });
  });
  return times;
}

std::optional<int64_t> SecondsOf(text::ObjectView time) {
  const auto parsed = text::ParseTime(time.text());
  return parsed ? std::optional(parsed->seconds) : std::nullopt;
}

ObjectTimes OfTree(text::ObjectView object) {
  ObjectTimes times;
  times.created = SecondsOf(object.At("metadata.creationTimestamp"));
  for (const text::ObjectView entry : object.At("metadata.managedFields"))
    times.written = std::max(times.written, SecondsOf(entry["time"]));
  if (object["kind"].text() == "Lease") times.renewed = SecondsOf(object.At("spec.renewTime"));
  return times;
}

}  // namespace

ObjectTimes TimesOf(Bytes value) {
  const Encoding encoding = EncodingOf(value);
  if (encoding == Encoding::kProtobuf) return OfProtobuf(value);
  if (!IsObject(encoding)) return {};
  text::ObjectTree tree;
  if (encoding == Encoding::kJson)
    text::ReadJson(AsText(value), tree);
  else
    text::ReadCbor(value, tree);
  return OfTree(tree.root());
}

}  // namespace etcdmedic::k8s
