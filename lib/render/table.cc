// SPDX-License-Identifier: Apache-2.0
#include "render/table.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "render/fit_tables.h"
#include "render/text.h"

namespace etcdmedic::render {
namespace {

constexpr size_t kRowEnd = std::numeric_limits<size_t>::max();
constexpr size_t kLineEnd = kRowEnd - 1;

size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

size_t fit_to = 0;

// The narrowest that a column is cut to.
constexpr size_t kLeastLeft = 10;

}  // namespace

void FitTables(size_t width) { fit_to = width; }

std::string_view Fitting(std::string_view cell, size_t column, std::string& cut) {
  const size_t room = std::max(fit_to > column ? fit_to - column : 0, kLeastLeft);
  if (fit_to == 0 || WidthOf(cell) <= room) return cell;
  size_t end = 0;
  for (size_t width = 0; end < cell.size(); ++end) {
    if ((cell[end] & 0xC0) != 0x80 && width++ + 1 == room) break;
  }
  return cut = std::string(cell.substr(0, end)) + "…";
}

Table::Table(Output& out, std::vector<Column> columns, TableLayout layout)
    : out_(out), columns_(std::move(columns)), layout_(layout) {
  if (!layout_.header) return;
  for (const Column& column : columns_) Put(column.title);
  EndRow();
}

void Table::Cell(std::string_view text) {
  while (!layout_.escapes_backslash) {
    const size_t at = text.find('\\');
    if (at == std::string_view::npos) break;
    AppendPrintable(text_, text.substr(0, at));
    text_ += '\\';
    text.remove_prefix(at + 1);
  }
  AppendPrintable(text_, text);
  ends_.push_back(text_.size());
}

void Table::Put(std::string_view text) {
  text_ += text;
  ends_.push_back(text_.size());
}

void Table::EndRow() {
  ends_.push_back(kRowEnd);
  if (++rows_ == kBlock) Print();
}

void Table::Line(std::string_view text) {
  Cell(text);
  ends_.push_back(kLineEnd);
  if (++rows_ == kBlock) Print();
}

// Makes each column as wide as what is kept.
void Table::Widen() {
  size_t begin = 0, column = 0;
  for (size_t i = 0; i < ends_.size(); ++i) {
    const size_t end = ends_[i];
    if (end >= kLineEnd) {
      column = 0;
      continue;
    }
    if (ends_[i + 1] == kLineEnd) {
      begin = end;
      continue;
    }
    if (column == widths_.size())
      widths_.push_back(layout_.narrowest > layout_.gap ? layout_.narrowest - layout_.gap : 0);
    widths_[column] = std::max(widths_[column], WidthOf(std::string_view(text_).substr(begin, end - begin)));
    begin = end;
    ++column;
  }
}

void Table::Print() {
  Widen();
  size_t begin = 0, column = 0;
  std::string cut;
  size_t at = 0;      // in the line
  size_t blanks = 0;  // owed before the next text, so that none end a line
  for (size_t i = 0; i < ends_.size(); ++i) {
    if (ends_[i] >= kLineEnd) {
      out_.Write("\n");
      blanks = column = at = 0;
      continue;
    }
    const std::string_view cell = std::string_view(text_).substr(begin, ends_[i] - begin);
    if (ends_[i + 1] == kLineEnd) {
      out_.Write(cell);
      begin = ends_[i];
      continue;
    }
    const size_t space = widths_[column] - WidthOf(cell);
    const bool right = column < columns_.size() && columns_[column].align == Align::kRight;
    if (right) blanks += space;
    if (!cell.empty() || (layout_.pads_empty && ends_[i + 1] == kRowEnd)) {
      const bool fits = ends_[i + 1] != kRowEnd || layout_.pads_empty || !layout_.header;
      const std::string_view shown = fits ? cell : Fitting(cell, at + blanks, cut);
      at += blanks + WidthOf(shown);
      out_.With([&](std::string& out) { out.append(std::exchange(blanks, 0), ' ').append(shown); });
    }
    blanks += layout_.gap + (right ? 0 : space);
    begin = ends_[i];
    ++column;
  }
  text_.clear();
  ends_.clear();
  rows_ = 0;
}

void Table::Flush() {
  Print();
  widths_.clear();
}

}  // namespace etcdmedic::render
