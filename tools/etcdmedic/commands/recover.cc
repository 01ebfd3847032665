// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "check/verify.h"
#include "cli/flags.h"
#include "inputs/stopped_member.h"
#include "plan/disk.h"
#include "recover/recovery.h"
#include "render/text.h"
#include "views/plan_output.h"
#include "views/shared.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--output", "DIR", "write a data directory that etcd starts from; it must not exist, or be empty"},
    {"--snapshot", "FILE", "write a snapshot file, as `etcdctl snapshot save` does"},
    {"--to-revision", "REVISION", "the state in which this revision is the newest"},
    {"--to-index", "INDEX", "the state after this entry of the log"},
    {"--before-delete", "KEY", "the state before the last deletion of this key"},
    {"--uncommitted", "", "take entries too that the cluster may not have committed"},
    {"--etcd-version", "X.Y", "etcd release that applied the log (default: detected from the files)"},
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"recover DIR", "what can be recovered; writes nothing"},
    {"recover DIR --to-revision 90 --snapshot old.db", "the state at revision 90, to restore a cluster from"},
};

Result<recover::Target> TargetOf(const Args& args) {
  recover::Target target;
  target.uncommitted = args.Has("--uncommitted");
  const auto revision = args.Number("--to-revision", 0);
  if (!revision) return tl::make_unexpected(revision.error());
  const auto index = args.Number("--to-index", 0);
  if (!index) return tl::make_unexpected(index.error());
  if (args.Has("--to-revision")) target.revision = static_cast<int64_t>(*revision);
  if (args.Has("--to-index")) target.index = *index;
  target.before_delete = args.Get("--before-delete");
  if (target.revision.has_value() + target.index.has_value() + target.before_delete.has_value() > 1)
    return Fail(Errc::kUsage, "", "--to-revision, --to-index and --before-delete exclude each other");
  if ((target.revision && *target.revision < 2) || (target.index && *target.index == 0))
    return Fail(Errc::kUsage, "", "before the first entry, or revision 2, there is nothing");
  return target;
}

std::string_view NameOf(const recover::Recovery& recovery) {
  constexpr std::string_view kNames[] = {"log", "snap-db", "db"};
  return recovery.by_history ? "history" : kNames[static_cast<size_t>(recovery.source.origin)];
}

// "member/snap/db and entries 901 to 950".
std::string DescribeSource(const recover::Recovery& recovery) {
  const uint64_t first = recovery.source.index + 1, last = recovery.machine.index();
  const std::string& file = recovery.source.file;
  if (recovery.by_history) return file + ", from its history";
  if (first > last) return file;
  return fmt::format("{}{}", file.empty() ? "" : file + " and ", raft::NameEntries(first, last));
}

void PrintFacts(Context& context, const recover::Recovery& recovery) {
  const replay::Machine& machine = recovery.machine;
  render::Table facts(context.out, {}, kFacts);
  facts.Add("from", DescribeSource(recovery));
  facts.Add("last entry", fmt::format("{}, term {}", machine.index(), machine.term()));
  facts.Add("revision", machine.keys().revision());
  facts.Add("keys", machine.keys().live().size());
  if (recovery.deleted_at) facts.Add("deletion", fmt::format("at revision {}", *recovery.deleted_at));
}

void WriteState(render::Document& document, const recover::Recovery& recovery) {
  const replay::Machine& machine = recovery.machine;
  document.Field("base", NameOf(recovery));
  document.FieldIf("file", recovery.source.file);
  if (machine.index() > recovery.source.index) document.Field("first_index", recovery.source.index + 1);
  document.Field("index", machine.index());
  document.FieldIf("term", machine.term());
  document.Field("revision", machine.keys().revision());
  document.FieldIf("compact_revision", std::max<int64_t>(machine.keys().compacted(), 0));
  document.Field("key_count", machine.keys().live().size());
  document.Field("deleted_revision", recovery.deleted_at);
}

class Recover {
 public:
  Recover(Context& context, const Args& args, const member::MemberState& state, startup::EtcdVersion version)
      : context_(context),
        state_(state),
        version_(version),
        directory_(args.Get("--output")),
        snapshot_(args.Get("--snapshot")) {}

  int Run(const recover::Target& target) {
    auto recovery = recover::Recover(state_, {.minor = version_.minor}, target);
    if (!recovery) return Report(context_, recovery.error());
    // What is lost is said before anything is written.
    const std::vector<std::string> losses = recover::LossesOf(*recovery);
    for (const std::string& loss : losses) context_.err.Print("etcdmedic: cannot be recovered: {}\n", loss);
    context_.err.Flush();
    auto not_given = Write(*recovery);
    if (!not_given) return Report(context_, not_given.error());
    SayNotGiven(context_, *not_given);
    const int code = Verify();
    Print(*recovery, losses);
    return code | (not_given->empty() ? kClean : kFailed);
  }

 private:
  std::string Output() const { return directory_ ? *directory_ : snapshot_.value_or(""); }

  Result<std::vector<std::string>> Write(const recover::Recovery& recovery) {
    const std::string output = Output();
    if (output.empty()) return std::vector<std::string>();
    if (const auto outside = plan::StaysOutside(output, state_.layout.given); !outside)
      return tl::make_unexpected(outside.error());
    const plan::Ownership owner = OwnerOfSource();
    const plan::FillBackend fill = [&](bolt::PageSink& db) { return recover::WriteBackend(recovery, db); };
    if (snapshot_) return plan::WriteSnapshotFile(*snapshot_, owner, fill);
    const auto member = recover::MemberOf(state_, recovery);
    if (!member) return tl::make_unexpected(member.error());
    return plan::WriteMember(*directory_, *member, owner, fill);
  }

  // Whoever runs etcd must be able to use what is written.
  plan::Ownership OwnerOfSource() const {
    for (const auto* files : {&state_.layout.db, &state_.layout.segments}) {
      if (!files->empty()) return {files->front().uid, files->front().gid, 0600};
    }
    return {};
  }

  // Reads what was written, and says what etcd does with it.
  int Verify() {
    if (Output().empty()) {
      context_.err.Write("etcdmedic: nothing was written; --output or --snapshot writes it\n");
      return kClean;
    }
    auto layout = member::Recognise(Output());
    if (!layout) return Report(context_, layout.error());
    auto state = member::LoadMember(std::move(*layout), {.keys = true});
    if (!state) return Report(context_, state.error());
    verified_ = check::Verify(*state, version_);
    const std::string outcome = DescribeOutcome(verified_->prediction, version_);
    context_.err.Print("etcdmedic: {} written and verified: {}{}{}\n", Output(),
                       CountProblems(verified_->findings), outcome.empty() ? "" : "; prediction: ", outcome);
    return verified_->sound() ? kClean : kDamaged;
  }

  void Print(const recover::Recovery& recovery, const std::vector<std::string>& losses) {
    if (context_.format == render::Format::kTable) return PrintFacts(context_, recovery);
    WriteDocument(context_, "recover", [&](render::Document& document) {
      document.Field("path", state_.layout.given);
      document.FieldIf("output", Output());
      WriteState(document, recovery);
      document.List("losses", losses, [&](const std::string& loss) { document.Sentence("message", loss); });
      if (!verified_) return;
      document.Field("sound", verified_->sound());
      WriteFindings(document, verified_->findings);
    });
  }

  Context& context_;
  const member::MemberState& state_;
  const startup::EtcdVersion version_;
  const std::optional<std::string> directory_, snapshot_;
  std::optional<check::Report> verified_;
};

// The entries of one cluster say nothing of the keys of another.
std::optional<Error> OfTwoClusters(const member::MemberState& state,
                                   std::optional<startup::EtcdVersion> version) {
  const check::Report report = check::Verify(state, version);
  const auto found = std::ranges::find(report.findings, diag::Code::kDbMemberForeign, &diag::Finding::code);
  if (found == report.findings.end()) return std::nullopt;
  return Error{Errc::kUnsupported,
               {state.layout.given, 0},
               found->message + "; recover from the db or from the log alone"};
}

int Run(Context& context, const Args& args) {
  if (args.Has("--output") && args.Has("--snapshot"))
    return Report(context, {Errc::kUsage, {}, "--output and --snapshot exclude each other"});
  const auto version = VersionOf(args);
  if (!version) return Report(context, version.error());
  const auto target = TargetOf(args);
  if (!target) return Report(context, target.error());
  auto state = LoadStopped(args);
  if (!state) return Report(context, state.error());
  if (const auto error = OfTwoClusters(*state, *version)) return Report(context, *error);
  return Recover(context, args, *state, version->value_or(startup::GuessVersion(*state))).Run(*target);
}

}  // namespace

extern const Command kRecover = {
    .name = "recover",
    .positional = "PATH",
    .summary = "write the state at any entry or revision that the files still prove",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
