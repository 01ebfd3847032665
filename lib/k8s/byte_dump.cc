// SPDX-License-Identifier: Apache-2.0
#include "k8s/byte_dump.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

#include "text/text_codec.h"
#include "text/utf8.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_view_literals;

constexpr size_t kMostRepeated = size_t{16} << 20;

struct Row {
  std::string_view offset;  // digits of a base that is not known yet; empty for a line of `*`
  std::string_view cells;   // what is after it
};

std::optional<Row> ReadRow(std::string_view line) {
  constexpr size_t kShortestOffset = 6;
  const size_t end = std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
  if (end < kShortestOffset || (end < line.size() && line[end] != ' ' && line[end] != ':'))
    return std::nullopt;
  return Row{line.substr(0, end), line.substr(end)};
}

std::optional<std::vector<Row>> ReadRows(std::string_view text) {
  std::vector<Row> rows;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const auto row = line == "*" ? Row{} : ReadRow(line);
    if (!row) return std::nullopt;
    rows.push_back(*row);
  }
  if (rows.empty()) return std::nullopt;
  return rows;
}

// --- what is in a row
// ------------------------------------------------------------------------------------

// Takes the next word of `cells`; empty at their end, which is also where the same bytes follow as text: |…|
// or >…<.
std::string_view TakeWord(std::string_view& cells) {
  cells.remove_prefix(std::min(cells.find_first_not_of(' '), cells.size()));
  if (cells.starts_with('|') || cells.starts_with('>')) cells = {};
  const std::string_view word = cells.substr(0, cells.find(' '));
  cells.remove_prefix(word.size());
  return word;
}

template <class T>
bool ParseWord(std::string_view word, int base, T& value) {
  const auto read = std::from_chars(word.data(), word.data() + word.size(), value, base);
  return read.ec == std::errc() && read.ptr == word.data() + word.size();
}

// Words of `size` bytes, the lowest first, each of `digits` digits (0: any number of them).
struct Numbers {
  int base;
  size_t size;
  size_t digits;
};

bool ReadNumbers(std::string_view cells, const Numbers& numbers, std::string& out) {
  for (auto word = TakeWord(cells); !word.empty(); word = TakeWord(cells)) {
    uint64_t value = 0;
    int64_t with_sign = 0;
    if (numbers.digits != 0 && word.size() != numbers.digits) return false;
    if (!ParseWord(word, numbers.base, value)) {
      if (!ParseWord(word, numbers.base, with_sign)) return false;
      value = static_cast<uint64_t>(with_sign) & (~uint64_t{0} >> (64 - 8 * numbers.size));
    }
    if (numbers.size < 8 && value >> (8 * numbers.size) != 0) return false;
    for (size_t i = 0; i < numbers.size; ++i) out += static_cast<char>(value >> (8 * i));
  }
  return true;
}

template <int base, size_t size, size_t digits>
bool Words(std::string_view cells, std::string& out) {
  return !cells.starts_with(':') && ReadNumbers(cells, {base, size, digits}, out);
}

// xxd: groups of hex digits in the order of the bytes; two blanks end them.
bool XxdGroups(std::string_view cells, std::string& out) {
  if (!cells.starts_with(":")) return false;
  cells = cells.substr(1, std::min(cells.find("  "), cells.size()) - 1);
  const auto bytes = text::FromHex(cells);
  if (bytes) out += *bytes;
  return bytes.has_value();
}

// xxd -b
bool XxdBits(std::string_view cells, std::string& out) {
  if (!cells.starts_with(":")) return false;
  return ReadNumbers(cells.substr(1, std::min(cells.find("  "), cells.size()) - 1), {2, 1, 8}, out);
}

// Takes the next cell of od -c and hexdump -c: four characters.
std::string_view TakeCell(std::string_view& cells) {
  size_t end = 0;
  for (int i = 0; i < 4 && end < cells.size(); ++i) end += std::max<size_t>(1, text::Utf8Length(cells, end));
  const std::string_view cell = cells.substr(0, end);
  cells.remove_prefix(end);
  return cell;
}

// What a cell stands for; nothing where it is none. hexdump prints a character of several bytes as it is, and
// ** in the cells of its other bytes.
std::optional<std::string> BytesOfCell(std::string_view cell) {
  static constexpr std::string_view kFrom = "0abtnvfr";
  static constexpr std::string_view kTo = "\0\a\b\t\n\v\f\r"sv;
  const size_t start = std::min(cell.find_first_not_of(' '), cell.size());
  const std::string_view word = cell.substr(start, cell.find(' ', start) - start);
  unsigned value = 0;
  if (word.empty()) return " ";
  if (word == "**") return "";
  if (word.size() == text::Utf8Length(word, 0)) return std::string(word);
  if (word.size() == 3 && ParseWord(word, 8, value) && value <= 0xFF)
    return std::string(1, static_cast<char>(value));
  const size_t name = word.size() == 2 && word[0] == '\\' ? kFrom.find(word[1]) : std::string_view::npos;
  if (name == std::string_view::npos) return std::nullopt;
  return std::string(1, kTo[name]);
}

template <size_t margin>
bool Characters(std::string_view cells, std::string& out) {
  cells.remove_prefix(std::min(margin, cells.size()));
  while (!cells.empty()) {
    const auto bytes = BytesOfCell(TakeCell(cells));
    if (!bytes) return false;
    out += *bytes;
  }
  return true;
}

struct Layout {
  bool (*read)(std::string_view cells, std::string& out);
  bool blanks_lost = false;  // blanks at the end of a row may be missing, or be too many in the last
};

constexpr Layout kLayouts[] = {
    {Words<16, 1, 2>},      // hexdump -C, od -t x1
    {XxdGroups},            // xxd
    {XxdBits},              // xxd -b
    {Words<16, 2, 4>},      // hexdump, hexdump -x, od -x
    {Words<8, 2, 6>},       // od, hexdump -o
    {Words<8, 1, 3>},       // od -b, hexdump -b
    {Words<16, 4, 8>},      // od -t x4
    {Words<16, 8, 16>},     // od -t x8
    {Words<10, 2, 5>},      // hexdump -d
    {Words<10, 1, 0>},      // od -t u1, -t d1
    {Words<10, 2, 0>},      // od -d, -t u2, -i
    {Characters<0>, true},  // od -c
    {Characters<1>, true},  // hexdump -c of the BSDs
};

// --- the whole
// ------------------------------------------------------------------------------------------------

// Repeats the last row up to `offset`.
bool Repeat(std::string& out, const std::string& last, uint64_t offset) {
  if (last.empty() || offset < out.size() || offset > kMostRepeated) return false;
  if ((offset - out.size()) % last.size() != 0) return false;
  while (out.size() < offset) out += last;
  return true;
}

// Brings what is there to `offset`, where the next row or the end of the dump stands.
bool Reach(uint64_t offset, bool at_end, const Layout& layout, std::string& out, size_t last) {
  constexpr uint64_t kRowSize = 16;
  constexpr uint64_t kLargestWord = 8;
  if (layout.blanks_lost && offset > out.size() && offset - out.size() < kRowSize) out.resize(offset, ' ');
  // Words fill the last of them up with zeros, hexdump -c the last row with blanks.
  const uint64_t most = layout.blanks_lost ? kRowSize : kLargestWord;
  if (at_end && offset < out.size() && out.size() - offset < std::min<uint64_t>(most, last))
    out.resize(offset);
  return out.size() == offset;
}

std::optional<std::string> Read(const std::vector<Row>& rows, const Layout& layout, int base) {
  std::string out, last;
  bool repeats = false;
  for (const Row& row : rows) {
    if (row.offset.empty()) {
      repeats = true;
      continue;
    }
    uint64_t offset = 0;
    if (!ParseWord(row.offset, base, offset)) return std::nullopt;
    if (repeats && !Repeat(out, last, offset)) return std::nullopt;
    repeats = false;
    const bool at_end = &row == &rows.back() && row.cells.find_first_not_of(' ') == std::string_view::npos;
    if (!Reach(offset, at_end, layout, out, last.size())) return std::nullopt;
    last.clear();
    if (!layout.read(row.cells, last)) return std::nullopt;
    out += last;
  }
  if (out.empty() || repeats) return std::nullopt;
  return out;
}

}  // namespace

std::optional<std::string> ReadByteDump(std::string_view text) {
  const auto rows = ReadRows(text);
  if (!rows) return std::nullopt;
  for (const Layout& layout : kLayouts) {
    // First as it stands: blanks that were lost could make any base fit.
    Layout whole = layout;
    whole.blanks_lost = false;
    for (const Layout& each : {whole, layout}) {
      for (const int base : {16, 8, 10}) {
        if (auto bytes = Read(*rows, each, base)) return bytes;
      }
    }
  }
  return std::nullopt;
}

}  // namespace etcdmedic::k8s
