// SPDX-License-Identifier: Apache-2.0
// Rules over the INDEX.snap.db files beside the backend. docs/format/startup.md, "The backend of a snapshot".
#pragma once

#include "member/member_state.h"

namespace etcdmedic::check {

// Reports SNAP-DB-MISMATCH for a file that is not the backend of the snapshot whose name it has, and
// SNAP-DB-LEFT for the others.
void CheckSnapDbs(const member::MemberState& state, diag::FindingSink& sink);

}  // namespace etcdmedic::check
