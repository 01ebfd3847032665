// SPDX-License-Identifier: Apache-2.0
// Objects that are stored as CBOR, which custom resources can be since 1.32: docs/format/k8s-text.md, "CBOR".
#pragma once

#include "base/bytes.h"
#include "text/json_text.h"

namespace etcdmedic::text {

// Whether the value begins with CBOR's own tag, as stored ones do.
bool IsCbor(Bytes value);

// Reads `value`, with or without that tag, into `tree`. Byte strings are text, as the API server stores all
// its strings, or become base64, base64url or hex where a tag says so; tagged times become RFC 3339. On a
// fault the tree holds what is before it. Codes of faults: K8S-VALUE-TRUNCATED, K8S-VALUE-NESTING,
// K8S-VALUE-MALFORMED.
TextFault ReadCbor(Bytes value, ObjectTree& tree);

}  // namespace etcdmedic::text
