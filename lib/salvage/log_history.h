// SPDX-License-Identifier: Apache-2.0
// What the logs make of the key space: the records of each revision, by applying the entries as etcd does.
// docs/design/salvage.md, "The log".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bolt/extend.h"
#include "replay/key_space.h"
#include "salvage/db_source.h"
#include "salvage/log_source.h"

namespace etcdmedic::salvage {

// Revisions of which the log makes every change.
struct Stretch {
  Span span;
  // It begins with an empty cluster, so that nothing but the log's CRC is behind it; else with records that
  // were found in a file, up to the revision before it.
  bool from_empty = false;
  // Every record was found that the beginning needs.
  bool complete_beginning = false;
};

// A put that the log proves, of which nothing tells the revision.
struct Unplaced {
  std::string_view log;
  uint64_t index = 0;
  std::string_view key;
  std::string_view value;
  int64_t lease = 0;
};

struct LogHistory {
  std::vector<Stretch> stretches;        // ascending, apart
  std::vector<replay::Record> records;   // ascending; they view the log
  std::map<int64_t, int64_t> compacted;  // newest revision at a compaction -> its revision; from_empty only
  std::map<std::string, bolt::EntriesByKey, std::less<>> buckets;  // at the end of the log; from_empty only
  uint64_t last_index = 0;                                         // of the entries that made all this
  std::vector<Unplaced> unplaced;
  bool end_lost = false;  // entries at the end of a log were committed, or may have been, and cannot be read
  bool end_shown =
      false;  // a log ends as etcd's writer leaves it, so that no segment can be missing after it

  // The stretch that covers the revision, or null.
  const Stretch* Covering(int64_t main) const;
  bool from_empty() const { return !stretches.empty() && stretches.front().from_empty; }
  // What was compacted when `revision` was the newest; -1 for nothing. Of a history from an empty cluster.
  int64_t CompactedAt(int64_t revision) const;
};

// `copies`: those of `sources`, as FindCopies gives them. What the entries make is compared with them: a log
// that contradicts them is not used. Memory: 96 bytes a record, and what a replay::Machine takes.
LogHistory HistoryOf(const std::vector<LogSource>& logs, const std::vector<DbSource>& sources,
                     std::span<const Copy> copies);

}  // namespace etcdmedic::salvage
