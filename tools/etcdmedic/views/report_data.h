// SPDX-License-Identifier: Apache-2.0
// What `report` shows, as a page or as a document.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/compare_members.h"
#include "report/member_report.h"
#include "views/verdict.h"

namespace etcdmedic::tool {

struct ReportedMember {
  const member::MemberState* state = nullptr;
  const check::Report* checked = nullptr;
  report::MemberReport gathered;
  std::vector<ReleasePrediction> predictions;  // of each release that is known
  raft::Elections elections;                   // by its own log
  std::string next;                            // the command that helps; empty where nothing is wrong
};

struct ReportData {
  std::vector<ReportedMember> members;
  // Where there are several.
  std::optional<check::Comparison> comparison;
  std::vector<std::string> advice;
  raft::Elections elections;  // by all logs, where they are of one cluster

  bool sound() const { return comparison ? comparison->sound() : members.front().checked->sound(); }
};

}  // namespace etcdmedic::tool
