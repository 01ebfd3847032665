// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

// The character at `at`, as a view; empty at the end. `text` is UTF-8.
std::string_view At(std::string_view text, size_t at) {
  return at >= text.size() ? std::string_view() : text.substr(at, std::max<size_t>(1, Utf8Length(text, at)));
}

// Line breaks of YAML 1.1.
bool IsBreak(std::string_view c) {
  return c == "\n" || c == "\r" || c == "\xC2\x85" || c == "\xE2\x80\xA8" || c == "\xE2\x80\xA9";
}

// What the emitter prints as it is: neither control characters nor anything beyond the basic plane.
bool IsPrintable(std::string_view c) {
  const uint32_t point = Utf8Point(c, 0, c.size());
  if (point < 0x80) return point == '\n' || (point >= 0x20 && point < 0x7F);
  return point >= 0xA0 && point < 0xFFFE && point != 0xFEFF;
}

bool IsBlankAt(std::string_view text, size_t at) {
  return at >= text.size() || text[at] == ' ' || text[at] == '\t';
}

// Whether `text` starts with, or has at `at`, a character that plain style cannot hold there.
bool IsIndicator(std::string_view text, size_t at, bool after_blank) {
  const char c = text[at];
  if (c == ':') return IsBlankAt(text, at + 1);
  if (at > 0) return c == '#' && after_blank;
  if (c == '-' || c == '?') return IsBlankAt(text, 1);
  return std::string_view("#,[]{}&*!|>'\"%@`").find(c) != std::string_view::npos;
}

// Characters that YAML escapes by a letter, and those letters.
constexpr struct {
  uint32_t point;
  char letter;
} kEscapes[] = {{0, '0'},     {7, 'a'},    {8, 'b'},    {9, 't'},      {0xA, 'n'},
                {0xB, 'v'},   {0xC, 'f'},  {0xD, 'r'},  {0x1B, 'e'},   {'"', '"'},
                {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};

}  // namespace

ScalarTraits Analyse(std::string_view text) {
  bool indicator = text.starts_with("---") || text.starts_with("...");
  bool special = false;
  bool break_space = false;
  bool space_break = false;
  bool after_space = false;
  bool after_break = false;
  bool after_blank = true;
  ScalarTraits traits;
  for (size_t at = 0; at < text.size();) {
    const std::string_view c = At(text, at);
    const bool space = c == " ";
    const bool is_break = IsBreak(c);
    indicator = indicator || IsIndicator(text, at, after_blank);
    special = special || !IsPrintable(c);
    traits.multiline = traits.multiline || is_break;
    break_space = break_space || (space && after_break);
    space_break = space_break || (is_break && after_space);
    after_space = space;
    after_break = is_break;
    after_blank = space || is_break || c == "\t" || c[0] == '\0';
    at += c.size();
  }
  const bool edge_space = text.starts_with(' ') || text.ends_with(' ');
  traits.plain = !indicator && !special && !traits.multiline && !edge_space;
  traits.single_quoted = !special && !break_space && !space_break;
  traits.block = !text.empty() && !special && !space_break && !text.ends_with(' ');
  return traits;
}

void AppendBlockHeader(std::string& out, std::string_view text) {
  out += '|';
  const std::string_view first = At(text, 0);
  if (first == " " || IsBreak(first)) out += '2';
  // The last two characters decide what becomes of the breaks at the end.
  const auto back = [&](size_t end) {
    while (end > 0 && (static_cast<unsigned char>(text[--end]) & 0xC0) == 0x80) {
    }
    return end;
  };
  const size_t last = back(text.size());
  if (!IsBreak(At(text, last)))
    out += '-';
  else if (last == 0 || IsBreak(At(text, back(last))))
    out += '+';
  out += '\n';
}

void YamlPrinter::Put(std::string_view character) {
  out_.append(character);
  ++column_;
}

void YamlPrinter::PutBreak(std::string_view character) {
  out_.append(character);
  column_ = 0;
}

// Goes to the indentation of a further line, unless that is where we are.
void YamlPrinter::StartLine() {
  if (!at_indent_ || column_ > indent_ || (column_ == indent_ && !blank_after_)) PutBreak("\n");
  for (; column_ < indent_; ++column_) out_ += ' ';
  blank_after_ = true;
  at_indent_ = true;
}

void YamlPrinter::Plain(std::string_view text, bool fold) {
  bool after_space = false;
  for (size_t at = 0; at < text.size();) {
    const std::string_view c = At(text, at);
    at += c.size();
    const bool space = c == " ";
    if (space && fold && !after_space && column_ > kFoldWidth && At(text, at) != " ") {
      StartLine();
    } else {
      Put(c);
      if (!space) at_indent_ = false;
    }
    after_space = space;
  }
}

void YamlPrinter::SingleQuoted(std::string_view text, bool fold) {
  Put("'");
  bool after_space = false;
  bool after_break = false;
  for (size_t at = 0; at < text.size();) {
    const std::string_view c = At(text, at);
    const bool first = at == 0;
    at += c.size();
    if (c == " ") {
      const bool inside = !first && at < text.size() && text[at] != ' ';
      if (fold && !after_space && column_ > kFoldWidth && inside)
        StartLine();
      else
        Put(c);
      after_space = true;
    } else if (IsBreak(c)) {
      PutBreak(c);
      at_indent_ = true;
      after_break = true;
    } else {
      if (after_break) StartLine();
      if (c == "'") Put(c);
      Put(c);
      at_indent_ = after_space = after_break = false;
    }
  }
  Put("'");
}

void YamlPrinter::PutEscape(std::string_view character) {
  const uint32_t point = Utf8Point(character, 0, character.size());
  const size_t before = out_.size();
  const auto* known = std::ranges::find(kEscapes, point, [](const auto& row) { return row.point; });
  if (known != std::end(kEscapes))
    (out_ += '\\') += known->letter;
  else if (point <= 0xFF)
    fmt::format_to(std::back_inserter(out_), "\\x{:02X}", point);
  else if (point <= 0xFFFF)
    fmt::format_to(std::back_inserter(out_), "\\u{:04X}", point);
  else
    fmt::format_to(std::back_inserter(out_), "\\U{:08X}", point);
  column_ += out_.size() - before;
}

void YamlPrinter::DoubleQuoted(std::string_view text, bool fold) {
  Put("\"");
  // go-yaml looks for a byte order mark at the start whichever character it is at: all are escaped then.
  const bool marked = text.starts_with("\xEF\xBB\xBF");
  bool after_space = false;
  for (size_t at = 0; at < text.size();) {
    const std::string_view c = At(text, at);
    const bool inside = at > 0 && at + 1 < text.size();
    at += c.size();
    const bool space = c == " " && !marked;
    if (marked || !IsPrintable(c) || IsBreak(c) || c == "\"" || c == "\\") {
      PutEscape(c);
    } else if (space && fold && !after_space && column_ > kFoldWidth && inside) {
      StartLine();
      if (text[at] == ' ') Put("\\");
    } else {
      Put(c);
    }
    after_space = space;
  }
  Put("\"");
}

bool YamlPrinter::Literal(std::string_view text) {
  AppendBlockHeader(out_, text);
  column_ = 0;
  at_indent_ = blank_after_ = true;
  bool after_break = true;
  for (size_t at = 0; at < text.size();) {
    const std::string_view c = At(text, at);
    at += c.size();
    if (IsBreak(c)) {
      PutBreak(c);
    } else {
      if (after_break) StartLine();
      Put(c);
    }
    at_indent_ = after_break = IsBreak(c);
  }
  return after_break;
}

}  // namespace etcdmedic::text
