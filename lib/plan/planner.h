// SPDX-License-Identifier: Apache-2.0
// Findings about a member's log and snapshots -> a plan that lets etcd start on them.
// docs/design/repair-safety.md.
#pragma once

#include "check/verify.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

// Reads only what was loaded, and tries every step in memory. Never fails: where nothing helps the plan has
// no steps. Never plans a log that claims more than it holds: its commit index is within it, and the backend
// is not ahead of it. What cannot be repaired is in Plan::advice.
// Steps that `options` ask for come last.
Plan MakePlan(const member::MemberState& state, const check::Report& report, const PlanOptions& options = {});

}  // namespace etcdmedic::plan
