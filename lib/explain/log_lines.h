// SPDX-License-Identifier: Apache-2.0
// What the lines of etcd's log mean. The table itself is explain/log_lines.def; `explain`, docs/log-lines.md
// and the log lines in docs/codes.md are made from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diag/codes.h"

namespace etcdmedic::explain {

// What a line is about.
enum class Scope : uint8_t {
  kFiles,       // what is on disk
  kLive,        // the running servers: the files are fine
  kSetup,       // flags, addresses, member lists: the files are fine
  kKubernetes,  // objects and keys of Kubernetes or its distributions
  kRoutine,     // said when all is as usual
};

// "files", "live", …; and as a sentence for people.
std::string_view NameOf(Scope scope);
std::string_view SentenceOf(Scope scope);

// One row of the table; explain/log_lines.def says what each column holds.
struct LogLine {
  diag::Severity severity;
  Scope scope;
  std::string_view versions, patterns, meaning, advice, command, codes, issues;
};

std::span<const LogLine> AllLogLines();

// Calls each(part) for the parts of a column of the table.
template <class Each>
void ForEachPart(std::string_view column, char separator, const Each& each) {
  while (!column.empty()) {
    const std::string_view part = column.substr(0, column.find(separator));
    if (!part.empty()) each(part);
    column.remove_prefix(part.size() < column.size() ? part.size() + 1 : column.size());
  }
}

// The row whose pattern fits `text` best, or null where none does: strong patterns before weak ones, what
// matters before what is routine, then the longest. `text` is a message with what belongs to it, without the
// time and the level before it; case does not matter. Runs over the text once, however large the table is.
const LogLine* FindLogLine(std::string_view text);

// The lines that go with a finding code, one pattern a row, for people ("tocommit(…) is out of range").
std::vector<std::string> LogLinesOf(std::string_view code);

// A pattern for people: without its marks, '…' for what may be anything.
std::string PatternText(std::string_view pattern);

}  // namespace etcdmedic::explain
