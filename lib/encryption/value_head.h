// SPDX-License-Identifier: Apache-2.0
// What the values that an API server stores begin with: docs/format/k8s.md.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "text/cbor.h"

namespace etcdmedic::encryption {

inline constexpr std::string_view kProtobufHead{"k8s\0", 4};
inline constexpr std::string_view kEncryptedHead = "k8s:enc:";

inline bool IsEncrypted(Bytes value) { return AsText(value).starts_with(kEncryptedHead); }

// Whether an object in plain text may begin so, in any of its encodings.
inline bool BeginsObject(std::string_view value) {
  return value.starts_with(kProtobufHead) || value.starts_with('{') || text::IsCbor(AsBytes(value));
}

}  // namespace etcdmedic::encryption
