// SPDX-License-Identifier: Apache-2.0
#include "text/suggest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace etcdmedic::text {
namespace {

size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t next = std::min({row[j] + 1, row[j + 1] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = std::exchange(row[j + 1], next);
    }
  }
  return row.back();
}

}  // namespace

std::string Suggest(std::string_view typed, const std::vector<std::string_view>& names) {
  const auto best =
      std::ranges::min_element(names, {}, [&](std::string_view name) { return Distance(typed, name); });
  if (best == names.end() || Distance(typed, *best) > std::max<size_t>(2, typed.size() / 3)) return {};
  return "; did you mean " + std::string(*best) + "?";
}

}  // namespace etcdmedic::text
