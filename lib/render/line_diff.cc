// SPDX-License-Identifier: Apache-2.0
#include "render/line_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <vector>

namespace etcdmedic::render {
namespace {

using Lines = std::vector<std::string_view>;  // each with its newline, where it has one

Lines Split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// Lines [before_at, before_end) became [after_at, after_end).
struct Change {
  size_t before_at, before_end, after_at, after_end;
};

// Numbers in place of lines: equal ones have equal numbers.
class Numbering {
 public:
  std::vector<uint32_t> Of(const Lines& lines, size_t from, size_t to) {
    std::vector<uint32_t> numbers;
    numbers.reserve(to - from);
    for (size_t i = from; i < to; ++i)
      numbers.push_back(known_.try_emplace(lines[i], static_cast<uint32_t>(known_.size())).first->second);
    return numbers;
  }

 private:
  std::unordered_map<std::string_view, uint32_t> known_;
};

// E. W. Myers, "An O(ND) difference algorithm and its variations", 1986: the greedy forward search. reach[k]
// is how far into `a` a path on diagonal k (a - b) comes with d edits; each round is kept to walk back by.
class Search {
 public:
  Search(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b, size_t most_edits)
      : a_(a), b_(b), most_(static_cast<int64_t>(most_edits)) {}

  // False where the texts lie more than most_edits apart.
  bool Run() {
    const auto n = static_cast<int64_t>(a_.size());
    const auto m = static_cast<int64_t>(b_.size());
    for (int64_t d = 0; d <= std::min(n + m, most_); ++d) {
      rounds_.emplace_back(static_cast<size_t>(d) + 1);
      for (int64_t k = -d; k <= d; k += 2) {
        int64_t x = d == 0 ? 0 : Step(d, k);
        while (x < n && x - k < m && a_[static_cast<size_t>(x)] == b_[static_cast<size_t>(x - k)]) ++x;
        Reach(d, k) = static_cast<int32_t>(x);
        if (x >= n && x - k >= m) return true;
      }
    }
    return false;
  }

  // After Run gave true: the changes, in order, with `shift` added to every position.
  std::vector<Change> Changes(size_t shift) {
    std::vector<Change> changes;
    auto x = static_cast<int64_t>(a_.size());
    auto y = static_cast<int64_t>(b_.size());
    for (auto d = static_cast<int64_t>(rounds_.size()) - 1; d > 0; --d) {
      const int64_t k = x - y;
      const bool down = TakesDown(d, k);
      const int64_t from_k = down ? k + 1 : k - 1;
      const int64_t from_x = Reach(d - 1, from_k);
      const int64_t from_y = from_x - from_k;
      Prepend(changes, from_x, from_y, down, shift);
      x = from_x;
      y = from_y;
    }
    std::ranges::reverse(changes);
    return changes;
  }

 private:
  // Round d holds only its own diagonals, -d to d by twos.
  int32_t& Reach(int64_t d, int64_t k) {
    return rounds_[static_cast<size_t>(d)][static_cast<size_t>((k + d) / 2)];
  }
  // Whether the best path to diagonal k in round d ends with a line of `b`.
  bool TakesDown(int64_t d, int64_t k) {
    return k == -d || (k != d && Reach(d - 1, k - 1) < Reach(d - 1, k + 1));
  }
  int64_t Step(int64_t d, int64_t k) {
    const auto n = static_cast<int64_t>(a_.size());
    const int64_t x = TakesDown(d, k) ? Reach(d - 1, k + 1) : Reach(d - 1, k - 1) + 1;
    return std::min(x, n);
  }

  // Edits come last first; neighbours become one change.
  static void Prepend(std::vector<Change>& changes, int64_t x, int64_t y, bool down, size_t shift) {
    const size_t a = static_cast<size_t>(x) + shift;
    const size_t b = static_cast<size_t>(y) + shift;
    const size_t a_end = a + (down ? 0 : 1);
    const size_t b_end = b + (down ? 1 : 0);
    if (!changes.empty() && changes.back().before_at == a_end && changes.back().after_at == b_end) {
      changes.back().before_at = a;
      changes.back().after_at = b;
    } else {
      changes.push_back({a, a_end, b, b_end});
    }
  }

  const std::vector<uint32_t>& a_;
  const std::vector<uint32_t>& b_;
  const int64_t most_;
  std::vector<std::vector<int32_t>> rounds_;
};

std::vector<Change> Compare(const Lines& before, const Lines& after, size_t most_edits, bool& whole) {
  size_t head = 0;
  const size_t shorter = std::min(before.size(), after.size());
  while (head < shorter && before[head] == after[head]) ++head;
  size_t tail = 0;
  while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  const size_t before_end = before.size() - tail;
  const size_t after_end = after.size() - tail;
  if (head == before_end && head == after_end) return {};
  Numbering numbering;
  const auto a = numbering.Of(before, head, before_end);
  const auto b = numbering.Of(after, head, after_end);
  Search search(a, b, most_edits);
  if (!a.empty() && !b.empty() && search.Run()) return search.Changes(head);
  whole = !a.empty() && !b.empty();
  return {{head, before_end, head, after_end}};
}

class Writer {
 public:
  Writer(std::string& out, const Lines& before, const Lines& after, const LineDiffOptions& options)
      : out_(out), before_(before), after_(after), options_(options) {}

  // Changes whose contexts touch share a hunk.
  void Write(const std::vector<Change>& changes) {
    for (size_t first = 0; first < changes.size();) {
      size_t last = first;
      while (last + 1 < changes.size() &&
             changes[last + 1].before_at - changes[last].before_end <= 2 * options_.context)
        ++last;
      Hunk(changes, first, last);
      first = last + 1;
    }
  }

 private:
  void Hunk(const std::vector<Change>& changes, size_t first, size_t last) {
    const size_t lead = std::min(options_.context, changes[first].before_at);
    const size_t trail = std::min(options_.context, before_.size() - changes[last].before_end);
    const size_t before_at = changes[first].before_at - lead;
    const size_t after_at = changes[first].after_at - lead;
    Paint("\x1b[36m", fmt::format("@@ -{} +{} @@{}", Span(before_at, changes[last].before_end + trail),
                                  Span(after_at, changes[last].after_end + trail), Section(before_at)));
    size_t at = before_at;
    for (size_t i = first; i <= last; ++i) {
      Print("", ' ', before_, at, changes[i].before_at);
      Print("\x1b[31m", '-', before_, changes[i].before_at, changes[i].before_end);
      Print("\x1b[32m", '+', after_, changes[i].after_at, changes[i].after_end);
      at = changes[i].before_end;
    }
    Print("", ' ', before_, at, at + trail);
  }

  // "first,count", as diff(1) writes it: without the count where it is 1, and the line before for an empty
  // span.
  static std::string Span(size_t from, size_t to) {
    if (to - from == 1) return fmt::format("{}", from + 1);
    return fmt::format("{},{}", to == from ? from : from + 1, to - from);
  }

  std::string Section(size_t at) {
    while (at-- > 0) {
      std::string_view line = before_[at];
      if (line.ends_with('\n')) line.remove_suffix(1);
      if (line.empty() || line[0] == ' ' || line[0] == '-' || line[0] == '#') continue;
      return fmt::format(" {}", line.substr(0, 60));
    }
    return {};
  }

  void Print(std::string_view color, char mark, const Lines& lines, size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) {
      const bool ended = lines[i].ends_with('\n');
      Paint(color, fmt::format("{}{}", mark, ended ? lines[i].substr(0, lines[i].size() - 1) : lines[i]));
      if (!ended) out_ += "\\ No newline at end of file\n";
    }
  }

  void Paint(std::string_view color, std::string_view line) {
    const bool on = options_.color && !color.empty();
    fmt::format_to(std::back_inserter(out_), "{}{}{}\n", on ? color : "", line, on ? "\x1b[0m" : "");
  }

  std::string& out_;
  const Lines& before_;
  const Lines& after_;
  const LineDiffOptions& options_;
};

}  // namespace

LineDiffCount AppendLineDiff(std::string& out, std::string_view before, std::string_view after,
                             const LineDiffOptions& options) {
  const Lines old_lines = Split(before);
  const Lines new_lines = Split(after);
  LineDiffCount count;
  const auto changes = Compare(old_lines, new_lines, options.most_edits, count.whole);
  for (const Change& change : changes) {
    count.removed += change.before_end - change.before_at;
    count.added += change.after_end - change.after_at;
  }
  Writer(out, old_lines, new_lines, options).Write(changes);
  return count;
}

}  // namespace etcdmedic::render
