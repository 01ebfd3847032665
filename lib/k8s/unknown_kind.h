// SPDX-License-Identifier: Apache-2.0
// A message of which no table knows anything, shown by field number: docs/format/k8s.md, "Unknown kinds".
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "k8s/remarks.h"

namespace etcdmedic::k8s {

// Writes one map: apiVersion and kind of the envelope where not empty, then a member a field number, a list
// where it occurs more than once. A payload prints as text where it is printable UTF-8, as a map where it
// reads as a message, else as {base64: …}.
template <class Writer>
void WriteUnknownKind(std::string_view api_version, std::string_view kind, Bytes raw, Writer& writer,
                      Remarks& remarks);

}  // namespace etcdmedic::k8s
