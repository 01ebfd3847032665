// SPDX-License-Identifier: Apache-2.0
// What is looked for in bytes: a text as it is, at the speed of memory, or a POSIX extended regular
// expression.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace etcdmedic::text {

class Pattern {
 public:
  struct Match {
    size_t offset = 0, length = 0;
  };

  // The text itself; not an empty one, which is everywhere.
  static Pattern Literal(std::string text);
  // Lines are matched one by one: ^ and $ are the ends of a line, and . does not match a line feed. Back references,
  // which can take for ever, are refused. Errors: kUsage.
  static Result<Pattern> Regex(const std::string& expression);

  // A copy for another thread.
  Pattern Clone() const;

  bool In(std::string_view bytes) const;
  // The first match.
  std::optional<Match> Find(std::string_view bytes) const;

 private:
  struct Compiled;
  Pattern() = default;

  std::string text_;  // or the expression
  std::shared_ptr<Compiled> regex_;
};

// The offset of the first `needle` in `bytes`, npos for none.
size_t FindBytes(std::string_view bytes, std::string_view needle);

}  // namespace etcdmedic::text
