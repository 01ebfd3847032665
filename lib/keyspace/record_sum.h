// SPDX-License-Identifier: Apache-2.0
// What stands for a change of a key where the log and the backend are compared: a CRC-32C over all that both
// say of it, so that neither has to be read again while they agree.
#pragma once

#include "base/crc32c.h"

namespace etcdmedic::keyspace {

// Of a put; `lease` 0 for none.
inline uint32_t SumOfPut(Bytes key, Bytes value, int64_t lease) {
  const uint64_t rest[2] = {key.size(), static_cast<uint64_t>(lease)};
  return Crc32c(std::as_bytes(std::span(rest)), Crc32c(value, Crc32c(key)));
}

// Of a deletion.
inline uint32_t SumOfTombstone(Bytes key) { return Crc32c(key, 1); }

// Of what the put makes of the key's history; 0 stands for numbers that are not known.
inline uint32_t SumOfHistory(int64_t create_revision, int64_t version) {
  const int64_t both[2] = {create_revision, version};
  return Crc32c(std::as_bytes(std::span(both)));
}

}  // namespace etcdmedic::keyspace
