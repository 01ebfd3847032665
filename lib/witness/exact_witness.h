// SPDX-License-Identifier: Apache-2.0
// The exact witness: where the log holds every entry, or every one after an older backend that is beside it,
// a replay of it says what the backend must hold, record by record and bucket by bucket.
// docs/design/log-as-witness.md, "Exact".
#pragma once

#include "replay/entries.h"
#include "witness/witness.h"

namespace etcdmedic::witness {

struct ExactInput {
  const raft::Log& log;
  const replay::EntryList& entries;
  const mvcc::Store& store;
  uint64_t applied = 0;  // the backend's consistent_index
  // A sound backend that is older, a .snap.db, and its consistent_index; null for none. Used where the log
  // does not hold everything.
  const mvcc::Store* base = nullptr;
  uint64_t base_index = 0;
};

// Whether the log begins with the first entry of a member that began empty, and goes on to `applied`.
bool HoldsEverything(const raft::Log& log, uint64_t applied);

// Puts right what CompareWithLog has said in `report`: where a replay as any release of etcd gives the
// records that the backend has, all of them are proven and nothing is wrong. Else adds MVCC-LOG-MISMATCH for
// records that are not in `report` yet, and MVCC-STATE-MISMATCH for entries of the buckets lease, alarm,
// authUsers and authRoles. Says nothing where the log does not hold everything, an entry is not known, or the
// two do not even agree on the revision. From `input.base` the records of the key space after its revision
// are compared, where those up to it are in both files. Takes the memory of a replay::Machine, and reads
// bucket `key` once more.
void CompareWithReplay(const ExactInput& input, WitnessReport& report);

}  // namespace etcdmedic::witness
