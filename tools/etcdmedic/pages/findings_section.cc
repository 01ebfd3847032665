// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "pages/report_page.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

using diag::Finding;

constexpr size_t kShown = 5;  // places of a code before the rest is folded away

struct Group {
  diag::Code code;
  diag::Severity severity = diag::Severity::kNote;
  std::vector<const Finding*> findings = {};
};

// By code, the worst first.
std::vector<Group> GroupsOf(const std::vector<Finding>& findings) {
  std::vector<Group> groups;
  for (const Finding& finding : findings) {
    auto group = std::ranges::find(groups, finding.code, &Group::code);
    if (group == groups.end()) group = groups.insert(groups.end(), {finding.code});
    group->severity = std::max(group->severity, finding.severity);
    group->findings.push_back(&finding);
  }
  std::ranges::stable_sort(groups, std::greater<>(), &Group::severity);
  return groups;
}

void WritePlace(html::Writer& page, const Finding& finding, std::optional<uint32_t> page_size) {
  const auto item = page.In("li", {{"class", "place"}});
  Prose(page, "p", finding.message);
  if (finding.where.file.empty()) return;
  const auto where = page.In("p", {{"class", "where"}});
  Name(page, finding.where.file);
  page.Text(fmt::format(" at {}", Grouped(finding.where.offset)));
  if (finding.length > 0) page.Text(fmt::format(", {}", Counted(finding.length, "byte")));
  const bool in_db = page_size && finding.where.file.ends_with("db");
  if (in_db) page.Text(fmt::format(", page {}", finding.where.offset / *page_size));
}

void WritePlaces(html::Writer& page, const Group& group, std::optional<uint32_t> page_size) {
  const auto list = [&](size_t begin, size_t end) {
    const auto places = page.In("ul", {{"class", "places"}});
    for (size_t i = begin; i < end; ++i) WritePlace(page, *group.findings[i], page_size);
  };
  const size_t all = group.findings.size();
  const size_t shown = all > kShown + 1 ? kShown : all;
  list(0, shown);
  if (shown == all) return;
  const auto rest = page.In("details");
  page.Element("summary", Counted(all - shown, "more place"));
  list(shown, all);
}

void WriteGroup(html::Writer& page, const Group& group, std::optional<uint32_t> page_size) {
  const diag::CodeInfo& info = InfoOf(group.code);
  const auto article = page.In("article", {{"class", fmt::format("finding s-{}", NameOf(group.severity))}});
  {
    const auto head = page.In("h4");
    page.Element("span", NameOf(group.severity), {{"class", "badge"}});
    page.Text(" ");
    page.Element("code", info.name);
    page.Text(fmt::format(" {}", info.title));
  }
  WritePlaces(page, group, page_size);
  const auto facts = page.In("dl", {{"class", "advice"}});
  page.Element("dt", "For the data");
  Prose(page, "dd", info.loss);
  page.Element("dt", "What to do");
  Prose(page, "dd", info.remedy);
}

}  // namespace

void WriteFindingsSection(html::Writer& page, const std::vector<Finding>& findings,
                          std::optional<uint32_t> page_size, const std::string& id, int level) {
  const Section section(page, level, "Findings", id);
  if (findings.empty()) {
    page.Element("p", "Nothing was found: every rule holds.", {{"class", "quiet"}});
    return;
  }
  const std::vector<Finding> folded = diag::FoldRepeats(findings, kListedFindings);
  for (const Group& group : GroupsOf(folded)) WriteGroup(page, group, page_size);
}

}  // namespace etcdmedic::tool
