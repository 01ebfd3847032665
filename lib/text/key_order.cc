// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>

#include "text/unicode_ranges.h"
#include "text/utf8.h"
#include "text/yaml_writer.h"

namespace etcdmedic::text {
namespace {

struct Character {
  uint32_t point = 0;
  size_t length = 0;  // bytes; 0 at the end
};

// Bytes that are not UTF-8 read as U+FFFD, one by one.
Character CharacterAt(std::string_view text, size_t at) {
  if (at >= text.size()) return {};
  const size_t length = Utf8Length(text, at);
  if (length == 0) return {0xFFFD, 1};
  return {Utf8Point(text, at, length), length};
}

template <size_t N>
bool InRanges(const UnicodeRange (&ranges)[N], uint32_t point) {
  const auto* next = std::ranges::upper_bound(ranges, point, {}, &UnicodeRange::first);
  return next != std::begin(ranges) && point <= (next - 1)->last;
}

bool IsLetter(uint32_t point) {
  if (point < 0x80) return (point | 0x20) >= 'a' && (point | 0x20) <= 'z';
  return InRanges(kLetters, point);
}

bool IsDigit(uint32_t point) {
  if (point < 0x80) return point >= '0' && point <= '9';
  return InRanges(kDigits, point);
}

// Whether the digits before `at` hold one that is not 0: a 0 after it counts then.
bool FollowsNumber(std::string_view text, size_t at) {
  while (at > 0) {
    while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xC0) == 0x80) {
    }
    const uint32_t point = CharacterAt(text, at).point;
    if (!IsDigit(point)) return false;
    if (point != '0') return true;
  }
  return false;
}

struct NumberRun {
  int64_t value;
  size_t digits = 0;
};

NumberRun ReadNumber(std::string_view text, size_t at, int64_t before) {
  auto value = static_cast<uint64_t>(before);  // wraps as Go's does
  size_t digits = 0;
  for (Character c = CharacterAt(text, at); c.length != 0 && IsDigit(c.point); c = CharacterAt(text, at)) {
    value = value * 10 + c.point - '0';
    at += c.length;
    ++digits;
  }
  return {static_cast<int64_t>(value), digits};
}

}  // namespace

bool YamlKeyLess(std::string_view a, std::string_view b) {
  size_t at = static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  // Back to the start of the character that differs. Where either side is not an UTF-8 there, bytes stand for
  // themselves, and a step back does no harm: what is equal is equal either way.
  while (at > 0 && at < std::max(a.size(), b.size()) &&
         ((at < a.size() && (static_cast<unsigned char>(a[at]) & 0xC0) == 0x80) ||
          (at < b.size() && (static_cast<unsigned char>(b[at]) & 0xC0) == 0x80)))
    --at;
  const Character left = CharacterAt(a, at);
  const Character right = CharacterAt(b, at);
  if (left.length == 0 || right.length == 0) return left.length == 0 && right.length != 0;
  if (left.point == right.point) return a.size() < b.size();

  const bool left_letter = IsLetter(left.point);
  const bool right_letter = IsLetter(right.point);
  if (left_letter && right_letter) return left.point < right.point;
  if (left_letter || right_letter) return right_letter;
  const bool zero = left.point == '0' || right.point == '0';
  const int64_t before = zero && FollowsNumber(a, at) ? 1 : 0;
  const NumberRun left_number = ReadNumber(a, at, before);
  const NumberRun right_number = ReadNumber(b, at, before);
  if (left_number.value != right_number.value) return left_number.value < right_number.value;
  if (left_number.digits != right_number.digits) return left_number.digits < right_number.digits;
  return left.point < right.point;
}

}  // namespace etcdmedic::text
