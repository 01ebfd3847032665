// SPDX-License-Identifier: Apache-2.0
// SHA-256 over bytes in memory; and SHA-1, of which etcd makes the ids of members and clusters.
#pragma once

#include <string>

#include "base/bytes.h"

namespace etcdmedic {

// The 32 raw bytes of SHA-256 over `bytes`.
std::string Sha256(Bytes bytes);

// The 20 raw bytes of SHA-1. Proves nothing.
std::string Sha1(Bytes bytes);

}  // namespace etcdmedic
