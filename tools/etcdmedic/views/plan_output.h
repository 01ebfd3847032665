// SPDX-License-Identifier: Apache-2.0
// A repair's plan, and what came of it, for people and for programs.
#pragma once

#include <optional>
#include <string>

#include "check/verify.h"
#include "cli/command.h"
#include "plan/plan.h"

namespace etcdmedic::tool {

// What was done with a plan.
struct Outcome {
  plan::Plan applied;  // only the steps that were carried out
  std::string journal;
  std::string output;
  std::vector<std::string> not_given;
  std::optional<Error> error;
  std::optional<check::Report> verified;  // what came out
};

// `sound`: whether nothing is wrong with the member, so that nothing has to be repaired.
void PrintPlan(Context& context, const plan::Plan& plan, bool sound);

// `outcome`: null where nothing was to be done.
// The fields of a plan, and of what was made of it.
void WritePlan(render::Document& document, const plan::Plan& plan, const Outcome* outcome);

// "unowned_files": what could not be given to its owner.
void WriteNotGiven(render::Document& document, const std::vector<std::string>& not_given);

// Names what belongs to somebody else than it should ("UID:GID PATH"), and what fixes it.
void SayNotGiven(Context& context, const std::vector<std::string>& not_given);

}  // namespace etcdmedic::tool
