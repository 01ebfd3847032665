// SPDX-License-Identifier: Apache-2.0
// Which stored values are secrets, asked by everybody who prints values: base/secret_mask.h has what is
// printed instead.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace etcdmedic::k8s {

// Whether an API server keeps Secrets under such keys, whatever its prefix: one part of the path is
// "secrets".
bool IsSecretKey(std::string_view key);

// Whether the value that is under `key` (which may be unknown: empty) must not be shown as it is: a Secret,
// in whatever encoding and however damaged, or anything at all under the key of one. What is encrypted may be
// shown.
bool HoldsSecret(std::string_view key, Bytes value);

// For bytes that do not parse, so that neither key nor value can be told apart: whether some of a Secret may
// be among them.
bool MayHoldSecret(Bytes bytes);

}  // namespace etcdmedic::k8s
