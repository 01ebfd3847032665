// SPDX-License-Identifier: Apache-2.0
// Two texts -> what changed, as a unified diff by lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace etcdmedic::render {

struct LineDiffOptions {
  size_t context = 3;        // equal lines shown around each change
  size_t most_edits = 1000;  // beyond it the part that differs is shown as replaced as a whole
  bool color = false;        // ANSI colours, for a terminal
};

struct LineDiffCount {
  uint64_t removed = 0;
  uint64_t added = 0;
  bool whole = false;  // more than most_edits: not the shortest diff, yet a true one
};

// Appends the hunks that turn `before` into `after` (without a "---/+++" head) and counts their lines; equal
// texts append nothing. A hunk's head ends in the last unindented line above it, which in YAML is the section
// it is in. A last line without a newline is marked as diff(1) does. Takes time in proportion to the lines
// times the edits, and at most 4 * most_edits^2 bytes beside the lines.
LineDiffCount AppendLineDiff(std::string& out, std::string_view before, std::string_view after,
                             const LineDiffOptions& options = {});

}  // namespace etcdmedic::render
