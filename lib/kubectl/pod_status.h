// SPDX-License-Identifier: Apache-2.0
// What kubectl says about a pod in one line: its STATUS is not its phase. docs/kubernetes.md, "Tables".
#pragma once

#include <string>

#include "text/object_tree.h"

namespace etcdmedic::kubectl {

struct PodSummary {
  std::string status;  // "Running", "CrashLoopBackOff", "Init:0/2", "Terminating", …
  int64_t containers = 0, ready = 0;
  int64_t restarts = 0;
  std::string_view last_restart;  // a time; empty where there was none
};

PodSummary SummarisePod(text::ObjectView pod);

}  // namespace etcdmedic::kubectl
