// SPDX-License-Identifier: Apache-2.0
// Letters, digits and space of ASCII, whatever the locale.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace etcdmedic::text {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// What JSON takes for space.
constexpr bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return Lower(c); });
  return lower;
}

constexpr std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// "text" with its quotes, for messages: what is not printable ASCII as \xNN, what is beyond `longest` bytes
// as an ellipsis.
void AppendQuoted(std::string_view text, size_t longest, std::string& out);

}  // namespace etcdmedic::text
