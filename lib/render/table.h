// SPDX-License-Identifier: Apache-2.0
// A table for people. Columns are declared once; their widths come from what is in them. Any length streams:
// a block of rows is kept to find the widths, later blocks keep these and may widen them.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "render/output.h"

namespace etcdmedic::render {

enum class Align : uint8_t { kLeft, kRight };  // texts stand left, numbers right

struct Column {
  std::string_view title;
  Align align = Align::kLeft;
};

struct TableLayout {
  size_t gap = 2;        // blanks between two columns
  size_t narrowest = 0;  // of a column, with its gap
  bool header = true;
  bool pads_empty = false;  // blanks may end a line, before an empty last cell
  bool escapes_backslash = true;
};

// kubectl's: three blanks, and no column narrower than six, and backslashes as they are. Its
// titles are a row like others.
inline constexpr TableLayout kKubectlLayout{3, 6, false, true, false};

class Table {
 public:
  // The titles are the first row, unless the layout leaves them out; a row may have more cells than there are
  // columns, which stand left.
  Table(Output& out, std::vector<Column> columns, TableLayout layout = {});
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() { Flush(); }

  // A row: texts, with what a terminal would obey escaped, and numbers.
  template <class... Cells>
  void Add(const Cells&... cells) {
    (Cell(cells), ...);
    EndRow();
  }
  // The same, a cell at a time.
  void Cell(std::string_view text);
  void Cell(const std::string& text) { Cell(std::string_view(text)); }
  void Cell(const char* text) { Cell(std::string_view(text)); }
  template <std::integral T>
  void Cell(T number) {
    const fmt::format_int digits(number);
    Put({digits.data(), digits.size()});
  }
  void EndRow();

  // A line between rows that belongs to no column.
  void Line(std::string_view text);

  // Prints what is kept, and forgets the widths: another table may follow.
  void Flush();

 private:
  static constexpr size_t kBlock = 1000;  // rows

  void Put(std::string_view text);
  void Print();
  void Widen();

  Output& out_;
  std::vector<Column> columns_;
  TableLayout layout_;
  std::vector<size_t> widths_;  // characters, without the gap
  // The rows that are kept: their text, and after each cell where it ends; kRowEnd after the last of a row,
  // kLineEnd after a line.
  std::string text_;
  std::vector<size_t> ends_;
  size_t rows_ = 0;
};

}  // namespace etcdmedic::render
