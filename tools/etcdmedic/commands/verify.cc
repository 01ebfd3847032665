// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "check/log_rules.h"
#include "cli/flags.h"
#include "render/text.h"
#include "views/shared.h"
#include "views/verdict.h"
#include "views/verify_members.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kPredictFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"verify DIR", "check everything; exit code 4 where something is damaged"},
    {"verify DIR1 DIR2 DIR3", "members of one cluster: who holds what, which one to start from", kFailed},
    {"verify BUNDLE.tar.gz", "the same for the members in an archive", kFailed},
};

using startup::EtcdVersion;
using startup::Prediction;

// What was read, in a few numbers: the log's, and the backend's where there is one.
std::string SizeOf(const member::MemberState& state) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (state.has_log) {
    add(render::Count(state.log.segments.size(), "segment"));
    add(state.log.surviving.empty() ? "no entries"
                                    : raft::NameEntries(state.log.first_index(), state.log.last_index()));
  }
  if (state.backend) {
    add(fmt::format("revision {}", state.backend->revision.value_or(1)));
    if (state.backend->consistent_index)
      add(fmt::format("consistent_index {}", *state.backend->consistent_index));
  }
  return text.empty() ? "nothing to read" : text;
}

void PrintReport(Context& context, const member::MemberState& state, const check::Report& report, bool all) {
  context.out.Print("{}: {}\n", render::Printable(state.layout.given), render::Printable(Verdict(report)));
  const Prediction& predicted = report.prediction;
  const bool told =
      predicted.outcome == startup::Outcome::kExits || predicted.outcome == startup::Outcome::kPanics;
  if (!told && !predicted.message.empty())
    context.out.Print("  log message: {}\n", render::Printable(predicted.message));
  if (!predicted.explanation.empty())
    context.out.Print("  because {}\n", render::Printable(predicted.explanation));
  context.out.Print("  {}; {}\n", SizeOf(state), CountProblems(report.findings));
  const std::string proven = state.witness ? DescribeProven(*state.witness) : std::string();
  if (!proven.empty()) context.out.Print("  {}\n", proven);
  if (all) {
    for (const auto& [version, prediction] : PredictAll(state, report))
      context.out.Print("  {}\n", render::Printable(DescribeOutcome(prediction, version)));
  }
  if (!report.findings.empty()) context.out.Write("\n");
  PrintFindings(context, report.findings);
  const std::string next = NextCommand(state, report);
  if (!next.empty()) context.out.Print("\nNext: {}\n", render::Printable(next));
}

void WriteSizes(render::Document& document, const member::MemberState& state) {
  if (state.has_log) document.Field("segment_count", state.log.segments.size());
  document.FieldIf("first_index", state.log.first_index());
  document.FieldIf("last_index", state.log.last_index());
  if (state.log.state) document.Field("commit", state.log.state->commit);
  if (!state.backend) return;
  document.Field("revision", state.backend->revision.value_or(1));
  document.Field("consistent_index", state.backend->consistent_index);
}

// The revisions of which the log proves every record that is kept.
void WriteProven(render::Document& document, const witness::WitnessReport& witness) {
  document.List("proven_revisions", witness.proven, [&](const keyspace::RevisionSpan& span) {
    document.Field("first_revision", span.begin);
    document.Field("last_revision", span.end - 1);
  });
}

void WriteReport(render::Document& document, const member::MemberState& state, const check::Report& report,
                 bool all) {
  document.Field("path", state.layout.given);
  document.Field("path_kind", NameOf(state.layout.kind));
  document.Field("running", state.in_use.running);
  document.Field("sound", report.sound());
  WriteSizes(document, state);
  WritePrediction(document, "prediction", report.version, report.prediction);
  if (all) {
    document.List("predictions", PredictAll(state, report),
                  [&](const auto& each) { WritePrediction(document, each.version, each.prediction); });
  }
  if (state.witness) WriteProven(document, *state.witness);
  WriteFindings(document, report.findings);
  WriteNextSteps(document, NextCommand(state, report));
}

// What is not one member may be an archive that holds several; it is opened once more to see, which costs
// nothing where all is well.
int VerifyArchive(Context& context, const Args& args, const Error& error) {
  const auto members = SeveralMembers(context, args);
  return members && !members->empty() ? VerifyMembers(context, args, *members) : Report(context, error);
}

int Run(Context& context, const Args& args) {
  if (args.positional().size() > 1) {
    const auto members = SeveralMembers(context, args);
    if (!members) return Report(context, members.error());
    if (!members->empty()) return VerifyMembers(context, args, *members);
  }
  const bool all = args.Get("--etcd-version") == "all";
  const auto version = all ? Result<std::optional<EtcdVersion>>(std::nullopt) : VersionOf(args);
  if (!version) return Report(context, version.error());
  auto state = Load(args, {.keys = true});
  if (!state) return VerifyArchive(context, args, state.error());
  NoteRunning(context, state->in_use);
  const check::Report report = check::Verify(*state, *version);
  if (context.format == render::Format::kTable) {
    PrintReport(context, *state, report, all);
  } else if (context.format == render::Format::kName) {
    PrintCodes(context, report.findings);
  } else {
    WriteDocument(context, "verify",
                  [&](render::Document& document) { WriteReport(document, *state, report, all); });
  }
  return (report.sound() ? kClean : kDamaged) | (state->denied() ? kFailed : kClean);
}

}  // namespace

extern const Command kVerify = {
    .name = "verify",
    .positional = "PATH...",
    .summary = "check everything, and predict what etcd does at start",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
