// SPDX-License-Identifier: Apache-2.0
// Hexadecimal: numbers, as etcd writes ids and names files, and bytes.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace etcdmedic {

// The number that the whole of `text` is: digits of either case, no sign, no prefix, at most 64 bits.
inline std::optional<uint64_t> ParseHex(std::string_view text) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, 16);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

// Two lower-case digits a byte.
inline std::string HexOf(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    out += kDigits[std::to_integer<size_t>(byte >> 4)];
    out += kDigits[std::to_integer<size_t>(byte & std::byte{15})];
  }
  return out;
}

}  // namespace etcdmedic
