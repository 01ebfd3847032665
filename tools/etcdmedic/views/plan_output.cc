// SPDX-License-Identifier: Apache-2.0
#include "views/plan_output.h"

#include <algorithm>

#include "render/text.h"
#include "views/shared.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

std::string_view NameOf(plan::Safety safety) { return safety == plan::Safety::kSafe ? "safe" : "lossy"; }

std::string_view NameOf(plan::EditKind kind) {
  constexpr std::string_view kNames[] = {"write", "truncate", "rename", "remove", "create", "make-folder", "set-owner"};
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
      return fmt::format("create {} of {} bytes", edit.file, edit.bytes.size());
    case plan::EditKind::kMakeFolder:
      return fmt::format("make the directory {}", edit.file);
    case plan::EditKind::kSetOwner:
      return fmt::format("chown {}:{}, chmod {:04o} {}", edit.owner.uid, edit.owner.gid, edit.owner.mode, edit.file);
  }
  return {};
}

void WriteStep(render::Document& document, const plan::Step& step) {
  document.BeginMap();
  document.Field("safety", NameOf(step.safety));
  document.Key("codes");
  document.BeginList();
  for (const diag::Code code : step.heals) document.String(InfoOf(code).name);
  document.EndList();
  document.Field("title", step.title);
  document.Field("why", step.why);
  document.Field("loss", step.loss);
  if (step.lost_first != 0) {
    document.Key("lost");
    document.BeginMap();
    document.Field("first_index", step.lost_first);
    document.Field("last_index", step.lost_last);
    document.Field("committed_at_least", step.lost_committed);
    document.EndMap();
  }
  document.Key("edits");
  document.BeginList();
  for (const plan::Edit& edit : step.edits) {
    document.BeginMap();
    document.Field("kind", NameOf(edit.kind));
    document.Field("file", edit.file);
    if (!edit.target.empty()) document.Field("target", edit.target);
    document.Field("offset", edit.offset);
    document.Field("size", edit.kind == plan::EditKind::kTruncate ? edit.size : edit.bytes.size());
    document.EndMap();
  }
  document.EndList();
  document.EndMap();
}

void WriteSteps(render::Document& document, std::string_view name, const std::vector<plan::Step>& steps) {
  document.Key(name);
  document.BeginList();
  for (const plan::Step& step : steps) WriteStep(document, step);
  document.EndList();
}

void WriteVerified(render::Document& document, const check::Report& report) {
  document.Key("verified");
  document.BeginMap();
  document.Field("sound", report.sound());
  document.Field("problems", static_cast<uint64_t>(
                                 std::ranges::count_if(report.findings, [](const diag::Finding& finding) {
                                   return finding.severity > diag::Severity::kNote;
                                 })));
  document.Field("etcd", fmt::format("{}.{}", report.version.major, report.version.minor));
  document.Field("outcome", NameOf(report.prediction.outcome));
  WriteFindings(document, report.findings);
  document.EndMap();
}

void WriteOutcome(render::Document& document, const Outcome& outcome) {
  WriteSteps(document, "applied", outcome.applied.steps);
  if (!outcome.journal.empty()) document.Field("journal", outcome.journal);
  if (!outcome.output.empty()) document.Field("output", outcome.output);
  if (!outcome.error.empty()) document.Field("error", outcome.error);
  document.Key("not_given");
  document.BeginList();
  for (const std::string& each : outcome.not_given) document.String(each);
  document.EndList();
  if (outcome.verified) WriteVerified(document, *outcome.verified);
}

}  // namespace

void PrintPlan(Context& context, const plan::Plan& plan, bool sound) {
  if (plan.steps.empty())
    context.out.Write(sound ? "Nothing to repair.\n" : "Nothing that repair can fix by itself.\n");
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const plan::Step& step = plan.steps[i];
    context.out.Print("{}. [{}] {}\n   why:  {}\n   lost: {}\n", i + 1, NameOf(step.safety),
                      render::Printable(step.title), step.why, step.loss);
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

void WritePlan(Context& context, const plan::Plan& plan, const Outcome* outcome) {
  render::Document document(context.out, context.format);
  document.BeginMap();
  document.Field("schema", "etcdmedic.plan/v1");
  document.Field("root", plan.root);
  WriteSteps(document, "steps", plan.steps);
  document.Key("advice");
  document.BeginList();
  for (const std::string& advice : plan.advice) document.String(advice);
  document.EndList();
  document.Key("doubts");
  document.BeginList();
  for (const plan::Doubt& doubt : plan.doubts) {
    document.BeginMap();
    document.Field("first_index", doubt.first_index);
    document.Field("why", doubt.why);
    document.EndMap();
  }
  document.EndList();
  if (outcome != nullptr) WriteOutcome(document, *outcome);
  document.EndMap();
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
