// SPDX-License-Identifier: Apache-2.0
#include "views/verify_members.h"

#include <algorithm>

#include "base/file_kind.h"
#include "member/archive_layout.h"
#include "member/file_names.h"
#include "render/table.h"
#include "render/text.h"
#include "views/shared.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

using check::Comparison;
using check::MemberFacts;
using check::Standing;

std::string ClusterText(const Comparison& comparison) {
  if (comparison.voters.empty()) return "The membership of the cluster is not in these files.";
  std::vector<uint64_t> here;
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    if (comparison.standings[i].role == check::Role::kVoter) here.push_back(comparison.members[i].id);
  }
  std::ranges::sort(here);
  const auto given = std::ranges::unique(here).begin() - here.begin();
  return fmt::format("Cluster {:x}: {}, {} of them given; committed up to entry {} at least.",
                     comparison.cluster_id, render::Count(comparison.voters.size(), "voter"), given,
                     comparison.commit);
}

void PrintTable(Context& context, const Comparison& comparison) {
  constexpr auto kRight = render::Align::kRight;
  context.out.Write("\n");
  render::Table table(context.out, {{"MEMBER"},
                                    {"ID"},
                                    {"ROLE"},
                                    {"TERM", kRight},
                                    {"LAST ENTRY", kRight},
                                    {"COMMITTED", kRight},
                                    {"APPLIED", kRight},
                                    {"REVISION", kRight},
                                    {"COULD BE ELECTED"}});
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    const MemberFacts& member = comparison.members[i];
    const Standing& standing = comparison.standings[i];
    table.Add(member.name, member.id == 0 ? "-" : Hex(member.id), NameOf(standing.role), member.last.term,
              member.last.index, member.commit, member.applied, member.revision,
              ElectionText(standing.election));
  }
}

void PrintAll(Context& context, const LoadedMembers& loaded, const Comparison& comparison) {
  for (size_t i = 0; i < loaded.states.size(); ++i) {
    context.out.Print("{}: {}; {}\n", render::Printable(loaded.states[i].layout.given),
                      render::Printable(Verdict(loaded.reports[i])),
                      CountProblems(loaded.reports[i].findings));
  }
  PrintTable(context, comparison);
  context.out.Print("\n{}\nTogether: {}\n", ClusterText(comparison), TogetherText(comparison));
  if (!comparison.findings.empty()) context.out.Write("\n");
  PrintFindings(context, comparison.findings);
  const std::vector<std::string> advice = Advice(comparison);
  if (!advice.empty()) context.out.Write("\n");
  for (const std::string& line : advice) context.out.Print("Next: {}\n", render::Printable(line));
}

void WriteMember(render::Document& document, const member::MemberState& state, const check::Report& report,
                 const MemberFacts& member, const Standing& standing) {
  document.Field("path", state.layout.given);
  document.FieldIf("name", member.name);
  document.Id("member_id", member.id);
  document.Id("cluster_id", member.cluster_id);
  document.Field("role", NameOf(standing.role));
  document.Field("sound", report.sound());
  WritePrediction(document, "prediction", report.version, report.prediction);
  document.Field("last_term", member.last.term);
  document.Field("last_index", member.last.index);
  document.Field("commit", member.commit);
  document.Field("consistent_index", member.applied);
  document.Field("revision", member.revision);
  WriteStandingFields(document, standing);
  WriteFindings(document, diag::FoldRepeats(report.findings));
}

void WriteAll(render::Document& document, const LoadedMembers& loaded, const Comparison& comparison,
              bool sound) {
  document.Field("sound", sound);
  WriteComparisonFields(document, comparison);
  size_t number = 0;
  document.List("members", loaded.states, [&](const member::MemberState& state) {
    WriteMember(document, state, loaded.reports[number], comparison.members[number],
                comparison.standings[number]);
    ++number;
  });
  WriteFindings(document, diag::FoldRepeats(comparison.findings));
  document.Texts("next_steps", Advice(comparison));
}

void PrintAllCodes(Context& context, const LoadedMembers& loaded, const Comparison& comparison) {
  std::vector<diag::Finding> all = comparison.findings;
  for (const check::Report& report : loaded.reports)
    all.insert(all.end(), report.findings.begin(), report.findings.end());
  PrintCodes(context, all);
}

// A directory is a member; a segment, even if it is packed, is none.
Result<member::ArchiveContent> MembersAt(const std::string& path) {
  const FileKind kind = Look(path).kind;
  if (kind == FileKind::kDirectory) return member::ArchiveContent{{path}, {}};
  const bool picked = kind == FileKind::kMissing && member::SplitArchivePath(path);
  if (!picked && (kind != FileKind::kRegular || member::KindOfName(path))) return member::ArchiveContent();
  const auto content = member::ListArchive(path);
  if (!content) return tl::make_unexpected(content.error());
  return content->value_or(member::ArchiveContent());
}

void NoteLeftOut(Context& context, const std::vector<std::string>& others) {
  for (const std::string& path : others)
    context.err.Print("etcdmedic: {} is not a member, and is left out: etcdmedic verify {}\n",
                      render::Printable(path), ShellQuoted(path));
}

}  // namespace

std::string_view ElectionText(check::Chance chance) {
  constexpr std::string_view kTexts[] = {"no", "with votes of others", "yes"};
  return kTexts[static_cast<size_t>(chance)];
}

std::string TogetherText(const Comparison& comparison) {
  return comparison.sound() ? "no contradiction" : CountProblems(comparison.findings);
}

Result<LoadedMembers> LoadMembers(Context& context, const std::vector<std::string>& paths,
                                  std::optional<startup::EtcdVersion> version) {
  LoadedMembers loaded;
  for (const std::string& path : paths) {
    auto layout = member::Recognise(path);
    if (!layout) return tl::make_unexpected(layout.error());
    auto state = member::LoadMember(std::move(*layout), {.keys = true});
    if (!state) return tl::make_unexpected(state.error());
    NoteRunning(context, state->in_use);
    loaded.states.push_back(std::move(*state));
    loaded.reports.push_back(check::Verify(loaded.states.back(), version));
  }
  return loaded;
}

Comparison LoadedMembers::Compare() const {
  std::vector<const member::MemberState*> all;
  for (const member::MemberState& state : states) all.push_back(&state);
  return check::CompareMembers(all, reports);
}

bool LoadedMembers::denied() const { return std::ranges::any_of(states, &member::MemberState::denied); }

void WriteComparisonFields(render::Document& document, const Comparison& comparison) {
  document.Field("same_cluster", comparison.same_cluster);
  document.Id("cluster_id", comparison.cluster_id);
  document.Ids("voters", comparison.voters);
  document.Field("commit", comparison.commit);
  if (comparison.start_from) document.Field("start_from", comparison.members[*comparison.start_from].path);
}

void WriteStandingFields(render::Document& document, const Standing& standing) {
  document.Field("electable", NameOf(standing.election));
  document.Field("behind_count", standing.behind);
  document.Field("lost_entries_acknowledged", standing.lost_entries);
  document.Field("contradicts", standing.contradicts);
  document.Field("replace", standing.replace);
}

Result<std::vector<std::string>> SeveralMembers(Context& context, const Args& args) {
  const std::vector<std::string>& given = args.positional();
  std::vector<std::string> paths, others;
  bool several = false;
  for (const std::string& path : given) {
    const auto held = MembersAt(path);
    if (!held) return tl::make_unexpected(held.error());
    several |= held->members.size() > (given.size() > 1 ? 0 : 1);
    if (held->members.size() <= 1) {
      paths.push_back(path);
      continue;
    }
    paths.insert(paths.end(), held->members.begin(), held->members.end());
    others.insert(others.end(), held->others.begin(), held->others.end());
  }
  if (!several) return std::vector<std::string>();
  NoteLeftOut(context, others);
  return paths;
}

int VerifyMembers(Context& context, const Args& args, const std::vector<std::string>& paths) {
  if (args.Has("--wal-dir"))
    return Report(context, {Errc::kUsage, {}, "--wal-dir goes with one data directory"});
  if (args.Get("--etcd-version") == "all")
    return Report(context, {Errc::kUsage, {}, "--etcd-version all goes with one member"});
  const auto version = VersionOf(args);
  if (!version) return Report(context, version.error());
  const auto loaded = LoadMembers(context, paths, *version);
  if (!loaded) return Report(context, loaded.error());
  const Comparison comparison = loaded->Compare();
  const bool sound = comparison.sound();
  if (context.format == render::Format::kTable) {
    PrintAll(context, *loaded, comparison);
  } else if (context.format == render::Format::kName) {
    PrintAllCodes(context, *loaded, comparison);
  } else {
    WriteDocument(context, "verify-members",
                  [&](render::Document& document) { WriteAll(document, *loaded, comparison, sound); });
  }
  return (sound ? kClean : kDamaged) | (loaded->denied() ? kFailed : kClean);
}

}  // namespace etcdmedic::tool
