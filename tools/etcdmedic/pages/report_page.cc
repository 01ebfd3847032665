// SPDX-License-Identifier: Apache-2.0
#include "pages/report_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "views/shared.h"
#include "views/verify_members.h"

namespace etcdmedic::tool {
namespace {

using diag::Severity;

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

void WriteHead(html::Writer& page, const std::string& title) {
  const auto head = page.In("head");
  page.Void("meta", {{"charset", "utf-8"}});
  page.Void("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", std::string(kPolicy)}});
  page.Void("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.Void("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  page.Void("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  page.Void("link", {{"rel", "icon"}, {"href", "data:,"}});
  page.Element("title", title);
  const auto style = page.In("style");
  page.Style(kReportStyle);
}

// The state of the whole: a word, a colour and a sign.
struct Standing {
  std::string_view css_class, word, sign;
};

Standing StandingOf(const std::vector<diag::Finding>& findings, bool sound) {
  if (sound) return {"s-sound", "Sound", "✓"};
  const bool errors = diag::WorstOf(findings) >= Severity::kError;
  return errors ? Standing{"s-error", "Damaged", "✕"} : Standing{"s-warning", "Needs attention", "!"};
}

void WriteCounts(html::Writer& page, const std::vector<diag::Finding>& findings) {
  const auto list = page.In("ul", {{"class", "counts"}});
  for (const Severity severity : {Severity::kFatal, Severity::kError, Severity::kWarning, Severity::kNote}) {
    const uint64_t count = CountOf(findings, severity, severity);
    if (count == 0) continue;
    page.Element("li", Counted(count, severity == Severity::kFatal ? "fatal error" : NameOf(severity)),
                 {{"class", fmt::format("s-{}", NameOf(severity))}});
  }
}

void WriteNext(html::Writer& page, const std::vector<std::string>& steps) {
  if (steps.empty()) return;
  const auto next = page.In("div", {{"class", "next"}});
  page.Element("p", steps.size() == 1 ? "Next" : "Next, in this order", {{"class", "label"}});
  const auto list = page.In("ol");
  for (const std::string& step : steps) {
    const auto item = page.In("li");
    page.Element(step.starts_with("etcdmedic ") ? "code" : "span", step);
  }
}

// What etcd would do, in a sentence; and why.
void WritePrediction(html::Writer& page, const check::Report& checked) {
  const std::string outcome = DescribeOutcome(checked.prediction, checked.version);
  if (!outcome.empty()) page.Element("p", fmt::format("Prediction: {}.", outcome), {{"class", "prediction"}});
  if (!checked.prediction.explanation.empty())
    Prose(page, "p", fmt::format("Because {}.", checked.prediction.explanation));
}

void WriteVerdict(html::Writer& page, const ReportedMember& member) {
  const check::Report& checked = *member.checked;
  const Standing standing = StandingOf(checked.findings, checked.sound());
  const auto verdict = page.In("div", {{"class", fmt::format("verdict {}", standing.css_class)}});
  {
    const auto word = page.In("p", {{"class", "word"}});
    page.Element("span", standing.sign, {{"aria-hidden", "true"}, {"class", "sign"}});
    page.Text(standing.word);
  }
  WritePrediction(page, checked);
  WriteCounts(page, checked.findings);
  if (member.state->in_use.running)
    page.Element("p", "A running etcd holds these files; they were read without a lock.");
  WriteNext(page, member.next.empty() ? std::vector<std::string>() : std::vector{member.next});
}

std::optional<uint32_t> PageSizeOf(const ReportedMember& member) {
  if (!member.state->db) return std::nullopt;
  return member.state->db->metas.page_size;
}

void WriteMemberSections(html::Writer& page, const ReportedMember& member, const std::string& id, int level,
                         bool elections) {
  WriteFacts(page, member);
  WritePredictions(page, member, id + "start", level);
  WriteFindingsSection(page, member.checked->findings, PageSizeOf(member), id + "findings", level);
  WriteSegments(page, member, id + "segments", level);
  WritePages(page, member, id + "pages", level);
  if (member.gathered.key_space) WriteKeySpace(page, *member.gathered.key_space, id, level);
  WriteCluster(page, member, id + "members", level);
  if (elections) WriteElections(page, member.elections, &member, id + "elections", level);
}

// --- several members ---

std::string RemarksOf(const check::Standing& standing) {
  std::string text;
  const auto add = [&](bool is, std::string_view remark) {
    if (is) (text += text.empty() ? "" : ", ") += remark;
  };
  add(standing.contradicts, "contradicts the majority");
  add(standing.lost_entries, "lost entries that it had acknowledged");
  add(standing.behind > 0, fmt::format("committed entries that it lacks: {}", Grouped(standing.behind)));
  add(standing.replace, "replace it");
  return text;
}

void WriteComparison(html::Writer& page, const ReportData& data) {
  const check::Comparison& comparison = *data.comparison;
  const Section section(page, 2, "The members compared", "compared");
  PageTable table(page, "The members compared",
                  {{"Member"},
                   {"Id"},
                   {"Role"},
                   {"Verdict"},
                   {"etcd"},
                   {"Term", true},
                   {"Last entry", true},
                   {"Committed", true},
                   {"Applied", true},
                   {"Revision", true},
                   {"Electable"},
                   {"Remarks"}});
  for (size_t i = 0; i < comparison.members.size(); ++i) {
    const check::MemberFacts& member = comparison.members[i];
    PageTable::Row row(table);
    row.Name(member.name)
        .Code(member.id == 0 ? std::string() : Hex(member.id))
        .Text(NameOf(comparison.standings[i].role))
        .Text(data.members[i].checked->sound() ? "sound" : "damaged")
        .Text(WordsFor(data.members[i].checked->prediction.outcome))
        .Number(member.last.term)
        .Number(member.last.index)
        .Number(member.commit)
        .Number(member.applied)
        .Number(member.revision)
        .Text(ElectionText(comparison.standings[i].election))
        .Text(RemarksOf(comparison.standings[i]));
  }
}

void WriteClusterVerdict(html::Writer& page, const ReportData& data) {
  const check::Comparison& comparison = *data.comparison;
  std::vector<diag::Finding> all = comparison.findings;
  for (const ReportedMember& member : data.members)
    all.insert(all.end(), member.checked->findings.begin(), member.checked->findings.end());
  const Standing standing = StandingOf(all, comparison.sound());
  const auto verdict = page.In("div", {{"class", fmt::format("verdict {}", standing.css_class)}});
  {
    const auto word = page.In("p", {{"class", "word"}});
    page.Element("span", standing.sign, {{"aria-hidden", "true"}, {"class", "sign"}});
    page.Text(standing.word);
  }
  if (comparison.commit > 0)
    page.Element("p", fmt::format("Committed up to entry {} at least.", Grouped(comparison.commit)),
                 {{"class", "prediction"}});
  WriteCounts(page, all);
  WriteNext(page, data.advice);
}

void WriteSeveral(html::Writer& page, const ReportData& data) {
  WriteClusterVerdict(page, data);
  WriteComparison(page, data);
  {
    const auto together = page.In("div");
    WriteFindingsSection(page, data.comparison->findings, std::nullopt, "findings", 2);
  }
  WriteElections(page, data.elections, nullptr, "elections", 2);
  size_t number = 0;
  for (const ReportedMember& member : data.members) {
    const std::string id = fmt::format("m{}-", ++number);
    const auto details = page.In("details", {{"class", "member"}, {"id", id + "all"}});
    {
      const auto summary = page.In("summary");
      const auto heading = page.In("h2");
      Name(page, member.state->layout.given);
    }
    WriteVerdict(page, member);
    WriteMemberSections(page, member, id, 3, data.elections.terms.empty());
  }
}

// --- the page ---

struct Link {
  std::string_view id, text;
};
constexpr Link kLinks[] = {{"compared", "Members"},     {"findings", "Findings"}, {"segments", "Log"},
                           {"pages", "Pages"},          {"space", "Key space"},   {"revisions", "Revisions"},
                           {"largest", "Largest keys"}, {"leases", "Leases"},     {"members", "Members"},
                           {"elections", "Elections"}};

// To the sections that the page has.
void WriteLinks(html::Writer& page, std::string_view body) {
  const auto nav = page.In("nav", {{"aria-label", "Sections"}});
  for (const Link& link : kLinks) {
    if (body.find(fmt::format("<section id=\"{}\"", link.id)) != std::string_view::npos)
      page.Element("a", link.text, {{"href", fmt::format("#{}", link.id)}});
  }
}

std::string TitleOf(const ReportData& data) {
  if (data.members.size() == 1) return data.members.front().state->layout.given;
  const std::string what = Counted(data.members.size(), "member");
  return data.comparison->cluster_id == 0
             ? what
             : fmt::format("{} of cluster {:x}", what, data.comparison->cluster_id);
}

void WritePage(const std::string& title, bool sound, std::string_view body, std::string& out) {
  html::Writer page(out);
  const auto root = page.In("html", {{"lang", "en"}});
  WriteHead(page, fmt::format("{}: {}", sound ? "sound" : "damaged", title));
  const auto content = page.In("body");
  {
    const auto header = page.In("header");
    page.Element("p", "etcdmedic report", {{"class", "label"}});
    const auto heading = page.In("h1");
    Name(page, title);
  }
  WriteLinks(page, body);
  const auto main = page.In("main");
  out += body;
}

}  // namespace

std::string ReportPage(const ReportData& data) {
  std::string body;
  html::Writer sections(body);
  if (data.comparison) {
    WriteSeveral(sections, data);
  } else {
    WriteVerdict(sections, data.members.front());
    WriteMemberSections(sections, data.members.front(), "", 2, true);
  }
  std::string out = "<!DOCTYPE html>\n";
  WritePage(TitleOf(data), data.sound(), body, out);
  return out;
}

}  // namespace etcdmedic::tool
