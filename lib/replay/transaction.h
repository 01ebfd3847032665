// SPDX-License-Identifier: Apache-2.0
// A transaction as etcd applies it: docs/format/mvcc.md, "How entries become revisions".
#pragma once

#include "replay/key_space.h"
#include "replay/request_tree.h"

namespace etcdmedic::replay {

// Applies a put, a deletion or a transaction, between Begin and End of `keys`. False, and nothing changed,
// where etcd refuses: an unknown lease, a key that must exist and does not, or, in a transaction, a revision
// to read from that is compacted or lies in the future. `check_top_ranges`: etcd 3.7 checks the ranges of the
// outermost transaction too; a restarted member of older releases has dropped them before.
bool ApplyPut(const PutOp& put, KeySpace& keys);
bool ApplyTxn(const Txn& txn, bool check_top_ranges, KeySpace& keys);

// What the request counts for where the member's space is exhausted: 0 for one that etcd still applies.
uint64_t CostOf(const Txn& txn);

}  // namespace etcdmedic::replay
