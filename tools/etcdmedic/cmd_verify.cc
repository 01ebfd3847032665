// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "check/log_rules.h"
#include "render/text.h"
#include "shared.h"

namespace etcdmedic::tool {
namespace {

size_t CountAbove(const std::vector<diag::Finding>& findings, diag::Severity severity) {
  return static_cast<size_t>(
      std::ranges::count_if(findings, [&](const auto& finding) { return finding.severity > severity; }));
}

void PrintPrediction(Context& context, const check::Report& report) {
  const check::Prediction& told = report.prediction;
  if (told.outcome == check::Outcome::kUnknown) return;
  context.out.Print("\netcd {}.{} would: {}\n", report.version.major, report.version.minor,
                    NameOf(told.outcome));
  if (!told.message.empty()) context.out.Print("  it says: {}\n", render::Printable(told.message));
  if (!told.explanation.empty()) context.out.Print("  because: {}\n", render::Printable(told.explanation));
}

std::string EntriesOf(const raft::Log& log) {
  if (log.surviving.empty()) return "no entries";
  return check::NameEntries(log.first_index(), log.last_index());
}

void WriteReport(render::Document& document, const check::MemberState& state, const check::Report& report) {
  document.BeginMap();
  document.Field("schema", "etcdmedic.report/v1");
  document.Field("path", state.layout.given);
  document.Field("kind", member::NameOf(state.layout.kind));
  document.Field("running", state.in_use.running);
  document.Field("first_index", state.log.first_index());
  document.Field("last_index", state.log.last_index());
  document.Field("commit", state.log.state ? state.log.state->commit : 0);
  document.Key("prediction");
  document.BeginMap();
  document.Field("etcd_version", fmt::format("{}.{}", report.version.major, report.version.minor));
  document.Field("outcome", NameOf(report.prediction.outcome));
  document.Field("message", report.prediction.message);
  document.Field("explanation", report.prediction.explanation);
  document.EndMap();
  WriteFindings(document, report.findings);
  document.EndMap();
}

}  // namespace

int RunVerify(Context& context, const Args& args) {
  const auto version = VersionOf(args);
  if (!version) return Report(context, version.error());
  auto state = Load(args, {.keys = true});
  if (!state) return Report(context, state.error());
  NoteRunning(context, *state);
  const check::Report report = check::Verify(*state, *version);
  if (context.format != render::Format::kTable) {
    render::Document document(context.out, context.format);
    WriteReport(document, *state, report);
  } else {
    PrintFindings(context, report.findings);
    const size_t worse = CountAbove(report.findings, diag::Severity::kNote);
    if (!report.findings.empty()) context.out.Write("\n");
    context.out.Print(
        "{}: {}, {}; {}\n", render::Printable(state->layout.given),
        render::Count(state->log.segments.size(), "segment"), EntriesOf(state->log),
        worse == 0 ? std::string("sound") : render::Count(worse, "finding") + " worse than a note");
    PrintPrediction(context, report);
  }
  return report.damaged() ? kDamaged : kClean;
}

}  // namespace etcdmedic::tool
