// SPDX-License-Identifier: Apache-2.0
#include "views/object_table.h"

#include <algorithm>

#include "render/text.h"

namespace etcdmedic::tool {
namespace {

constexpr size_t kGap = 3, kNarrowest = 6;

size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// kubectl cuts a cell at its first line break.
std::string CellText(std::string_view text) {
  const size_t line = text.find_first_of("\f\n\r");
  if (line == std::string_view::npos) return render::Printable(text);
  return render::Printable(text.substr(0, line)) + "...";
}

}  // namespace

void ObjectTable::Add(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = CellText(cell);
  rows_.push_back(std::move(cells));
  if (rows_.size() == kBlock) Print();
}

void ObjectTable::Print() {
  for (const auto& row : rows_) {
    if (row.size() > widths_.size()) widths_.resize(row.size(), kNarrowest);
    for (size_t i = 0; i + 1 < row.size(); ++i) widths_[i] = std::max(widths_[i], WidthOf(row[i]) + kGap);
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      out_.Write(row[i]);
      if (i + 1 < row.size()) out_.Write(std::string(widths_[i] - WidthOf(row[i]), ' '));
    }
    out_.Write("\n");
  }
  rows_.clear();
}

void ObjectTable::Flush() {
  Print();
  widths_.clear();
}

}  // namespace etcdmedic::tool
