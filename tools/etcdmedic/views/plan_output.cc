// SPDX-License-Identifier: Apache-2.0
#include "views/plan_output.h"

#include <algorithm>

#include "plan/edit.h"
#include "render/text.h"
#include "views/shared.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

std::string_view NameOf(plan::Safety safety) { return safety == plan::Safety::kSafe ? "safe" : "lossy"; }

std::string_view NameOf(plan::EditKind kind) {
  constexpr std::string_view kNames[] = {"write",  "truncate",    "rename",   "remove",
                                         "create", "make-folder", "set-owner"};
  return kNames[static_cast<size_t>(kind)];
}

std::string Describe(const plan::Edit& edit) {
  switch (edit.kind) {
    case plan::EditKind::kWrite:
      return fmt::format("write {} at {} of {}", render::Count(edit.bytes.size(), "byte"), edit.offset,
                         edit.file);
    case plan::EditKind::kTruncate:
      return fmt::format("truncate {} to {} bytes", edit.file, edit.size);
    case plan::EditKind::kRename:
      return fmt::format("rename {} to {}", edit.file, edit.target);
    case plan::EditKind::kRemove:
      return fmt::format("remove {}", edit.file);
    case plan::EditKind::kCreate:
      return fmt::format("create {} of {} bytes", edit.file, plan::ContentOf(edit).bytes.size());
    case plan::EditKind::kMakeFolder:
      return fmt::format("make the directory {}", edit.file);
    case plan::EditKind::kSetOwner:
      return fmt::format("chown {}:{}, chmod {:04o} {}", edit.owner.uid, edit.owner.gid, edit.owner.mode,
                         edit.file);
  }
  return {};
}

void WriteEdit(render::Document& document, const plan::Edit& edit) {
  document.Field("action", NameOf(edit.kind));
  document.Field("file", edit.file);
  document.FieldIf("target", edit.target);
  const bool truncates = edit.kind == plan::EditKind::kTruncate;
  if (edit.kind == plan::EditKind::kWrite) document.Field("offset", edit.offset);
  if (truncates || edit.kind == plan::EditKind::kWrite || edit.kind == plan::EditKind::kCreate)
    document.Field("size", truncates ? edit.size : plan::ContentOf(edit).bytes.size());
}

void WriteStep(render::Document& document, const plan::Step& step) {
  document.Field("safety", NameOf(step.safety));
  std::vector<std::string> codes;
  for (const diag::Code code : step.heals) codes.emplace_back(InfoOf(code).name);
  document.Texts("codes", codes);
  document.Sentence("message", step.title);
  document.Sentence("explanation", step.why);
  document.Sentence("loss_message", step.loss);
  if (step.lost_first != 0) {
    document.Map("lost_entries", [&] {
      document.Field("first_index", step.lost_first);
      document.FieldIf("last_index", step.lost_last);
      document.Field("committed_count", step.lost_committed);
    });
  }
  if (!step.provenance.empty()) {
    document.List("origins", step.provenance,
                  [&](const std::string& each) { document.Sentence("message", each); });
  }
  document.List("edits", step.edits, [&](const plan::Edit& edit) { WriteEdit(document, edit); });
}

void WriteSteps(render::Document& document, std::string_view name, const std::vector<plan::Step>& steps) {
  document.List(name, steps, [&](const plan::Step& step) { WriteStep(document, step); });
}

void WriteVerified(render::Document& document, const check::Report& report) {
  document.Field("sound", report.sound());
  document.Field("problem_count", CountOf(report.findings, diag::Severity::kWarning, diag::Severity::kFatal));
  WritePrediction(document, "prediction", report.version, report.prediction);
  WriteFindings(document, report.findings);
}

void WriteOutcome(render::Document& document, const Outcome& outcome) {
  document.FieldIf("journal", outcome.journal);
  document.FieldIf("output", outcome.output);
  WriteSteps(document, "applied_steps", outcome.applied.steps);
  if (outcome.error) document.Map("error", [&] { WriteFailure(document, *outcome.error); });
  WriteNotGiven(document, outcome.not_given);
  if (outcome.verified) document.Map("verified", [&] { WriteVerified(document, *outcome.verified); });
}

}  // namespace

void PrintPlan(Context& context, const plan::Plan& plan, bool sound) {
  if (plan.steps.empty())
    context.out.Write(sound ? "Nothing to repair.\n" : "Nothing that repair can fix by itself.\n");
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const plan::Step& step = plan.steps[i];
    context.out.Print("{}. [{}] {}\n   why:  {}\n   lost: {}\n", i + 1, NameOf(step.safety),
                      render::Printable(step.title), step.why, step.loss);
    for (const std::string& each : step.provenance)
      context.out.Print("   from: {}\n", render::Printable(each));
    for (const plan::Edit& edit : step.edits)
      context.out.Print("     {}\n", render::Printable(Describe(edit)));
  }
  for (const std::string& advice : plan.advice)
    context.out.Print("Not repaired here: {}\n", render::Printable(advice));
  for (const plan::Doubt& doubt : plan.doubts) {
    context.out.Print("Unknown: whether entries existed from {} on; {}\n", doubt.first_index,
                      render::Printable(doubt.why));
  }
}

void WritePlan(render::Document& document, const plan::Plan& plan, const Outcome* outcome) {
  document.Field("root", plan.root);
  WriteSteps(document, "steps", plan.steps);
  document.List("not_repaired", plan.advice,
                [&](const std::string& advice) { document.Sentence("message", advice); });
  document.List("doubts", plan.doubts, [&](const plan::Doubt& doubt) {
    document.Field("first_index", doubt.first_index);
    document.Sentence("explanation", doubt.why);
  });
  if (outcome != nullptr) WriteOutcome(document, *outcome);
}

void WriteNotGiven(render::Document& document, const std::vector<std::string>& not_given) {
  document.List("unowned_files", not_given, [&](const std::string& each) {
    const size_t space = each.find(' ');
    document.Field("owner", each.substr(0, space));
    document.Field("path", each.substr(space + 1));
  });
}

void SayNotGiven(Context& context, const std::vector<std::string>& not_given) {
  for (const std::string& each : not_given) {
    const size_t space = each.find(' ');
    context.err.Print("etcdmedic: {}: cannot be given to its owner; as root: chown {} {}\n",
                      render::Printable(each.substr(space + 1)), each.substr(0, space),
                      ShellQuoted(each.substr(space + 1)));
  }
}

}  // namespace etcdmedic::tool
