// SPDX-License-Identifier: Apache-2.0
// INDEX.snap.db: a backend that a leader sent, or that somebody put there by hand, and that etcd puts in the
// place of the db when the db is older than the newest snapshot. docs/format/startup.md, "The backend of a
// snapshot".
#pragma once

#include <optional>
#include <string>

#include "check/boot.h"

namespace etcdmedic::check {

// Reads the .snap.db files of `state.layout` into state.snap_dbs. One that cannot be opened has that for its
// fault.
void LoadSnapDbs(MemberState& state);

// The one with the name that belongs to a snapshot at `index`, or null.
const SnapDb* SnapDbFor(const MemberState& state, uint64_t index);

// How etcd ends when it needs the backend of the snapshot at `index`; nothing where it goes on, with the
// .snap.db as its backend where `applied` has become its consistent_index. `applied`: the db's, 0 for none.
std::optional<Prediction> TakeSnapDb(const MemberState& state, EtcdVersion version, uint64_t index,
                                     uint64_t& applied);

// Reports SNAP-DB-MISMATCH for a file that is not the backend of the snapshot whose name it has, and
// SNAP-DB-LEFT for the others.
void CheckSnapDbs(const MemberState& state, diag::FindingSink& sink);

}  // namespace etcdmedic::check
