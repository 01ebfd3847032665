// SPDX-License-Identifier: Apache-2.0
#include "kubectl/custom_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/ascii.h"

namespace etcdmedic::kubectl {
namespace {

// A comma inside brackets belongs to the path.
size_t EndOfColumn(std::string_view spec) {
  int depth = 0;
  for (size_t i = 0; i < spec.size(); ++i) {
    depth += spec[i] == '[' ? 1 : spec[i] == ']' ? -1 : 0;
    if (spec[i] == ',' && depth <= 0) return i;
  }
  return spec.size();
}

// Takes the first line off.
std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  for (line = text::Trim(line); !line.empty(); line = text::Trim(line)) {
    const auto* const end = std::ranges::find_if(line, text::IsSpace);
    words.emplace_back(line.begin(), end);
    line.remove_prefix(words.back().size());
  }
  return words;
}

Result<void> AddColumn(std::string_view header, std::string_view expression,
                       std::vector<CustomColumn>& columns) {
  auto path = JsonPath::Parse(expression);
  if (!path) return tl::make_unexpected(path.error());
  columns.push_back({std::string(header), std::move(*path)});
  return {};
}

}  // namespace

std::string CustomColumn::Cell(text::ObjectView object) const {
  std::string cell;
  for (const text::ObjectView value : path.Find(object)) {
    if (!value) continue;
    if (!cell.empty()) cell += ',';
    AppendGoText(cell, value);
  }
  return cell.empty() ? "<none>" : cell;
}

Result<std::vector<CustomColumn>> ParseCustomColumns(std::string_view spec) {
  std::vector<CustomColumn> columns;
  while (!spec.empty()) {
    const std::string_view column = spec.substr(0, EndOfColumn(spec));
    spec.remove_prefix(std::min(column.size() + 1, spec.size()));
    const size_t colon = column.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return Fail(Errc::kUsage, "", fmt::format("a column is HEADER:.path, not {}", column));
    const auto added = AddColumn(column.substr(0, colon), column.substr(colon + 1), columns);
    if (!added) return tl::make_unexpected(added.error());
  }
  if (columns.empty()) return Fail(Errc::kUsage, "", "custom-columns needs HEADER:.path,…");
  return columns;
}

Result<std::vector<CustomColumn>> ParseCustomColumnsFile(std::string_view text) {
  const auto headers = Words(TakeLine(text)), paths = Words(TakeLine(text));
  if (headers.empty() || headers.size() != paths.size()) {
    return Fail(Errc::kUsage, "",
                fmt::format("a file of columns has a line of headers and a line with a path for each; this "
                            "one has {} and {}",
                            headers.size(), paths.size()));
  }
  std::vector<CustomColumn> columns;
  for (size_t i = 0; i < headers.size(); ++i) {
    const auto added = AddColumn(headers[i], paths[i], columns);
    if (!added) return tl::make_unexpected(added.error());
  }
  return columns;
}

}  // namespace etcdmedic::kubectl
