// SPDX-License-Identifier: Apache-2.0
// Numbers in hexadecimal, as etcd writes ids and names files.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace etcdmedic {

// The number that the whole of `text` is: digits of either case, no sign, no prefix, at most 64 bits.
inline std::optional<uint64_t> ParseHex(std::string_view text) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, 16);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

}  // namespace etcdmedic
