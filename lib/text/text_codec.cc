// SPDX-License-Identifier: Apache-2.0
#include "text/text_codec.h"

#include <array>

#include "text/ascii.h"

namespace etcdmedic::text {
namespace {

constexpr std::string_view kStandardDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr uint8_t kNone = 0xFF;

constexpr std::array<uint8_t, 256> kBase64Values = [] {
  std::array<uint8_t, 256> table{};
  table.fill(kNone);
  for (const std::string_view digits : {kStandardDigits, kUrlDigits}) {
    for (size_t i = 0; i < digits.size(); ++i)
      table[static_cast<unsigned char>(digits[i])] = static_cast<uint8_t>(i);
  }
  return table;
}();

constexpr std::array<uint8_t, 256> kHexValues = [] {
  std::array<uint8_t, 256> table{};
  table.fill(kNone);
  for (uint8_t i = 0; i < 16; ++i) {
    table[static_cast<unsigned char>("0123456789abcdef"[i])] = i;
    table[static_cast<unsigned char>("0123456789ABCDEF"[i])] = i;
  }
  return table;
}();

}  // namespace

void AppendHex(Bytes bytes, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const std::byte each : bytes) {
    out += kDigits[std::to_integer<size_t>(each) >> 4];
    out += kDigits[std::to_integer<size_t>(each) & 15];
  }
}

std::optional<std::string> FromBase64(std::string_view text) {
  while (!text.empty() && (IsSpace(text.back()) || text.back() == '=')) text.remove_suffix(1);
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  uint32_t group = 0;
  size_t count = 0;
  for (const char c : text) {
    if (IsSpace(c)) continue;
    const uint8_t value = kBase64Values[static_cast<unsigned char>(c)];
    if (value == kNone) return std::nullopt;
    group = group << 6 | value;
    if (++count % 4 != 0) continue;
    for (const int shift : {16, 8, 0}) out += static_cast<char>(group >> shift & 0xFF);
  }
  if (count % 4 == 1) return std::nullopt;
  if (count % 4 >= 2) out += static_cast<char>(group >> (count % 4 == 2 ? 4 : 10) & 0xFF);
  if (count % 4 == 3) out += static_cast<char>(group >> 2 & 0xFF);
  return out;
}

std::optional<std::string> FromHex(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 2);
  for (size_t at = 0; at < text.size(); ++at) {
    if (IsSpace(text[at])) continue;
    const uint8_t high = kHexValues[static_cast<unsigned char>(text[at])];
    const uint8_t low = at + 1 < text.size() ? kHexValues[static_cast<unsigned char>(text[at + 1])] : kNone;
    if (high == kNone || low == kNone) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    ++at;
  }
  return out;
}

}  // namespace etcdmedic::text
