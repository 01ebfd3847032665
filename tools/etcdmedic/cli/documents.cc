// SPDX-License-Identifier: Apache-2.0
// The pages that are made from the tables of finding codes and of etcd's log lines.
#include <fmt/format.h>

#include "cli/command.h"
#include "diag/codes.h"
#include "explain/log_lines.h"

namespace etcdmedic::tool {

std::string CodesDocument() {
  std::string text =
      "# Finding codes\n\nMade by `etcdmedic docs codes` from the table in `lib/diag/codes.def`; do not "
      "edit.\n";
  for (const diag::CodeInfo& info : diag::AllCodes()) {
    text += fmt::format("\n## {}\n\n*{}*: {}.\n\n- For the data: {}.\n- What to do: {}.\n", info.name,
                        NameOf(info.severity), info.title, info.loss, info.remedy);
    const std::vector<std::string> lines = explain::LogLinesOf(info.name);
    for (const std::string& line : lines)
      text += fmt::format("{}`{}`{}", &line == lines.data() ? "- In etcd's log: " : ", ", line,
                          &line == &lines.back() ? "\n" : "");
    if (!info.issues.empty()) text += fmt::format("- Upstream: {}\n", info.issues);
  }
  return text;
}

std::string LogLinesDocument() {
  std::string text =
      "# Lines of etcd's log\n\nMade by `etcdmedic docs log-lines` from the table in "
      "`lib/explain/log_lines.def`; do "
      "not edit. `etcdmedic explain`\ntakes such a line, or a whole log. `…` stands for numbers, names and "
      "paths.\n";
  for (const explain::LogLine& line : explain::AllLogLines()) {
    text += fmt::format("\n## `{}`\n\n*{}*, {}",
                        explain::PatternText(line.patterns.substr(0, line.patterns.find('|'))),
                        NameOf(line.severity), SentenceOf(line.scope));
    if (line.versions != "all" && !line.versions.empty()) text += fmt::format("; etcd {}", line.versions);
    text += fmt::format(".\n\n- Meaning: {}.\n- What to do: {}.\n", line.meaning, line.advice);
    if (!line.command.empty()) text += fmt::format("- Next: `etcdmedic {}`\n", line.command);
    std::string others;
    explain::ForEachPart(line.patterns, '|', [&](std::string_view pattern) {
      if (pattern.data() != line.patterns.data())
        others += fmt::format("{}`{}`", others.empty() ? "" : ", ", explain::PatternText(pattern));
    });
    if (!others.empty()) text += fmt::format("- Also: {}\n", others);
    std::string codes;
    explain::ForEachPart(line.codes, ' ', [&](std::string_view code) {
      codes += fmt::format("{}{}", codes.empty() ? "" : ", ", code);
    });
    if (!codes.empty()) text += fmt::format("- Findings: {}\n", codes);
    if (!line.issues.empty()) text += fmt::format("- Upstream: {}\n", line.issues);
  }
  return text;
}

}  // namespace etcdmedic::tool
