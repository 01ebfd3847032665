// SPDX-License-Identifier: Apache-2.0
// A whole journal in a few lines: what it says, how often, when first and last, the worst first.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "explain/log_entry.h"
#include "explain/log_lines.h"

namespace etcdmedic::explain {

// Lines that say the same.
struct LineGroup {
  const LogLine* line = nullptr;  // null: not known
  uint64_t count = 0;
  std::string example;      // the first of them, at most kLongestExample bytes
  std::string first, last;  // times, as they are written there; empty where the lines have none
  std::string data_dir;     // that the lines, or lines before them, name
  static constexpr size_t kLongestExample = 400;
};

class LogDigest {
 public:
  void Add(std::string_view line);

  // Of what was added so far. Worst first, then in the order in which they appeared.
  std::vector<LineGroup> Known() const;
  // Lines that no row of the table fits and that do not say themselves that they only inform; folded where
  // they differ in numbers only. At most kMostUnknown kinds are kept, the rest is counted.
  const std::vector<LineGroup>& unknown() const { return unknown_; }

  uint64_t lines() const { return lines_; }      // all but empty ones
  uint64_t routine() const { return routine_; }  // known to be harmless, or informing only
  uint64_t trace() const { return trace_; }      // parts of stack traces
  uint64_t unknown_lines() const { return unknown_lines_; }

 private:
  static constexpr size_t kMostUnknown = 200;

  void Count(LineGroup& group, const LogEntry& entry);
  void AddUnknown(const LogEntry& entry);

  LogEntryReader reader_;
  std::vector<LineGroup> known_;
  std::map<const LogLine*, size_t> at_;
  std::vector<LineGroup> unknown_;
  std::map<std::string, size_t, std::less<>> unknown_at_;
  std::string data_dir_;
  uint64_t lines_ = 0, routine_ = 0, trace_ = 0, unknown_lines_ = 0;
};

}  // namespace etcdmedic::explain
