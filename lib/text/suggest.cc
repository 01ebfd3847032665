// SPDX-License-Identifier: Apache-2.0
#include "text/suggest.h"

#include <algorithm>
#include <numeric>

namespace etcdmedic::text {
namespace {

// Letters that are added, left out or changed, or neighbours that are swapped.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1)});
      const bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
      if (swapped) row[j + 1] = std::min(row[j + 1], before_last[j - 1] + 1);
    }
  }
  return row.back();
}

// A short word with two other letters is another word.
size_t MostFor(size_t letters) { return letters < 2 ? 0 : letters <= 4 ? 1 : letters <= 8 ? 2 : 3; }

std::string_view WithoutDashes(std::string_view name) {
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

}  // namespace

std::string Suggest(std::string_view typed, const std::vector<std::string_view>& names) {
  constexpr size_t kShortestBeginning = 3;
  const std::string_view word = WithoutDashes(typed);
  const auto distance = [&](std::string_view name) { return Distance(word, WithoutDashes(name)); };
  const auto begins = [&](std::string_view name) { return WithoutDashes(name).starts_with(word); };
  auto best = std::ranges::min_element(names, {}, distance);
  if (best == names.end()) return {};
  if (distance(*best) > MostFor(word.size())) {
    if (word.size() < kShortestBeginning || std::ranges::count_if(names, begins) != 1) return {};
    best = std::ranges::find_if(names, begins);
  }
  return "; did you mean " + std::string(*best) + "?";
}

}  // namespace etcdmedic::text
