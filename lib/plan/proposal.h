// SPDX-License-Identifier: Apache-2.0
// What could be done next for a member as it is: steps that do not depend on one another. The planner tries
// them in memory and asks again for what came out. docs/design/repair-safety.md.
#pragma once

#include <set>

#include "check/verify.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

struct Proposal {
  std::vector<Step> steps;          // of one kind; none where nothing (more) can be done
  std::vector<std::string> advice;  // what is in the way, for people
};

// The next steps, those first that change nothing but bytes: healed bytes, what is left over; then names of
// segments; then parts that are removed or written again, of which one at most is lossy. `refused`: titles of
// steps that were tried and do not help; what comes after them is proposed instead.
Proposal ProposeSteps(const member::MemberState& state, const check::Report& report,
                      const PlanOptions& options, const std::set<std::string>& refused);

}  // namespace etcdmedic::plan
