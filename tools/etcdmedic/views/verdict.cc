// SPDX-License-Identifier: Apache-2.0
#include "views/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/backend_faults.h"
#include "plan/planner.h"
#include "plan/undo.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

using diag::Severity;
using startup::EtcdVersion;
using startup::Outcome;

std::string CountText(uint64_t count, std::string_view noun) {
  return count == 0 ? std::string() : render::Count(count, noun);
}

bool Plain(char c) {
  constexpr std::string_view kPlain = "-_./+:,@%=";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kPlain.find(c) != std::string_view::npos;
}

// What helps where no step of a repair does, by what is wrong: the first row whose code was found.
struct Advice {
  diag::Code code;
  std::string_view next;  // {} stands for the directory
};
constexpr Advice kAdvice[] = {
    {diag::Code::kRaftMemberRemoved,
     "remove {}, then add the member again: etcdctl member add NAME --peer-urls=URL"},
    {diag::Code::kWalMissing,
     "etcdmedic verify {0} --wal-dir LOGDIR, where etcd ran with --wal-dir; else restore the backend: "
     "etcdmedic restore {0}/member/snap/db --skip-hash-check --output NEW"},
    {diag::Code::kSnapV2Keys,
     "start etcd 3.5 on {}, delete the v2 keys and let it take a snapshot before the upgrade"},
};

// Where the backend is damaged, and neither it nor the log holds what is missing.
std::string NextForBackend(const check::Report& report, const std::string& place, bool several) {
  if (plan::BackendFaults(report.findings).empty()) return {};
  return several ? fmt::format("etcdmedic repair {} --from OTHER_MEMBER", place)
                 : fmt::format("etcdmedic salvage {} --output NEW", place);
}

const diag::Finding* WorstFinding(const std::vector<diag::Finding>& findings) {
  const auto worst = std::ranges::max_element(findings, {}, &diag::Finding::severity);
  return worst == findings.end() ? nullptr : &*worst;
}

}  // namespace

std::string_view WordsFor(Outcome outcome) {
  constexpr std::string_view kWords[] = {"starts",
                                         "repairs the tail of the log and starts",
                                         "starts, but loses committed entries",
                                         "starts, but serves wrong data or fails in use",
                                         "hangs",
                                         "exits",
                                         "panics",
                                         ""};
  return kWords[static_cast<size_t>(outcome)];
}

std::string DescribeOutcome(const startup::Prediction& prediction, startup::EtcdVersion version) {
  if (prediction.outcome == Outcome::kUnknown) return {};
  const bool ends = prediction.outcome == Outcome::kExits || prediction.outcome == Outcome::kPanics;
  return fmt::format("etcd {}.{} {}{}{}", version.major, version.minor, WordsFor(prediction.outcome),
                     ends && !prediction.message.empty() ? ": " : "", ends ? prediction.message : "");
}

std::vector<ReleasePrediction> PredictAll(const member::MemberState& state, const check::Report& report) {
  std::vector<ReleasePrediction> all;
  for (const EtcdVersion version : startup::KnownVersions())
    all.push_back({version, startup::PredictStart(state, version, report.findings)});
  return all;
}

void WritePrediction(render::Document& document, std::string_view key, startup::EtcdVersion version,
                     const startup::Prediction& prediction) {
  document.Map(key, [&] { WritePrediction(document, version, prediction); });
}

void WritePrediction(render::Document& document, startup::EtcdVersion version,
                     const startup::Prediction& prediction) {
  document.Field("etcd_version", fmt::format("{}.{}", version.major, version.minor));
  document.Field("outcome", NameOf(prediction.outcome));
  document.Sentence("message", prediction.message);
  document.Sentence("explanation", prediction.explanation);
}

std::string Verdict(const check::Report& report) {
  const std::string outcome = DescribeOutcome(report.prediction, report.version);
  return std::string(report.sound() ? "sound" : "damaged") + (outcome.empty() ? "" : "; prediction: ") +
         outcome;
}

uint64_t CountOf(const std::vector<diag::Finding>& findings, Severity from, Severity to) {
  return static_cast<uint64_t>(std::ranges::count_if(
      findings, [&](const auto& each) { return each.severity >= from && each.severity <= to; }));
}

std::string CountProblems(const std::vector<diag::Finding>& findings) {
  const std::string errors = CountText(CountOf(findings, Severity::kError, Severity::kFatal), "error");
  const std::string warnings =
      CountText(CountOf(findings, Severity::kWarning, Severity::kWarning), "warning");
  if (errors.empty() && warnings.empty()) return "no problems";
  return errors + (errors.empty() || warnings.empty() ? "" : ", ") + warnings;
}

std::string NextCommand(const member::MemberState& state, const check::Report& report) {
  // What is there is half of what it was and half of what it should be.
  if (const auto journal = plan::FindUnfinished(state.layout.given))
    return "etcdmedic undo " + ShellQuoted(*journal) + "  # a repair was interrupted";
  if (report.sound()) return {};
  const plan::Plan plan = plan::MakePlan(state, report);
  const auto safe = [](const plan::Step& step) { return step.safety == plan::Safety::kSafe; };
  if (!plan.steps.empty()) {
    return fmt::format("etcdmedic repair {}{}", ShellQuoted(state.layout.given),
                       std::ranges::all_of(plan.steps, safe) ? "" : " --accept-loss");
  }
  const auto found = [&](diag::Code code) {
    return std::ranges::any_of(report.findings, [&](const auto& finding) { return finding.code == code; });
  };
  const std::string place = ShellQuoted(state.layout.given);
  for (const Advice& advice : kAdvice) {
    if (found(advice.code)) return fmt::format(fmt::runtime(advice.next), place);
  }
  const bool several = state.backend && state.backend->membership.Count() > 1;
  if (const std::string next = NextForBackend(report, place, several); !next.empty()) return next;
  if (state.whole() && state.log.metadata && several && !IsGood(report.prediction.outcome)) {
    return fmt::format(
        "remove this member and add it again with an empty directory: etcdctl member remove {:x}",
        state.log.metadata->node_id);
  }
  const diag::Finding* const worst = WorstFinding(report.findings);
  return worst == nullptr ? std::string() : fmt::format("etcdmedic explain {}", InfoOf(worst->code).name);
}

void WriteNextSteps(render::Document& document, const std::string& next) {
  document.Texts("next_steps", next.empty() ? std::vector<std::string>() : std::vector{next});
}

// "$'a\\xff'", which bash, zsh and ksh take, with all but printable ASCII as \xNN.
std::string AnsiQuoted(std::string_view text) {
  std::string quoted = "$'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F)
      quoted += fmt::format("\\x{:02x}", byte);
    else
      (quoted += c == '\'' || c == '\\' ? "\\" : "") += c;
  }
  return quoted + "'";
}

std::string ShellQuoted(const std::string& path) {
  if (!path.empty() && std::ranges::all_of(path, Plain)) return path;
  std::string shown = path;
  std::erase(shown, '\\');
  if (render::Printable(shown) != shown) return AnsiQuoted(path);
  std::string quoted = "'";
  for (const char c : path) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace etcdmedic::tool
