// SPDX-License-Identifier: Apache-2.0
// Whether a step that was tried in memory keeps its word: nothing that could be read before is lost or
// changed, and what it answers is answered.
#pragma once

#include <memory>

#include "check/verify.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

// A member at one moment of a plan.
struct Moment {
  std::shared_ptr<const member::MemberState> state;
  check::Report report;
};

// Why the step must not be done; empty where it may.
std::string ReasonAgainst(const std::vector<Step>& steps, const Moment& before, const Moment& after);

}  // namespace etcdmedic::plan
