// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "text/utf8.h"
#include "text/yaml_printer.h"

namespace etcdmedic::text {
namespace {

// What the bytes of a string can be; the union of all of them decides most.
enum Class : uint8_t {
  kSpace = 1,
  kBreak = 2,
  kColon = 4,
  kHash = 8,
  kOdd = 16,  // control characters and everything outside ASCII
};

constexpr std::array<uint8_t, 256> kClasses = [] {
  std::array<uint8_t, 256> table{};
  for (size_t c = 0; c < 256; ++c) table[c] = c < 0x20 || c >= 0x7F ? kOdd : 0;
  table[' '] = kSpace;
  table['\n'] = kBreak;
  table[':'] = kColon;
  table['#'] = kHash;
  return table;
}();

// First bytes after which a scalar cannot be plain.
constexpr std::array<bool, 256> kIndicators = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("#,[]{}&*!|>'\"%@`")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

uint8_t Classify(std::string_view text) {
  uint8_t classes = 0;
  for (const char c : text) classes |= kClasses[static_cast<unsigned char>(c)];
  return classes;
}

bool HasMarkerStart(std::string_view text) { return text.starts_with("---") || text.starts_with("..."); }

// For text without breaks and odd bytes, and not empty.
bool IsPlain(std::string_view text, uint8_t classes) {
  const char first = text[0];
  if (kIndicators[static_cast<unsigned char>(first)] || HasMarkerStart(text)) return false;
  if ((first == '-' || first == '?' || first == ':') && (text.size() == 1 || text[1] == ' ')) return false;
  if ((classes & kSpace) != 0 && (first == ' ' || text.back() == ' ')) return false;
  if ((classes & kColon) != 0 && (text.back() == ':' || text.find(": ") != std::string_view::npos))
    return false;
  return (classes & (kHash | kSpace)) != (kHash | kSpace) || text.find(" #") == std::string_view::npos;
}

void AppendSingleQuoted(std::string& out, std::string_view text) {
  out += '\'';
  for (size_t at = 0; at < text.size();) {
    const size_t quote = std::min(text.find('\'', at), text.size());
    out.append(text, at, quote - at);
    if (quote < text.size()) out += "''";
    at = quote + 1;
  }
  out += '\'';
}

// A literal block of lines without odd bytes. True where it ends with a line break.
bool AppendLines(std::string& out, std::string_view text, size_t indent) {
  AppendBlockHeader(out, text);
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) out.append(indent, ' ').append(text, at, end - at);
    if (end < text.size()) out += '\n';
    at = end + 1;
  }
  return text.back() == '\n';
}

// What becomes of a string on its way through JSON into YAML. Invalid bytes become U+FFFD. A next-line
// character is a line break to YAML's reader, which folds it with the blanks around it as it folds the lines
// of a quoted scalar.
std::string_view Normalise(std::string_view text, std::string& scratch) {
  const bool folds = text.find("\xC2\x85") != std::string_view::npos;
  if (!folds && IsUtf8(text)) return text;
  scratch.clear();
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    size_t breaks = 0;
    while (end < text.size() && (text[end] == ' ' || text.substr(end, 2) == "\xC2\x85")) {
      breaks += text[end] != ' ';
      end += text[end] == ' ' ? 1 : 2;
    }
    if (breaks > 0) {
      scratch.append(breaks == 1 ? 1 : breaks - 1, breaks == 1 ? ' ' : '\n');
    } else if (end > at) {
      scratch.append(text, at, end - at);
    } else {
      const size_t length = Utf8Length(text, at);
      scratch.append(length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(at, length));
      end = at + std::max<size_t>(length, 1);
    }
    at = end;
  }
  return scratch;
}

// The same decisions for any text, one character at a time.
bool AppendAnyScalar(std::string& out, std::string_view text, const ScalarPlace& place) {
  const ScalarTraits traits = Analyse(text);
  const bool is_string = ReadsAsString(text);
  YamlPrinter printer(out, place.indent, Utf8Count(std::string_view(out).substr(place.line_start)));
  const bool fold = !place.simple_key;
  if (text.find('\n') != std::string_view::npos) {
    if (traits.block && !place.simple_key) return printer.Literal(text);
    printer.DoubleQuoted(text, fold);
  } else if (!is_string || (!traits.plain && !traits.single_quoted)) {
    printer.DoubleQuoted(text, fold);
  } else if (traits.plain) {
    printer.Plain(text, fold);
  } else {
    printer.SingleQuoted(text, fold);
  }
  return false;
}

bool CanFold(const std::string& out, std::string_view text, uint8_t classes, const ScalarPlace& place) {
  // Counted in bytes: more than characters, never fewer.
  return (classes & kSpace) != 0 && !place.simple_key &&
         out.size() - place.line_start + text.size() > kFoldWidth;
}

}  // namespace

bool AppendYamlScalar(std::string& out, std::string_view text, const ScalarPlace& place,
                      std::string& scratch) {
  const uint8_t classes = Classify(text);
  if ((classes & kOdd) != 0) {
    return AppendAnyScalar(out, Normalise(text, scratch), place);
  }
  if ((classes & kBreak) != 0) {
    const bool block =
        !place.simple_key &&
        ((classes & kSpace) == 0 || (text.back() != ' ' && text.find(" \n") == std::string_view::npos));
    return block ? AppendLines(out, text, place.indent) : AppendAnyScalar(out, text, place);
  }
  if (CanFold(out, text, classes, place)) return AppendAnyScalar(out, text, place);
  if (!ReadsAsString(text)) {
    ((out += '"') += text) += '"';
  } else if (IsPlain(text, classes)) {
    out.append(text);
  } else {
    AppendSingleQuoted(out, text);
  }
  return false;
}

bool IsSimpleKey(std::string_view text) {
  const uint8_t classes = Classify(text);
  if ((classes & kBreak) != 0) return false;
  if ((classes & kOdd) == 0) return text.size() <= kSimpleKeyLimit;
  std::string scratch;
  text = Normalise(text, scratch);
  return text.size() <= kSimpleKeyLimit && !Analyse(text).multiline;
}

}  // namespace etcdmedic::text
