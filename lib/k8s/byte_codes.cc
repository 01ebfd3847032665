// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "encryption/value_head.h"
#include "k8s/wrapping_forms.h"
#include "text/go_string.h"
#include "text/text_codec.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_view_literals;

// The next number of a list, decimal or 0x…; signed bytes count as Java's do.
std::optional<char> TakeByte(std::string_view& text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (read.ec != std::errc() || value < -128 || value > 255) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(read.ptr - text.data()));
  return static_cast<char>(value);
}

// The bracket after which the numbers stand: []byte{0x6b, …}, [107 56 …], bytearray([107, …]), xxd -i.
size_t StartOfNumbers(std::string_view text) {
  for (size_t at = text.find_first_of("[{"); at != std::string_view::npos;
       at = text.find_first_of("[{", at + 1)) {
    const size_t next = text.find_first_not_of(" \t\r\n", at + 1);
    if (next == std::string_view::npos) break;
    if ((text[next] >= '0' && text[next] <= '9') || text[next] == '-') return next;
  }
  return std::string_view::npos;
}

}  // namespace

bool LooksStored(std::string_view text) {
  return encryption::BeginsObject(text) || encryption::IsEncrypted(AsBytes(text));
}

// "…" of Go or JSON, '…' and b'…' of Python.
std::optional<std::string> BytesOfQuoted(std::string_view text) {
  text = Trim(text);
  if (text.starts_with("b'") || text.starts_with("b\"")) text.remove_prefix(1);
  size_t at = 0;
  auto bytes = text::ReadGoString(text, at);
  return at == text.size() ? bytes : std::nullopt;
}

// The same, its quotes lost.
std::optional<std::string> BytesOfBareQuoted(std::string_view text) {
  text = Trim(text);
  if (text.find('\\') == std::string_view::npos || text.find('"') == 0) return std::nullopt;
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '\\')
      out += text[at++];
    else if (!text::ReadGoEscape(text, ++at, out))
      return std::nullopt;
  }
  return out;
}

std::optional<std::string> BytesOfNumbers(std::string_view text) {
  const size_t start = StartOfNumbers(text);
  if (start == std::string_view::npos) return std::nullopt;
  text.remove_prefix(start);
  std::string out;
  while (!text.empty() && text.front() != ']' && text.front() != '}') {
    const auto byte = TakeByte(text);
    if (!byte) return std::nullopt;
    out += *byte;
    text.remove_prefix(std::min(text.find_first_not_of(", \t\r\n"), text.size()));
  }
  if (text.empty()) return std::nullopt;
  return out;
}

// Also 0x…, \x… of PostgreSQL, x'…' of SQLite, pairs with colons.
std::optional<std::string> BytesOfHex(std::string_view text) {
  text = Trim(text);
  for (const std::string_view prefix : {"0x"sv, "0X"sv, "\\x"sv}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  const bool sql = (text.starts_with("x'") || text.starts_with("X'")) && text.ends_with('\'');
  if (sql && text.size() > 3) text = text.substr(2, text.size() - 3);
  std::string digits(text);
  std::ranges::replace(digits, ':', ' ');
  return text::FromHex(digits);
}

std::optional<std::string> BytesOfBase64(std::string_view text) { return text::FromBase64(Trim(text)); }

// One line that was cut out of a document, `"value": "azhz…",`: what is after the colon.
std::optional<std::string> BytesOfField(std::string_view text) {
  constexpr size_t kLongestName = 64;
  text = Trim(text);
  const size_t colon = text.substr(0, kLongestName).find(':');
  if (colon == std::string_view::npos || text.find('\n') != std::string_view::npos) return std::nullopt;
  text = Trim(text.substr(colon + 1));
  if (text.ends_with(',')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace etcdmedic::k8s
