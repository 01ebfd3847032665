// SPDX-License-Identifier: Apache-2.0
#include "k8s/envelope.h"

#include "proto/wire.h"

namespace etcdmedic::k8s {
namespace {

// Calls `each` for every delimited field and says whether all of `bytes` were fields; `fault` is where they
// end if not.
template <class Each>
bool Walk(Bytes bytes, const char*& fault, Each each) {
  proto::WireReader reader(bytes);
  proto::WireField field;
  for (;;) {
    const proto::WireStep step = reader.Next(field);
    if (step == proto::WireStep::kEnd) return true;
    if (step != proto::WireStep::kBroken && field.wire_type == proto::kDelimited) each(field);
    if (step == proto::WireStep::kField) continue;
    fault = field.tag;
    return false;
  }
}

}  // namespace

Envelope ReadEnvelope(Bytes value) {
  Envelope envelope;
  bool inner = true;
  const bool outer = Walk(value.subspan(kMagic.size()), envelope.fault, [&](const proto::WireField& field) {
    if (field.number == 1) {
      inner &= Walk(field.bytes, envelope.fault, [&](const proto::WireField& part) {
        if (part.number == 1) envelope.api_version = AsText(part.bytes);
        if (part.number == 2) envelope.kind = AsText(part.bytes);
      });
    }
    if (field.number == 2) envelope.raw = field.bytes;
  });
  envelope.whole = inner && outer;
  return envelope;
}

}  // namespace etcdmedic::k8s
