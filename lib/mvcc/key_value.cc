// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_value.h"

#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::mvcc {

bool ParseKeyValue(Bytes message, KeyValue& out) {
  using Fields = proto::mvccpb::KeyValue;
  out = {};
  return proto::ForEachField(message, [&out](const proto::WireField& field) {
    switch (field.number) {
      case Fields::kKey:
        return field.Payload(out.key);
      case Fields::kCreateRevision:
        return field.Number(out.create_revision);
      case Fields::kModRevision:
        return field.Number(out.mod_revision);
      case Fields::kVersion:
        return field.Number(out.version);
      case Fields::kValue:
        return field.Payload(out.value);
      case Fields::kLease:
        return field.Number(out.lease);
      default:
        return true;
    }
  });
}

}  // namespace etcdmedic::mvcc
