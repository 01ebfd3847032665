// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli, reflected, initial and final inversion), as docs/format/wal.md "The CRC chain" uses
// it.
#pragma once

#include "base/bytes.h"

namespace etcdmedic {

// Continues `crc` (0 for a fresh one) over `bytes`: Crc32c(b, Crc32c(a)) == Crc32c(a ‖ b).
uint32_t Crc32c(Bytes bytes, uint32_t crc = 0);

// What `crc` becomes when `count` zero bytes follow in the linear part: Crc32c(b, s) == Crc32c(b) ^
// Crc32cShift(s, |b|).
uint32_t Crc32cShift(uint32_t crc, uint64_t count);

// The seed that leads from `bytes` to `crc`: Crc32c(bytes, Crc32cSeed(bytes, crc)) == crc.
uint32_t Crc32cSeed(Bytes bytes, uint32_t crc);

// The one bit of a message of `size` bytes whose flip changes its CRC by `syndrome` (stored ^ computed).
// Nothing where no single bit does. Bits count from the message's first byte, least significant first.
std::optional<uint64_t> Crc32cFlippedBit(uint32_t syndrome, uint64_t size);

// The portable computation, for tests and for machines without CRC instructions.
uint32_t Crc32cPortable(Bytes bytes, uint32_t crc = 0);

}  // namespace etcdmedic
