// SPDX-License-Identifier: Apache-2.0
// The changes of keys that the log holds and the backend does not: those that were compacted, where the log
// still has every entry, and those of entries that are not applied yet. docs/format/mvcc.md, "How entries
// become revisions".
#pragma once

#include <optional>
#include <vector>

#include "replay/machine.h"

namespace etcdmedic::replay {

struct LogChanges {
  std::vector<Record> records;  // in the order of revisions; they view the log and the backend
  int64_t newest = 0;           // the newest revision, of the backend or of these
  // Entries [first, last] that hold compacted changes of which no revision can be told, since the log does
  // not begin with the first entry; 0 for none.
  uint64_t unplaced_first = 0, unplaced_last = 0;
};

struct LogInput {
  const raft::Log& log;
  const EntryList& entries;
  const mvcc::Store& store;
  uint64_t applied = 0;    // the backend's consistent_index
  uint64_t committed = 0;  // the last entry that is known to be committed
};

// Replays what is needed of the log: nothing where the backend holds everything. Takes the memory of a
// Machine. Errors: as Machine::From.
Result<LogChanges> ChangesOf(const LogInput& input, diag::FindingSink& sink);

}  // namespace etcdmedic::replay
