// SPDX-License-Identifier: Apache-2.0
// For readers of a few fields of a protobuf object: its messages, without decoding the rest.
// docs/format/k8s.md, "Metadata".
#pragma once

#include "k8s/envelope.h"
#include "k8s/schema.h"
#include "proto/wire.h"

namespace etcdmedic::k8s {

// The number of ObjectMeta in objects of that kind: 1 in nearly all, and in those that no table knows.
inline uint64_t MetadataNumber(const Envelope& envelope) {
  const Kind* kind = FindKind(envelope.api_version, envelope.kind);
  if (kind == nullptr) return 1;
  for (const Field& field : FieldsOf(MessageAt(kind->message))) {
    if (JsonName(field) == "metadata") return field.number;
  }
  return 1;
}

// Calls `each` for every delimited field of that number, up to what cannot be read.
template <class Each>
void ForEachPart(Bytes message, uint64_t number, Each each) {
  proto::WireReader reader(message);
  proto::WireField field;
  while (reader.Next(field) == proto::WireStep::kField) {
    if (field.number == number && field.wire_type == proto::kDelimited) each(field.bytes);
  }
}

}  // namespace etcdmedic::k8s
