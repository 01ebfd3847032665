// SPDX-License-Identifier: Apache-2.0
// Rules over what the backend's buckets say: docs/format/mvcc.md.
#pragma once

#include "bolt/check.h"
#include "diag/finding.h"
#include "mvcc/store.h"
#include "raft/log.h"

namespace etcdmedic::check {

// Rules over the key space: every revision above the compacted one is there, each change follows from the one
// before of its key, tombstones are such as etcd writes, leases exist. Reports MVCC-* and what reading
// reports; what does not follow from the changes before because pages between are lost is one finding.
void CheckKeys(const mvcc::Store& store, diag::FindingSink& sink);

// The separators in the branches of bucket `key`, which no reader of keys looks at and every search goes by.
// Reports MVCC-SEPARATOR-MALFORMED.
void CheckSeparators(const bolt::FileReport& pages, const mvcc::Store& store, diag::FindingSink& sink);

// Rules over the small buckets: their entries parse, voters are the members, no alarm is active; and, where
// there is a log, that it names the same term for the last applied entry.
void CheckBuckets(const mvcc::Store& store, const raft::Log* log, diag::FindingSink& sink);

}  // namespace etcdmedic::check
