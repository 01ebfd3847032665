// SPDX-License-Identifier: Apache-2.0
// The backend of a member, read and checked page by page. docs/format/bolt.md.
#pragma once

#include "member/member_state.h"

namespace etcdmedic::member {

// Reads and checks the db of `state.layout`. Reports DB-* into `sink`. Where a running member commits while
// its db is read, it is read again; where that does not help, what was found in the tree is left out and
// DB-CHANGED-DURING-READ says so. A db that cannot be opened goes to `state.unopened`.
void LoadBackend(MemberState& state, const LoadOptions& options, diag::FindingSink& sink);

}  // namespace etcdmedic::member
