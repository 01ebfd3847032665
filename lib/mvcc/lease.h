// SPDX-License-Identifier: Apache-2.0
// Leases, and the keys attached to them: docs/format/mvcc.md, "Leases".
#pragma once

#include <string>
#include <vector>

#include "mvcc/store.h"

namespace etcdmedic::mvcc {

struct Lease {
  int64_t id = 0;
  int64_t ttl = 0;            // seconds, as granted
  int64_t remaining_ttl = 0;  // seconds at the last checkpoint; 0 where none was written
  uint64_t offset = 0;        // of the entry in the file
  bool known = true;          // false: keys name it, bucket `lease` does not
  std::vector<std::string> keys;
};

// The leases of bucket `lease` in the order of their ids, each with the keys that exist at `revision` (0: the
// newest) and name it; then the unknown ones that those keys name. The bucket keeps no history: the leases
// are today's at any revision, and one that is unknown in the past may have ended since. Reports
// MVCC-LEASE-MALFORMED and what reading reports. Errors: as Store::Range.
Result<std::vector<Lease>> ReadLeases(const Store& store, int64_t revision, diag::FindingSink& sink);
// The same with the keys of an index of all keys.
std::vector<Lease> ReadLeases(const Store& store, const KeyIndex& index, diag::FindingSink& sink);

// Whether an entry of bucket `lease` is a lease, under its own id.
bool IsLease(Bytes key, Bytes value);

// Only reports the entries of bucket `lease` that are not leases.
void CheckLeaseEntries(const Store& store, diag::FindingSink& sink);

}  // namespace etcdmedic::mvcc
