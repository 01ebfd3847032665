// SPDX-License-Identifier: Apache-2.0
// What the bytes of each WAL segment are, as a strip of a fixed number of cells.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "raft/log.h"

namespace etcdmedic::report {

enum class ByteState : uint8_t {
  kRecords,      // sound records
  kUnused,       // zeros that etcd has set aside for records to come
  kOverwritten,  // entries that later ones replace, as near as runs tell
  kStray,        // bytes after the end of the log, which etcd never reads
  kDamaged,
};

// "records", "unused", "overwritten", "stray", "damaged".
std::string_view NameOf(ByteState state);

struct SegmentMap {
  static constexpr size_t kCells = 240;

  std::string file;
  uint64_t size = 0;
  uint64_t first_index = 0, last_index = 0;  // of its entries; 0 for none
  uint64_t records = 0;                      // sound ones
  uint64_t damages = 0;                      // places
  uint64_t damaged_size = 0;
  uint64_t unused_size = 0;
  // By size of the segment. A cell with any damage is damaged.
  std::array<ByteState, kCells> cells{};
};

// One for each segment of `log`, in its order.
std::vector<SegmentMap> MapSegments(const raft::Log& log);

}  // namespace etcdmedic::report
