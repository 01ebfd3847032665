// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "pages/report_page.h"
#include "plan/disk.h"
#include "plan/new_file.h"
#include "render/text.h"
#include "views/plan_output.h"
#include "views/report_document.h"
#include "views/shared.h"
#include "views/verify_members.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--output", "FILE", "the page; must not exist; - for standard output"},
    kReleaseToPredictFlag,
    kEtcdPrefixFlag,
    kEncryptionFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"report DIR --output report.html",
     "verdict, findings, and pictures of the log and the backend, as one page"},
    {"report DIR1 DIR2 DIR3 --output report.html", "the members of one cluster, compared", kFailed},
    {"report DIR -o json", "what is on the page, for programs"},
};

LoadedMembers ListOfOne(Context& context, member::MemberState state,
                        std::optional<startup::EtcdVersion> version) {
  NoteRunning(context, state.in_use);
  LoadedMembers loaded;
  loaded.states.push_back(std::move(state));
  loaded.reports.push_back(check::Verify(loaded.states.back(), version));
  return loaded;
}

// What one path names may be an archive of several members, which shows when it is not one member.
Result<LoadedMembers> LoadPaths(Context& context, const Args& args,
                                std::optional<startup::EtcdVersion> version) {
  const bool one = args.positional().size() == 1;
  auto members = one ? std::vector<std::string>() : SeveralMembers(context, args);
  if (!members) return tl::make_unexpected(members.error());
  if (members->empty()) {
    auto state = Load(args, {.keys = true});
    if (state) return ListOfOne(context, std::move(*state), version);
    if (one) members = SeveralMembers(context, args);
    if (!members || members->empty()) return tl::make_unexpected(state.error());
  }
  if (args.Has("--wal-dir")) return Fail(Errc::kUsage, "", "--wal-dir goes with one data directory");
  return LoadMembers(context, *members, version);
}

ReportedMember GatherMember(const member::MemberState& state, const check::Report& checked,
                            const report::KeySpaceOptions& options) {
  ReportedMember member;
  member.state = &state;
  member.checked = &checked;
  member.gathered = report::Gather(state, checked.findings, options);
  if (checked.prediction.outcome != startup::Outcome::kUnknown)
    member.predictions = PredictAll(state, checked);
  member.elections = raft::FindElections({&state.log});
  member.next = NextCommand(state, checked);
  return member;
}

ReportData GatherAll(const LoadedMembers& loaded, const report::KeySpaceOptions& options) {
  ReportData data;
  for (size_t i = 0; i < loaded.states.size(); ++i)
    data.members.push_back(GatherMember(loaded.states[i], loaded.reports[i], options));
  if (loaded.states.size() == 1) return data;
  data.comparison = loaded.Compare();
  data.advice = Advice(*data.comparison);
  if (!data.comparison->same_cluster) return data;
  std::vector<const raft::Log*> logs;
  for (const member::MemberState& state : loaded.states) logs.push_back(&state.log);
  data.elections = raft::FindElections(logs);
  return data;
}

// Whoever owns what was read.
std::optional<plan::Ownership> OwnerOf(const member::MemberState& state) {
  for (const auto* files : {&state.layout.db, &state.layout.segments, &state.layout.snapshots}) {
    if (!files->empty()) return plan::Ownership{files->front().uid, files->front().gid, 0600};
  }
  return std::nullopt;
}

// Gives what could not be given to its owner.
Result<std::vector<std::string>> WriteFile(const std::string& path, const std::string& page,
                                           const member::MemberState& first) {
  auto file = plan::NewFile::Create(path);
  if (!file) return tl::make_unexpected(file.error());
  if (auto done = (*file)->Write(0, AsBytes(page)); !done) return tl::make_unexpected(done.error());
  if (auto done = (*file)->Keep(); !done) return tl::make_unexpected(done.error());
  const auto owner = OwnerOf(first);
  plan::Disk disk;
  if (owner) {
    if (auto done = disk.SetOwner(path, *owner); !done) return tl::make_unexpected(done.error());
  }
  return disk.not_given();
}

// Where the page goes; empty for nowhere. Errors: kUsage, kRefused.
Result<std::string> TargetOf(const Context& context, const Args& args) {
  const std::string target = args.Get("--output").value_or("");
  const bool for_people = context.format == render::Format::kTable;
  if (target == "-" && !for_people)
    return Fail(Errc::kUsage, "", "--output - and a document would be mixed on standard output");
  for (const std::string& path : args.positional()) {
    if (target.empty() || target == "-") break;
    if (auto outside = plan::StaysOutside(target, path); !outside)
      return tl::make_unexpected(outside.error());
  }
  return target;
}

void Summarise(Context& context, const ReportData& data) {
  for (const ReportedMember& member : data.members)
    context.out.Print("{}: {}; {}\n", render::Printable(member.state->layout.given),
                      render::Printable(Verdict(*member.checked)), CountProblems(member.checked->findings));
  if (data.comparison) context.out.Print("Together: {}\n", TogetherText(*data.comparison));
  for (const std::string& line : data.advice) context.out.Print("Next: {}\n", render::Printable(line));
}

int Print(Context& context, const ReportData& data, const std::string& target) {
  if (target == "-") {
    context.out.Write(ReportPage(data));
    return kClean;
  }
  int code = kClean;
  if (target.empty()) {
    if (context.format == render::Format::kTable)
      context.err.Write("etcdmedic: nothing was written; --output FILE writes the page\n");
  } else {
    const auto not_given = WriteFile(target, ReportPage(data), *data.members.front().state);
    if (!not_given) return Report(context, not_given.error());
    SayNotGiven(context, *not_given);
    if (!not_given->empty()) code = kFailed;
  }
  if (context.format == render::Format::kTable) {
    Summarise(context, data);
  } else {
    WriteDocument(context, "report", [&](render::Document& document) { WriteReport(document, data); });
  }
  return code;
}

int Run(Context& context, const Args& args) {
  const auto version = VersionOf(args);
  if (!version) return Report(context, version.error());
  const auto target = TargetOf(context, args);
  if (!target) return Report(context, target.error());
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  const auto loaded = LoadPaths(context, args, *version);
  if (!loaded) return Report(context, loaded.error());
  const ReportData data =
      GatherAll(*loaded, {.etcd_prefix = args.Get("--etcd-prefix").value_or(""), .open = encryption->open});
  const int code = Print(context, data, *target);
  return code | (data.sound() ? kClean : kDamaged) | (loaded->denied() ? kFailed : kClean);
}

}  // namespace

extern const Command kReport = {
    .name = "report",
    .positional = "PATH...",
    .summary = "verdict, findings, space and history as one HTML page",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
