// SPDX-License-Identifier: Apache-2.0
// Which findings are faults of the backend itself.
#pragma once

#include <vector>

#include "diag/finding.h"

namespace etcdmedic::plan {

// The codes of those among `findings` that a change of the backend can answer, once each. What only concerns
// the distance between backend and log is not among them.
std::vector<diag::Code> BackendFaults(const std::vector<diag::Finding>& findings);

}  // namespace etcdmedic::plan
