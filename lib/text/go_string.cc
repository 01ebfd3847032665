// SPDX-License-Identifier: Apache-2.0
#include "text/go_string.h"

#include <charconv>
#include <cstdint>

#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

std::optional<uint32_t> Digits(std::string_view text, size_t at, size_t count, int base) {
  uint32_t value = 0;
  if (at > text.size() || text.size() - at < count) return std::nullopt;
  const char* end = text.data() + at + count;
  const auto read = std::from_chars(text.data() + at, end, value, base);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

bool ReadGoEscape(std::string_view text, size_t& at, std::string& out) {
  static constexpr std::string_view kFrom = "abfnrtv\\'\"/";
  static constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\'\"/";
  const char letter = at < text.size() ? text[at] : '\0';
  const size_t known = kFrom.find(letter);
  if (known != std::string_view::npos) {
    out += kTo[known];
    ++at;
    return true;
  }
  const bool octal = letter >= '0' && letter <= '7';
  const size_t count = octal ? 3 : letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
  const size_t start = octal ? at : at + 1;
  const auto value = count == 0 ? std::nullopt : Digits(text, start, count, octal ? 8 : 16);
  if (!value) return false;
  at = start + count;
  if (octal || letter == 'x') {
    if (*value > 0xFF) return false;
    out += static_cast<char>(*value);
    return true;
  }
  if (*value > 0x10FFFF) return false;
  AppendUtf8(out, *value);
  return true;
}

std::optional<std::string> ReadGoString(std::string_view text, size_t& at) {
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return std::nullopt;
  const char quote = text[at];
  std::string out;
  for (++at; at < text.size();) {
    const char c = text[at++];
    if (c == quote) return out;
    if (c != '\\')
      out += c;
    else if (!ReadGoEscape(text, at, out))
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace etcdmedic::text
