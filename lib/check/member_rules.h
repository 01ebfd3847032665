// SPDX-License-Identifier: Apache-2.0
// Rules over who is a member: the log's metadata and configuration changes, the ConfState of the .snap, and
// the backend's buckets must describe one cluster that holds this member. docs/format/startup.md, "Identity".
#pragma once

#include "member/member_state.h"

namespace etcdmedic::check {

// Reports DB-MEMBER-FOREIGN, SNAP-MEMBER-FOREIGN, RAFT-MEMBER-REMOVED and MVCC-LEARNERS-TOO-MANY.
void CheckMembers(const member::MemberState& state, diag::FindingSink& sink);

}  // namespace etcdmedic::check
