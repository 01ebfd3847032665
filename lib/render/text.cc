// SPDX-License-Identifier: Apache-2.0
#include "render/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/hex.h"
#include "render/escape.h"
#include "text/base64.h"
#include "text/text_block.h"
#include "text/utf8.h"

namespace etcdmedic::render {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

// "\n" and its like, or nothing.
constexpr std::string_view ShortEscape(unsigned char byte) {
  return byte == '\n' ? "\\n" : byte == '\t' ? "\\t" : byte == '\\' ? "\\\\" : "";
}

// `prefix` and two hex digits.
constexpr EscapeTable::Piece HexEscape(std::string_view prefix, unsigned char byte) {
  EscapeTable::Piece piece(prefix);
  piece.text[piece.length++] = kHexDigits[byte >> 4];
  piece.text[piece.length++] = kHexDigits[byte & 15];
  return piece;
}

constexpr EscapeTable kPrintable({'\\', '\\'}, true, [](unsigned char byte) {
  const std::string_view escape = ShortEscape(byte);
  return escape.empty() ? HexEscape("\\x", byte) : EscapeTable::Piece(escape);
});

constexpr EscapeTable kJson({'"', '\\'}, false, [](unsigned char byte) {
  const std::string_view escape = byte == '"' ? "\\\"" : byte >= 0x80 ? "\xEF\xBF\xBD" : ShortEscape(byte);
  return escape.empty() ? HexEscape("\\u00", byte) : EscapeTable::Piece(escape);
});

// What YAML would read as something else than a string.
bool LooksLikeOther(std::string_view text) {
  static constexpr std::string_view kWords[] = {"null", "true", "false", "yes", "no",   "on",
                                                "off",  "y",    "n",     "~",   ".inf", ".nan"};
  if (text.size() <= 5) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (std::ranges::find(kWords, lower) != std::end(kWords)) return true;
  }
  const bool number_like = std::isdigit(static_cast<unsigned char>(text[0])) != 0 || text[0] == '+' ||
                           text[0] == '.' || text[0] == '-';
  return number_like &&
         text.find_first_not_of("0123456789abcdefABCDEFxXoO_+-.:eETZ ") == std::string_view::npos;
}

bool IsPlainYaml(std::string_view text) {
  if (text.empty() || text::PlainRun<'"', '\\', '\x7F'>(text) != text.size() || LooksLikeOther(text))
    return false;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`= ").find(text[0]) != std::string_view::npos ||
      text.back() == ' ')
    return false;
  return text.find(": ") == std::string_view::npos && text.find(" #") == std::string_view::npos &&
         text.back() != ':';
}

// Appends what the escape at the beginning of `text` stands for, and gives its length; 0 where it is none.
size_t AppendUnescaped(std::string& out, std::string_view text) {
  const char kind = text.size() > 1 ? text[1] : ' ';
  if (kind == 'n' || kind == 't' || kind == '\\') {
    out += kind == 'n' ? '\n' : kind == 't' ? '\t' : '\\';
    return 2;
  }
  if (kind != 'x' && kind != 'u') return 0;
  const size_t begin = kind == 'u' ? 3 : 2;
  const size_t end = kind == 'u' ? std::min(text.find('}'), text.size()) : 4;
  const auto number = end > begin ? ParseHex(text.substr(begin, end - begin)) : std::nullopt;
  if (!number || *number > 0x10FFFF) return 0;
  if (kind == 'x')
    out += static_cast<char>(*number);
  else
    text::AppendUtf8(out, static_cast<uint32_t>(*number));
  return std::min(kind == 'x' ? end : end + 1, text.size());
}

}  // namespace

std::string Base64(Bytes bytes) {
  std::string out;
  text::AppendBase64(out, bytes);
  return out;
}

void AppendPrintable(std::string& out, std::string_view text) {
  const size_t run = text::PlainRun<'\\', '\x7F'>(text);
  out.append(text.substr(0, run));
  kPrintable.Append(out, text.substr(run));
}

std::string PrintableLines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of("\n\t\\"), text.size());
    AppendPrintable(out, text.substr(0, end));
    if (end < text.size()) out += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string Printable(std::string_view text) {
  std::string out;
  AppendPrintable(out, text);
  return out;
}

std::optional<std::string> FromPrintable(std::string_view text) {
  std::string bytes;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const size_t length = rest[0] == '\\' ? AppendUnescaped(bytes, rest) : 1;
    if (length == 0) return std::nullopt;
    if (rest[0] != '\\') bytes += rest[0];
    at += length;
  }
  if (Printable(bytes) != text) return std::nullopt;
  return bytes;
}

void AppendJsonString(std::string& out, std::string_view text) {
  const size_t run = text::PlainRun<'"', '\\', '\x7F'>(text);
  out.push_back('"');
  out.append(text.substr(0, run));
  kJson.Append(out, text.substr(run));
  out.push_back('"');
}

void AppendYamlString(std::string& out, std::string_view text) {
  if (IsPlainYaml(text)) {
    out.append(text);
  } else {
    AppendJsonString(out, text);  // a JSON string is a YAML double-quoted scalar
  }
}

std::string Count(uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string Shorten(std::string text, size_t width) {
  if (text.size() <= width) return text;
  text.resize(width);
  while (!text.empty() && !text::IsUtf8(text)) text.pop_back();
  return text + "…";
}

std::string HumanSize(uint64_t bytes) {
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string HexDump(Bytes bytes, uint64_t offset, std::string_view indent) {
  std::string out;
  auto to = std::back_inserter(out);
  for (size_t line = 0; line < bytes.size(); line += 16) {
    const Bytes part = bytes.subspan(line, std::min<size_t>(16, bytes.size() - line));
    fmt::format_to(to, "{}{:08x}  ", indent, offset + line);
    for (size_t i = 0; i < 16; ++i) {
      if (i < part.size())
        fmt::format_to(to, "{:02x} ", std::to_integer<unsigned>(part[i]));
      else
        out += "   ";
    }
    out += ' ';
    for (const std::byte byte : part) {
      const auto c = std::to_integer<char>(byte);
      out += c >= 0x20 && c < 0x7F ? c : '.';
    }
    out += '\n';
  }
  return out;
}

}  // namespace etcdmedic::render
