// SPDX-License-Identifier: Apache-2.0
// runtime.Unknown, the envelope of a protobuf value: "k8s\0", then {typeMeta {apiVersion, kind}, raw,
// contentEncoding, contentType}. docs/format/k8s.md, "Envelope".
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "encryption/value_head.h"

namespace etcdmedic::k8s {

inline constexpr std::string_view kMagic = encryption::kProtobufHead;

struct Envelope {
  std::string_view api_version, kind;
  Bytes raw;
  bool whole = true;            // false where it is cut or holds what is not a field
  const char* fault = nullptr;  // where, if not whole
};

// `value` with its magic. Views into it.
Envelope ReadEnvelope(Bytes value);

}  // namespace etcdmedic::k8s
