// SPDX-License-Identifier: Apache-2.0
// The state of a machine as a backend that etcd opens: docs/format/mvcc.md.
#pragma once

#include "bolt/builder.h"
#include "replay/machine.h"

namespace etcdmedic::replay {

// Keys and values of a bucket.
using Entries = std::map<std::string, std::string, std::less<>>;

// The entries of bucket alarm, authRoles, authUsers, lease, members or members_removed as the machine's state
// makes them; of buckets auth and cluster those that an entry has changed.
Entries EntriesOf(const Machine& machine, std::string_view bucket);

// Writes every bucket of the machine's state into `builder`, and finishes it. `base`: the backend that the
// machine began with, null for none; its records and what no entry changed are taken over as they are. What a
// compaction up to now has made superfluous is left out, as after a compaction that has finished. Errors: as
// bolt::Builder, mvcc::EntryTable::Read.
Result<bolt::BuildSummary> WriteBackend(const Machine& machine, const mvcc::Store* base,
                                        bolt::Builder& builder);

}  // namespace etcdmedic::replay
