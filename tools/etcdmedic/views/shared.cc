// SPDX-License-Identifier: Apache-2.0
#include "views/shared.h"

#include <algorithm>
#include <set>

#include "render/text.h"

namespace etcdmedic::tool {
namespace {

std::string_view ColorOf(diag::Severity severity) {
  constexpr std::string_view kColors[] = {"\x1b[2m", "\x1b[33m", "\x1b[31m", "\x1b[1;31m"};
  return kColors[static_cast<size_t>(severity)];
}

}  // namespace

Result<member::Layout> LayoutOf(const Args& args) {
  return member::Recognise(args.positional(), args.Get("--wal-dir").value_or(""));
}

Result<member::MemberState> Load(const Args& args, const member::LoadOptions& options) {
  auto layout = LayoutOf(args);
  if (!layout) return tl::make_unexpected(layout.error());
  return member::LoadMember(std::move(*layout), options);
}

Result<member::MemberState> LoadLog(Result<member::Layout> layout) {
  if (!layout) return tl::make_unexpected(layout.error());
  if (layout->segments.empty()) {
    return tl::make_unexpected(member::Lacking(
        *layout, layout->wal_dir.empty() ? "holds no log (member/wal); if it is elsewhere, give --wal-dir"
                                         : "holds no WAL segment"));
  }
  return member::LoadMember(std::move(*layout), {0, false, false});
}

int NoteUnopened(Context& context, const member::MemberState& state) {
  if (state.unopened.empty() && state.layout.unlisted.empty()) return kClean;
  std::vector<diag::Finding> errors = state.findings;
  std::erase_if(errors, [](const diag::Finding& each) { return each.severity < diag::Severity::kError; });
  NoteFindings(context, std::move(errors));
  return kDamaged | (state.denied() ? kFailed : kClean);
}

Result<std::optional<startup::EtcdVersion>> VersionOf(const Args& args) {
  const auto text = args.Get("--etcd-version");
  if (!text) return std::nullopt;
  auto version = startup::ParseEtcdVersion(*text);
  if (version && startup::IsKnown(*version)) return version;
  return NotAValue("--etcd-version", KnownEtcdVersions(), *text);
}

std::vector<std::string> KnownEtcdVersions() {
  std::vector<std::string> known;
  for (const startup::EtcdVersion each : startup::KnownVersions())
    known.push_back(fmt::format("{}.{}", each.major, each.minor));
  return known;
}

void PrintFindings(Context& context, std::vector<diag::Finding> findings) {
  std::vector<diag::Finding> folded = diag::FoldRepeats(std::move(findings));
  std::ranges::stable_sort(folded, std::greater<>(), &diag::Finding::severity);
  for (const diag::Finding& finding : folded) {
    const std::string_view on = context.color ? ColorOf(finding.severity) : "";
    const std::string_view off = context.color ? "\x1b[0m" : "";
    context.out.Print("{}{:<8}{} {:<24} {} at {}", on, NameOf(finding.severity), off,
                      InfoOf(finding.code).name, render::Printable(finding.where.file), finding.where.offset);
    if (finding.length > 0) context.out.Print(" ({})", render::Count(finding.length, "byte"));
    context.out.Print("\n         {}\n", render::Printable(finding.message));
  }
}

void WriteFindings(render::Document& document, const std::vector<diag::Finding>& findings) {
  document.List("findings", diag::FoldRepeats(findings, kListedFindings), [&](const diag::Finding& finding) {
    document.Field("code", InfoOf(finding.code).name);
    document.Field("severity", NameOf(finding.severity));
    document.FieldIf("file", finding.where.file);
    document.Field("offset", finding.where.offset);
    document.Field("length", finding.length);
    document.Sentence("message", finding.message);
    document.Sentence("remedy", InfoOf(finding.code).remedy);
    document.FieldIf("folded_count", finding.folded);
  });
}

void PrintCodes(Context& context, const std::vector<diag::Finding>& findings) {
  std::set<std::string_view> codes;
  for (const diag::Finding& finding : findings) codes.insert(InfoOf(finding.code).name);
  for (const std::string_view code : codes) context.out.Print("{}\n", code);
}

void WriteMember(render::Document& document, const cluster::Member& member) {
  document.Id("member_id", member.id);
  document.Field("member_id_decimal", fmt::format("{}", member.id));
  document.FieldIf("name", member.name);
  document.Field("learner", member.is_learner);
  document.Texts("peer_urls", member.peer_urls);
  document.Texts("client_urls", member.client_urls);
}

void NoteFindings(Context& context, std::vector<diag::Finding> findings) {
  if (findings.empty()) return;
  context.out.Flush();
  for (const diag::Finding& finding : diag::FoldRepeats(std::move(findings))) {
    context.err.Print("etcdmedic: {} {}", InfoOf(finding.code).name, render::Printable(finding.where.file));
    if (finding.where.offset != 0) context.err.Print(" at {}", finding.where.offset);
    context.err.Print(": {}\n", render::Printable(finding.message));
  }
}

void NoteRunning(Context& context, const member::InUse& in_use) {
  if (!in_use.running) return;
  context.err.Print("etcdmedic: a running etcd holds {}; reading without a lock\n", in_use.what);
}

}  // namespace etcdmedic::tool
