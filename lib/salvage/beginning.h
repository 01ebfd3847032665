// SPDX-License-Identifier: Apache-2.0
// The keys as they are at a revision, from all records that were found. Used by HistoryOf alone.
#pragma once

#include <vector>

#include "replay/key_space.h"
#include "salvage/db_source.h"

namespace etcdmedic::salvage {

struct FoundRecords {
  const std::vector<DbSource>& sources;
  std::span<const Copy> copies;                // by revision, the best of each first
  const std::vector<replay::Record>& records;  // what the log has made so far
  const DbSource* primary;                     // tells what a compaction has left; may be null
};

struct FoundState {
  std::vector<std::pair<std::string_view, replay::LiveKey>> keys;  // in order
  bool complete = true;  // no revision is missing that could have changed one of them
};

FoundState StateAt(const FoundRecords& found, int64_t revision);

}  // namespace etcdmedic::salvage
