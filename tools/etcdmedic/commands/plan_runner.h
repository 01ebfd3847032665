// SPDX-License-Identifier: Apache-2.0
// A plan shown, and carried out where that is asked for: what `repair` and `migrate` share.
#pragma once

#include <functional>

#include "check/verify.h"
#include "cli/command.h"
#include "plan/plan.h"

namespace etcdmedic::tool {

struct PlanRun {
  std::string command = "etcdmedic repair";  // what to type to carry it out, before the path
  std::string_view document = "repair";
  plan::PlanOptions options = {};
  std::function<void(render::Document& document)> fields = {};  // that stand before the plan
  bool migrates = false;                                        // in place of a repair
};

// Reads the member, plans, and with --apply or --output carries it out. Gives the exit code.
int RunPlan(Context& context, const Args& args, std::optional<startup::EtcdVersion> version, PlanRun run);

}  // namespace etcdmedic::tool
