// SPDX-License-Identifier: Apache-2.0
#include "explain/digest.h"

#include <algorithm>
#include <cctype>

namespace etcdmedic::explain {
namespace {

// What lines of one kind have in common: numbers and ids are left out.
std::string ShapeOf(std::string_view text) {
  constexpr size_t kLongest = 200;
  std::string shape;
  for (const char c : text.substr(0, kLongest)) {
    const bool hex = std::isxdigit(static_cast<unsigned char>(c)) != 0;
    const bool digit = c >= '0' && c <= '9';
    const bool in_number = !shape.empty() && shape.back() == '#';
    if (digit && !in_number)
      shape += '#';
    else if (!digit && !(hex && in_number))
      shape += c;
  }
  return shape;
}

}  // namespace

void LogDigest::Count(LineGroup& group, const LogEntry& entry) {
  if (group.count++ == 0) {
    group.example = entry.message.substr(0, LineGroup::kLongestExample);
    group.first = entry.time;
  }
  if (!entry.time.empty()) group.last = entry.time;
  if (group.data_dir.empty()) group.data_dir = entry.data_dir.empty() ? data_dir_ : entry.data_dir;
}

void LogDigest::AddUnknown(const LogEntry& entry) {
  ++unknown_lines_;
  const auto found = unknown_at_.find(ShapeOf(entry.message));
  if (found != unknown_at_.end()) {
    Count(unknown_[found->second], entry);
  } else if (unknown_.size() < kMostUnknown) {
    unknown_at_.emplace(ShapeOf(entry.message), unknown_.size());
    Count(unknown_.emplace_back(), entry);
  }
}

void LogDigest::Add(std::string_view line) {
  if (line.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  ++lines_;
  const LogEntry entry = reader_.Read(line);
  if (!entry.data_dir.empty()) data_dir_ = entry.data_dir;
  const LogLine* known = entry.trace ? nullptr : FindLogLine(entry.text);
  if (known == nullptr) {
    if (entry.trace)
      ++trace_;
    else if (entry.level == Level::kDebug || entry.level == Level::kInfo)
      ++routine_;
    else
      AddUnknown(entry);
    return;
  }
  if (known->scope == Scope::kRoutine) ++routine_;
  const auto [at, added] = at_.emplace(known, known_.size());
  if (added) known_.emplace_back().line = known;
  Count(known_[at->second], entry);
}

std::vector<LineGroup> LogDigest::Known() const {
  std::vector<LineGroup> groups = known_;
  std::ranges::stable_sort(groups, [](const LineGroup& a, const LineGroup& b) {
    if (a.line->severity != b.line->severity) return a.line->severity > b.line->severity;
    return a.line->scope < b.line->scope;
  });
  return groups;
}

}  // namespace etcdmedic::explain
