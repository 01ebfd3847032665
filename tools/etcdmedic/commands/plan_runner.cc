// SPDX-License-Identifier: Apache-2.0
#include "commands/plan_runner.h"

#include <algorithm>
#include <filesystem>
#include <ranges>

#include "cli/flags.h"
#include "inputs/stopped_member.h"
#include "member/archive_layout.h"
#include "plan/journal.h"
#include "plan/planner.h"
#include "plan/undo.h"
#include "render/text.h"
#include "views/plan_output.h"
#include "views/shared.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

namespace fs = std::filesystem;

// Next to what is repaired, under the first number that is free; never in wal/ or snap/, where etcd would
// meet it.
std::string DefaultJournal(const plan::Plan& plan, const member::Layout& layout) {
  fs::path folder(plan.root);
  const std::string name = folder.filename().string();
  if (layout.kind == member::Kind::kDataDir) folder /= "member";
  if (layout.kind == member::Kind::kWalDir || layout.kind == member::Kind::kSnapDir || name == "wal" ||
      name == "snap")
    folder = folder.parent_path();
  for (int number = 1;; ++number) {
    const fs::path path = folder / fmt::format("etcdmedic-undo-{:04}.journal", number);
    if (!fs::exists(fs::symlink_status(path))) return path.string();
  }
}

bool IsLossy(const plan::Step& step) { return step.safety == plan::Safety::kLossy || step.follows_loss; }

size_t CountLossy(const plan::Plan& plan) {
  return static_cast<size_t>(std::ranges::count_if(plan.steps, IsLossy));
}

// What to type after a plan has been shown.
void SayWhatDoesIt(Context& context, const plan::Plan& plan, const member::Layout& layout,
                   const std::string& name, const std::string& from) {
  const size_t lossy = CountLossy(plan), safe = plan.steps.size() - lossy;
  const std::string command = name + " " + ShellQuoted(layout.given) + from +
                              (layout.wal_elsewhere ? " --wal-dir " + ShellQuoted(layout.wal_dir) : "");
  context.err.Write("etcdmedic: nothing was changed\n");
  if (safe > 0 && !plan.all_or_nothing)
    context.err.Print("etcdmedic: `{} --apply` takes {}; --output NEW instead does it on a copy\n", command,
                      render::Count(safe, "safe step"));
  if (lossy > 0)
    context.err.Print("etcdmedic: `{} --apply --accept-loss` takes {} too: read what is lost first\n",
                      command, render::Count(lossy, "lossy step"));
}

// Reads what came out and says what is left.
Result<check::Report> VerifyAgain(const std::string& path, const std::string& wal_dir,
                                  startup::EtcdVersion version) {
  auto layout = member::Recognise(path, wal_dir);
  if (!layout) return tl::make_unexpected(layout.error());
  auto state = member::LoadMember(std::move(*layout), {.keys = true});
  if (!state) return tl::make_unexpected(state.error());
  return check::Verify(*state, version);
}

// Nothing is wrong any more, but perhaps for a db that the plan left to etcd: it makes one of the log.
bool IsDone(const check::Report& report) {
  if (report.sound()) return true;
  const auto left_to_etcd = [](const diag::Finding& finding) {
    return finding.severity <= diag::Severity::kNote ||
           (finding.code == diag::Code::kDbMissing && finding.severity == diag::Severity::kWarning);
  };
  return startup::IsGood(report.prediction.outcome) && std::ranges::all_of(report.findings, left_to_etcd);
}

class PlanRunner {
 public:
  PlanRunner(Context& context, const Args& args, const member::MemberState& state,
             const check::Report& report, const PlanRun& run)
      : context_(context),
        args_(args),
        run_(run),
        layout_(state.layout),
        report_(report),
        plan_(plan::MakePlan(state, report, run.options)) {}

  int Run() {
    const bool carry = args_.Has("--apply") || args_.Has("--output");
    if (context_.format == render::Format::kTable) {
      if (run_.migrates && plan_.steps.empty()) {
        SayWhyNotMigrated();
      } else {
        PrintPlan(context_, plan_, Sound());
      }
      context_.out.Flush();
    }
    const int code = carry ? Carry() : Show();
    if (context_.format != render::Format::kTable) {
      WriteDocument(context_, run_.document, [&](render::Document& document) {
        document.Field("path", layout_.given);
        if (run_.fields) run_.fields(document);
        WritePlan(document, plan_, carry ? &outcome_ : nullptr);
      });
    }
    return code;
  }

 private:
  // Advice is about what is wrong and cannot be repaired here.
  bool Sound() const { return (run_.migrates || report_.sound()) && plan_.advice.empty(); }

  void SayWhyNotMigrated() {
    if (Sound()) context_.out.Write("Nothing to migrate: the backend is of that release.\n");
    for (const std::string& why : plan_.advice)
      context_.out.Print("Cannot be migrated: {}\n", render::Printable(why));
  }

  int Show() {
    if (!plan_.steps.empty()) {
      const auto from = args_.Get("--from");
      SayWhatDoesIt(context_, plan_, layout_, run_.command, from ? " --from " + ShellQuoted(*from) : "");
    }
    return Sound() ? kClean : kDamaged;
  }

  // The steps that may be taken, and a word about those that may not.
  plan::Plan Allowed() {
    plan::Plan allowed = plan_;
    if (args_.Has("--accept-loss")) return allowed;
    std::erase_if(allowed.steps, IsLossy);
    left_out_ = plan_.steps.size() - allowed.steps.size();
    if (left_out_ == 0) return allowed;
    if (plan_.all_or_nothing) {
      allowed.steps.clear();
      context_.err.Write(
          "etcdmedic: the safe steps alone would let etcd start and lose data silently, so nothing is "
          "done\n");
    }
    context_.err.Print("etcdmedic: {} left out; --accept-loss takes {}\n",
                       render::Count(left_out_, "lossy step"), left_out_ == 1 ? "it" : "them");
    return allowed;
  }

  int Carry() {
    plan::Plan allowed = Allowed();
    if (allowed.steps.empty()) {
      if (args_.Has("--output"))
        context_.err.Write("etcdmedic: there is nothing to do, so no copy was made\n");
      return Sound() && left_out_ == 0 ? kClean : kDamaged;
    }
    const auto output = args_.Get("--output");
    const auto done = output ? ToCopy(allowed, *output) : InPlace(allowed);
    if (!done) {
      outcome_.error = done.error();
      return PrintError(context_, done.error());
    }
    outcome_.applied = std::move(allowed);
    outcome_.not_given = done->not_given;
    SayNotGiven(context_, done->not_given);
    return SayWhatCameOut(output.value_or(layout_.given)) | (done->not_given.empty() ? 0 : kFailed);
  }

  Result<plan::Applied> ToCopy(const plan::Plan& plan, const std::string& output) {
    auto done = plan::ApplyToCopy(plan, output);
    if (done) outcome_.output = fs::absolute(output).lexically_normal().string();
    return done;
  }

  Result<plan::Applied> InPlace(const plan::Plan& plan) {
    const std::string journal = fs::absolute(args_.Get("--journal").value_or(DefaultJournal(plan, layout_)))
                                    .lexically_normal()
                                    .string();
    const bool existed = fs::exists(fs::symlink_status(journal));
    auto done = plan::ApplyInPlace(plan, {journal, {}});
    if (existed || !fs::exists(journal)) return done;  // nothing was changed
    outcome_.journal = journal;
    context_.err.Print("etcdmedic: {}; `etcdmedic undo {}` takes {} back\n", done ? "done" : "stopped",
                       ShellQuoted(journal), done ? "it" : "what was done");
    return done;
  }

  int SayWhatCameOut(const std::string& path) {
    auto verified = VerifyAgain(path, layout_.wal_elsewhere ? layout_.wal_dir : "", report_.version);
    if (!verified) {
      outcome_.error = verified.error();
      return PrintError(context_, verified.error());
    }
    const std::string outcome = DescribeOutcome(verified->prediction, verified->version);
    context_.err.Print("etcdmedic: verified again: before: {}; now: {}{}{}\n",
                       CountProblems(report_.findings), CountProblems(verified->findings),
                       outcome.empty() ? "" : "; prediction: ", outcome);
    outcome_.verified = std::move(*verified);
    if (IsDone(*outcome_.verified) && !outcome_.verified->sound())
      context_.err.Write("etcdmedic: etcd makes the db when it starts: the log holds every entry\n");
    return kNotable | (!IsDone(*outcome_.verified) || left_out_ > 0 ? kDamaged : 0);
  }

  Context& context_;
  const Args& args_;
  const PlanRun& run_;
  const member::Layout& layout_;
  const check::Report& report_;
  const plan::Plan plan_;
  Outcome outcome_;
  size_t left_out_ = 0;
};

Result<plan::Sibling> ReadSibling(const std::string& path, startup::EtcdVersion version) {
  auto state = LoadStopped(member::Recognise(path), "stop it first, or name a copy of it");
  if (!state) return tl::make_unexpected(state.error());
  plan::Sibling sibling{path, std::make_shared<const member::MemberState>(std::move(*state)), {}};
  sibling.report = check::Verify(*sibling.state, version);
  return sibling;
}

// The members that --from names and from which something may be taken; says why of those from which not.
Result<std::vector<plan::Sibling>> SiblingsOf(Context& context, const Args& args,
                                              const member::MemberState& state,
                                              startup::EtcdVersion version) {
  std::vector<plan::Sibling> siblings;
  for (const auto part : std::views::split(args.Get("--from").value_or(""), ',')) {
    const std::string path(part.begin(), part.end());
    if (path.empty()) continue;
    auto sibling = ReadSibling(path, version);
    if (!sibling) return tl::make_unexpected(sibling.error());
    siblings.push_back(std::move(*sibling));
  }
  auto chosen = plan::ChooseSiblings(state, std::move(siblings));
  if (!chosen) return tl::make_unexpected(chosen.error());
  for (const Error& error : chosen->refused) PrintError(context, error);
  return std::move(chosen->usable);
}

}  // namespace

int RunPlan(Context& context, const Args& args, std::optional<startup::EtcdVersion> version, PlanRun run) {
  if (args.Has("--apply") && args.Has("--output"))
    return Report(context, {Errc::kUsage, {}, "--apply and --output exclude each other"});
  auto state = LoadStopped(args);
  if (!state) return Report(context, state.error());
  if (member::IsUnpacked(state->layout)) {
    return Report(context, {Errc::kUnsupported,
                            {state->layout.given, 0},
                            "comes out of an archive or a pipe: unpack it into a directory first"});
  }
  if (const auto journal = plan::FindUnfinished(state->layout.given)) {
    return Report(context,
                  {Errc::kRefused,
                   {state->layout.given, 0},
                   fmt::format("a repair of it was interrupted; take it back first: etcdmedic undo {}",
                               ShellQuoted(*journal))});
  }
  const check::Report report = check::Verify(*state, version);
  auto siblings = SiblingsOf(context, args, *state, report.version);
  if (!siblings) return Report(context, siblings.error());
  run.options.siblings = std::move(*siblings);
  return PlanRunner(context, args, *state, report, run).Run();
}

}  // namespace etcdmedic::tool
