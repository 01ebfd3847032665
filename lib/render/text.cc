// SPDX-License-Identifier: Apache-2.0
#include "render/text.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>

#include "base/utf8.h"

namespace etcdmedic::render {
namespace {

bool IsPlainRun(std::string_view text) {
  return std::ranges::all_of(text,
                             [](unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

// What YAML would read as something else than a string.
bool LooksLikeOther(std::string_view text) {
  static constexpr std::string_view kWords[] = {"null", "true", "false", "yes", "no",   "on",
                                                "off",  "y",    "n",     "~",   ".inf", ".nan"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::ranges::find(kWords, lower) != std::end(kWords)) return true;
  const bool number_like = std::isdigit(static_cast<unsigned char>(text[0])) != 0 || text[0] == '+' ||
                           text[0] == '.' || text[0] == '-';
  return number_like &&
         text.find_first_not_of("0123456789abcdefABCDEFxXoO_+-.:eETZ ") == std::string_view::npos;
}

bool IsPlainYaml(std::string_view text) {
  if (text.empty() || !IsPlainRun(text) || LooksLikeOther(text)) return false;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`= ").find(text[0]) != std::string_view::npos ||
      text.back() == ' ')
    return false;
  return text.find(": ") == std::string_view::npos && text.find(" #") == std::string_view::npos &&
         text.back() != ':';
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string Base64(Bytes bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(length));
  return out;
}

std::string Printable(std::string_view text) {
  if (IsPlainRun(text)) return std::string(text);
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t length = Utf8Length(text, at);
    const bool control = byte < 0x20 || byte == 0x7F ||
                         (byte == 0xC2 && length == 2 && static_cast<unsigned char>(text[at + 1]) < 0xA0);
    if (byte == '\n')
      out += "\\n";
    else if (byte == '\t')
      out += "\\t";
    else if (byte == '\\')
      out += "\\\\";
    else if (length == 0 || control)
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    else
      out.append(text, at, length);
    at += length == 0 || control ? 1 : length;
  }
  return out;
}

void AppendJsonString(std::string& out, std::string_view text) {
  out.push_back('"');
  if (IsPlainRun(text)) {
    out.append(text);
    out.push_back('"');
    return;
  }
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t length = Utf8Length(text, at);
    if (length == 0)
      out += "\xEF\xBF\xBD";
    else if (byte == '"' || byte == '\\')
      (out += '\\') += text[at];
    else if (byte == '\n')
      out += "\\n";
    else if (byte == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7F)
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    else
      out.append(text, at, length);
    at += std::max<size_t>(length, 1);
  }
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
  while (!text.empty() && !IsUtf8(text)) text.pop_back();
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
