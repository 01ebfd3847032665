// SPDX-License-Identifier: Apache-2.0
// UTF-8 as Go reads it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace etcdmedic::text {

// Length (1 to 4) of the valid sequence at `at`, 0 where there is none. `at` < text.size().
constexpr size_t Utf8Length(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || length > text.size() - at) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(at + 1);
  const bool bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                   (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return bad ? 0 : length;
}

// The code point of the sequence at `at`, whose length Utf8Length gave.
constexpr uint32_t Utf8Point(std::string_view text, size_t at, size_t length) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (length <= 1) return byte(at);
  uint32_t point = byte(at) & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length; ++i) point = point << 6 | (byte(at + i) & 0x3FU);
  return point;
}

// Runs at many bytes a step.
bool IsUtf8(std::string_view text);

// Each byte that belongs to no valid sequence as U+FFFD, as encoding/json reads it.
std::string ToValidUtf8(std::string_view text);

// Code points in valid UTF-8.
constexpr size_t Utf8Count(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

// `point` is at most 0x10FFFF.
inline void AppendUtf8(std::string& out, uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  static constexpr unsigned char kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[more] | (point >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3F));
}

}  // namespace etcdmedic::text
