// SPDX-License-Identifier: Apache-2.0
// FNV-1a, the checksum of bbolt's meta pages.
#pragma once

#include "base/bytes.h"

namespace etcdmedic {

// FNV-1a with 64 bits: the checksum of a bbolt meta page.
constexpr uint64_t Fnv1a64(Bytes bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const std::byte byte : bytes) hash = (hash ^ std::to_integer<uint64_t>(byte)) * 0x100000001b3;
  return hash;
}

}  // namespace etcdmedic
