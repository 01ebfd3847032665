// SPDX-License-Identifier: Apache-2.0
// Every rule over a member's files, and what etcd would make of them.
#pragma once

#include "check/log_rules.h"
#include "member/member_state.h"
#include "startup/predict.h"

namespace etcdmedic::check {

struct Report {
  std::vector<diag::Finding> findings;  // sorted; not folded
  startup::EtcdVersion version;
  startup::Prediction prediction;
  // No finding is above a note, and etcd, where that can be predicted, starts and serves everything.
  bool sound() const {
    return diag::WorstOf(findings) == diag::Severity::kNote &&
           (startup::IsGood(prediction.outcome) || prediction.outcome == startup::Outcome::kUnknown);
  }
};

// Checks what was loaded and opens no file again. Never fails: what is wrong is a finding. `version`: the
// release to predict for; detected from the files where absent.
Report Verify(const member::MemberState& state, std::optional<startup::EtcdVersion> version = std::nullopt);

}  // namespace etcdmedic::check
