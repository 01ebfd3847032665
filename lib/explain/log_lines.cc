// SPDX-License-Identifier: Apache-2.0
#include "explain/log_lines.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <vector>

#include "text/ascii.h"

namespace etcdmedic::explain {
namespace {

using diag::Severity;

constexpr LogLine kLines[] = {
#define LOG_LINE(severity, scope, versions, patterns, meaning, advice, command, codes, issues) \
  {Severity::severity, Scope::scope, versions, patterns, meaning, advice, command, codes, issues},
#include "explain/log_lines.def"
#undef LOG_LINE
};

using text::Lower;

// One alternative of a row.
struct Pattern {
  explicit Pattern(const LogLine& of, std::string_view from) : line(&of) {
    weak = from.starts_with('~');
    whole = from.starts_with('=');
    text = from.substr(weak || whole ? 1 : 0);
    ForEachPart(text, '*', [&](std::string_view part) {
      length += part.size();
      if (part.size() > anchor.size()) anchor = part;
    });
  }

  bool Fits(std::string_view lowered) const {
    if (whole) return lowered == text;
    bool all = true;
    ForEachPart(text, '*', [&](std::string_view part) {
      const size_t at = lowered.find(part);
      all = all && at != std::string_view::npos;
      if (all) lowered.remove_prefix(at + part.size());
    });
    return all;
  }

  // The larger, the better the row fits.
  auto rank() const { return std::tuple(line->scope != Scope::kRoutine, !weak, length); }

  const LogLine* line;
  std::string_view text;
  std::string_view anchor;  // its longest part
  size_t length = 0;
  bool weak = false;   // '~': only where nothing better fits
  bool whole = false;  // '=': the text is this and nothing else
};

// Finds the anchors of all patterns in one pass: the automaton of Aho and Corasick.
class Matcher {
 public:
  Matcher() {
    for (const LogLine& line : kLines)
      ForEachPart(line.patterns, '|', [&](std::string_view part) { patterns_.emplace_back(line, part); });
    for (const Pattern& pattern : patterns_) {
      for (const char c : pattern.anchor) Class(c);
    }
    states_.emplace_back();
    for (uint16_t i = 0; i < patterns_.size(); ++i) Add(i);
    Link();
  }

  const LogLine* Find(std::string_view text) const {
    std::string lowered;
    const Pattern* best = nullptr;
    uint16_t state = 0;
    for (const char c : text) {
      state = states_[state].next[classes_[static_cast<unsigned char>(Lower(c))]];
      for (const uint16_t at : states_[state].ends) {
        const Pattern& pattern = patterns_[at];
        if (best != nullptr && pattern.rank() <= best->rank()) continue;
        if (lowered.empty()) lowered = Lower(text);
        if (pattern.Fits(lowered)) best = &pattern;
      }
    }
    return best == nullptr ? nullptr : best->line;
  }

 private:
  // Characters of the patterns; all others are class 0.
  static constexpr size_t kClasses = 64;
  struct State {
    std::array<uint16_t, kClasses> next{};
    uint16_t fallback = 0;
    std::vector<uint16_t> ends;  // patterns whose anchor ends here
  };

  uint8_t Class(char c) {
    uint8_t& known = classes_[static_cast<unsigned char>(c)];
    if (known == 0) known = ++classes_used_;
    return known;
  }

  void Add(uint16_t pattern) {
    size_t state = 0;
    for (const char c : patterns_[pattern].anchor) {
      const uint8_t step = Class(c);
      if (states_[state].next[step] == 0) {
        states_[state].next[step] = static_cast<uint16_t>(states_.size());
        states_.emplace_back();
      }
      state = states_[state].next[step];
    }
    states_[state].ends.push_back(pattern);
  }

  // Breadth first: where a state has no step, it takes that of the longest end of what led to it.
  void Link() {
    std::vector<uint16_t> order{0};
    for (size_t i = 0; i < order.size(); ++i) {
      const uint16_t at = order[i];
      for (size_t step = 0; step < kClasses; ++step) {
        const uint16_t fallback = states_[states_[at].fallback].next[step];
        const uint16_t next = states_[at].next[step];
        if (next == 0) {
          states_[at].next[step] = at == 0 ? 0 : fallback;
          continue;
        }
        states_[next].fallback = at == 0 ? 0 : fallback;
        const auto& more = states_[states_[next].fallback].ends;
        states_[next].ends.insert(states_[next].ends.end(), more.begin(), more.end());
        order.push_back(next);
      }
    }
  }

  std::vector<Pattern> patterns_;
  std::array<uint8_t, 256> classes_{};
  uint8_t classes_used_ = 0;
  std::vector<State> states_;
};

}  // namespace

std::string_view NameOf(Scope scope) {
  constexpr std::string_view kNames[] = {"files", "live", "setup", "kubernetes", "routine"};
  return kNames[static_cast<size_t>(scope)];
}

std::string_view SentenceOf(Scope scope) {
  constexpr std::string_view kSentences[] = {"about the data files",
                                             "about the running servers; the files are fine",
                                             "about flags, addresses or the member list; the files are fine",
                                             "about what Kubernetes keeps in etcd", "harmless"};
  return kSentences[static_cast<size_t>(scope)];
}

std::span<const LogLine> AllLogLines() { return kLines; }

std::vector<std::string> LogLinesOf(std::string_view code) {
  std::vector<std::string> patterns;
  for (const LogLine& line : kLines) {
    ForEachPart(line.codes, ' ', [&](std::string_view part) {
      if (part == code) patterns.push_back(PatternText(line.patterns.substr(0, line.patterns.find('|'))));
    });
  }
  return patterns;
}

std::string PatternText(std::string_view pattern) {
  std::string text;
  if (pattern.starts_with('~') || pattern.starts_with('=')) pattern.remove_prefix(1);
  for (const char c : pattern) text += c == '*' ? std::string("…") : std::string(1, c);
  return text;
}

const LogLine* FindLogLine(std::string_view text) {
  static const Matcher matcher;
  return matcher.Find(text);
}

}  // namespace etcdmedic::explain
