// SPDX-License-Identifier: Apache-2.0
// Every rule over a member's files, and what etcd would make of them.
#pragma once

#include "check/boot.h"
#include "check/log_rules.h"
#include "check/member_state.h"

namespace etcdmedic::check {

struct Report {
  std::vector<diag::Finding> findings;  // sorted; not folded
  EtcdVersion version;
  Prediction prediction;
  // True where a finding is worse than a note.
  bool damaged() const { return diag::WorstOf(findings) > diag::Severity::kNote; }
};

// Checks what was loaded. `version`: whose behaviour to foretell; guessed from the files where absent.
Report Verify(const MemberState& state, std::optional<EtcdVersion> version = std::nullopt);

}  // namespace etcdmedic::check
