// SPDX-License-Identifier: Apache-2.0
#include "text/base64.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace etcdmedic::text {
namespace {

using Pair = std::array<char, 2>;
using Pairs = std::array<Pair, 4096>;  // the two digits of every 12 bits

constexpr Pairs PairsOf(std::string_view digits) {
  Pairs pairs{};
  for (size_t bits = 0; bits < pairs.size(); ++bits) pairs[bits] = {digits[bits >> 6], digits[bits & 63]};
  return pairs;
}

constexpr Pairs kStandardPairs = PairsOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
constexpr Pairs kUrlPairs = PairsOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

char* Put(char* to, const Pairs& pairs, uint64_t bits) {
  std::memcpy(to, pairs[bits & 0xFFF].data(), 2);
  return to + 2;
}

// The first six of eight bytes.
uint64_t Six(const std::byte* from) {
  uint64_t bits;
  std::memcpy(&bits, from, sizeof bits);
  if constexpr (std::endian::native == std::endian::little) bits = __builtin_bswap64(bits);
  return bits >> 16;
}

// `count` bytes, and zeros for what three have more.
uint64_t Three(const std::byte* from, size_t count) {
  uint64_t bits = 0;
  for (size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < count ? std::to_integer<uint64_t>(from[i]) : 0);
  return bits;
}

}  // namespace

void AppendBase64(std::string& out, Bytes bytes, Base64Kind kind) {
  const Pairs& pairs = kind == Base64Kind::kUrl ? kUrlPairs : kStandardPairs;
  constexpr size_t kPart = 6 * 128;  // bytes that go through `digits` at a time
  char digits[kPart / 3 * 4];
  while (!bytes.empty()) {
    const Bytes part = bytes.first(std::min(bytes.size(), kPart));
    bytes = bytes.subspan(part.size());
    const std::byte* from = part.data();
    const std::byte* const end = from + part.size();
    char* to = digits;
    for (; end - from >= 8; from += 6) {
      const uint64_t bits = Six(from);
      for (const int shift : {36, 24, 12, 0}) to = Put(to, pairs, bits >> shift);
    }
    for (; from < end; from += std::min<ptrdiff_t>(3, end - from)) {
      const auto left = static_cast<size_t>(std::min<ptrdiff_t>(3, end - from));
      const uint64_t bits = Three(from, left);
      to = Put(Put(to, pairs, bits >> 12), pairs, bits);
      for (size_t missing = left; missing < 3; ++missing) to[static_cast<ptrdiff_t>(missing) - 3] = '=';
    }
    out.append(digits, to);
  }
}

}  // namespace etcdmedic::text
