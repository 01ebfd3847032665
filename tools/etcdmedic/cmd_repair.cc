// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "plan/journal.h"
#include "plan/planner.h"
#include "render/text.h"
#include "shared.h"
#include "verdict.h"

namespace etcdmedic::tool {
namespace {

std::string_view NameOf(plan::Safety safety) { return safety == plan::Safety::kSafe ? "safe" : "lossy"; }

std::string_view NameOf(plan::EditKind kind) {
  constexpr std::string_view kNames[] = {"write", "truncate", "rename", "remove", "create"};
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
  }
  return {};
}

void PrintPlan(Context& context, const plan::Plan& plan) {
  if (plan.steps.empty()) context.out.Write("Nothing to repair.\n");
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
    context.out.Print("Cannot be told: whether there were entries from {} on; {}\n", doubt.first_index,
                      render::Printable(doubt.why));
  }
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

void WritePlan(Context& context, const plan::Plan& plan) {
  render::Document document(context.out, context.format);
  document.BeginMap();
  document.Field("schema", "etcdmedic.plan/v1");
  document.Field("root", plan.root);
  document.Key("steps");
  document.BeginList();
  for (const plan::Step& step : plan.steps) WriteStep(document, step);
  document.EndList();
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
  document.EndMap();
}

// Next to what is repaired, under the first number that is free.
std::string DefaultJournal(const plan::Plan& plan) {
  const std::string folder =
      std::filesystem::is_directory(plan.root + "/member") ? plan.root + "/member" : plan.root;
  for (int number = 1;; ++number) {
    std::string name = fmt::format("{}/etcdmedic-undo-{:04}.journal", folder, number);
    if (!std::filesystem::exists(name)) return name;
  }
}

// Reads what came out and says what is left.
int VerifyAgain(Context& context, const std::string& path, size_t before, size_t left_out) {
  auto layout = member::Recognise(path);
  if (!layout) return Report(context, layout.error());
  auto state = check::LoadMember(std::move(*layout), {.keys = true});
  if (!state) return Report(context, state.error());
  const check::Report report = check::Verify(*state);
  size_t after = 0;
  for (const diag::Finding& finding : report.findings)
    after += finding.severity > diag::Severity::kNote ? 1 : 0;
  context.err.Print("etcdmedic: verified again: {} before, {} now; {}\n", render::Count(before, "problem"),
                    after, DescribeOutcome(report.prediction, report.version));
  return kMended | (!report.sound() || left_out > 0 ? kDamaged : 0);
}

int Carry(Context& context, const Args& args, plan::Plan plan, size_t before) {
  const size_t planned = plan.steps.size();
  if (!args.Has("--accept-loss")) {
    std::erase_if(plan.steps, [](const plan::Step& step) { return step.safety == plan::Safety::kLossy; });
  }
  const size_t left_out = planned - plan.steps.size();
  if (left_out > 0)
    context.err.Print("etcdmedic: {} left out; --accept-loss takes {}\n",
                      render::Count(left_out, "lossy step"), left_out == 1 ? "it" : "them");
  const auto output = args.Get("--output");
  if (plan.steps.empty() && !output) return left_out > 0 || before > 0 ? kDamaged : kClean;
  if (output) {
    if (auto done = plan::ApplyToCopy(plan, *output); !done) return Report(context, done.error());
    return VerifyAgain(context, *output, before, left_out);
  }
  const std::string journal =
      std::filesystem::absolute(args.Get("--journal").value_or(DefaultJournal(plan))).string();
  const std::string root = plan.root;
  if (auto done = plan::ApplyInPlace(plan, {journal, {}}); !done) {
    context.err.Print("etcdmedic: stopped; `etcdmedic undo {}` takes back what was done\n", journal);
    return Report(context, done.error());
  }
  context.err.Print("etcdmedic: done; `etcdmedic undo {}` takes it back\n", journal);
  return VerifyAgain(context, args.positional()[0], before, left_out);
}

}  // namespace

int RunRepair(Context& context, const Args& args) {
  if (args.Has("--apply") && args.Has("--output"))
    return Report(context, {Errc::kUsage, {}, "--apply and --output exclude each other"});
  const auto version = VersionOf(args);
  if (!version) return Report(context, version.error());
  auto state = Load(args, {.keys = true});
  if (!state) return Report(context, state.error());
  if (state->in_use.running) {
    return Report(context, {Errc::kInUse,
                            {state->layout.given, 0},
                            "a running etcd holds " + state->in_use.what + ": stop it first"});
  }
  if (state->layout.wal_elsewhere && (args.Has("--apply") || args.Has("--output"))) {
    return Report(context, {Errc::kRefused,
                            {state->layout.given, 0},
                            "the plan is shown only: a log outside the data directory is not changed yet; move it "
                            "to member/wal, repair, and move it back"});
  }
  const check::Report report = check::Verify(*state, *version);
  size_t before = 0;
  for (const diag::Finding& finding : report.findings)
    before += finding.severity > diag::Severity::kNote ? 1 : 0;
  plan::Plan plan = plan::MakePlan(*state, report);
  context.format == render::Format::kTable ? PrintPlan(context, plan) : WritePlan(context, plan);
  context.out.Flush();
  if (args.Has("--apply") || args.Has("--output")) return Carry(context, args, std::move(plan), before);
  if (!plan.steps.empty())
    context.err.Write("etcdmedic: nothing was changed; --apply does it in place, --output DIR on a copy\n");
  return report.sound() ? kClean : kDamaged;
}

int RunUndo(Context& context, const Args& args) {
  auto report = plan::Undo(args.positional()[0]);
  if (!report) return Report(context, report.error());
  context.out.Print("{} files are as they were, {} bytes written back\n", report->files_restored,
                    report->bytes_restored);
  return kClean;
}

}  // namespace etcdmedic::tool
