// SPDX-License-Identifier: Apache-2.0
// SHA-256 over bytes in memory.
#pragma once

#include <string>

#include "base/bytes.h"

namespace etcdmedic {

// The 32 raw bytes of SHA-256 over `bytes`.
std::string Sha256(Bytes bytes);

}  // namespace etcdmedic
