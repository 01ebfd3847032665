// SPDX-License-Identifier: Apache-2.0
// INDEX.snap.db: a backend that a leader sent, or that somebody put there by hand, and that etcd puts in the
// place of the db when the db is older than the newest snapshot. docs/format/startup.md, "The backend of a
// snapshot".
#pragma once

#include <cstdint>

#include "member/member_state.h"

namespace etcdmedic::member {

// Reads the .snap.db files of `state.layout` into state.snap_dbs.
void LoadSnapDbs(MemberState& state);

// The one with the name that belongs to a snapshot at `index`, or null.
const SnapDb* SnapDbFor(const MemberState& state, uint64_t index);

}  // namespace etcdmedic::member
