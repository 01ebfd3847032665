// SPDX-License-Identifier: Apache-2.0
#include "kubectl/tab_writer.h"

#include <algorithm>
#include <vector>

#include "text/utf8.h"

namespace etcdmedic::kubectl {
namespace {

struct Cell {
  std::string_view text;
  size_t characters = 0, width = 0;
};

struct Line {
  std::vector<Cell> cells;  // each ended in a tab
  std::string_view rest;
};

Line SplitLine(std::string_view text) {
  Line line;
  for (;;) {
    const size_t tab = text.find('\t');
    if (tab == std::string_view::npos) break;
    const std::string_view cell = text.substr(0, tab);
    line.cells.push_back({cell, text::Utf8Count(cell)});
    text.remove_prefix(tab + 1);
  }
  line.rest = text;
  return line;
}

std::vector<Line> SplitLines(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(SplitLine(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Sets the width of cell `column` in `lines` that are adjacent and all have one.
void AlignBlock(std::vector<Line>& lines, const size_t* begin, const size_t* end, size_t column,
                size_t padding) {
  size_t widest = 0;
  for (const size_t* at = begin; at != end; ++at)
    widest = std::max(widest, lines[*at].cells[column].characters);
  widest = std::min(widest, kWidestColumn);
  for (const size_t* at = begin; at != end; ++at) {
    Cell& cell = lines[*at].cells[column];
    cell.width = std::max(widest, cell.characters) + padding;
  }
}

// Takes each cell once, however many columns a line has.
void Align(std::vector<Line>& lines, size_t padding) {
  std::vector<size_t> having(lines.size());  // the numbers of lines that have a cell in the column
  for (size_t i = 0; i < having.size(); ++i) having[i] = i;
  for (size_t column = 0; !having.empty(); ++column) {
    std::erase_if(having, [&](size_t number) { return lines[number].cells.size() <= column; });
    for (size_t begin = 0; begin < having.size();) {
      size_t end = begin + 1;
      while (end < having.size() && having[end] == having[end - 1] + 1) ++end;
      AlignBlock(lines, having.data() + begin, having.data() + end, column, padding);
      begin = end;
    }
  }
}

}  // namespace

std::string AlignTabs(std::string_view text, size_t padding) {
  std::vector<Line> lines = SplitLines(text);
  Align(lines, padding);
  std::string out;
  for (const Line& line : lines) {
    for (const Cell& cell : line.cells) {
      out += cell.text;
      out.append(cell.width - cell.characters, ' ');
    }
    (out += line.rest) += '\n';
  }
  if (!text.ends_with('\n') && !out.empty()) out.pop_back();
  return out;
}

}  // namespace etcdmedic::kubectl
