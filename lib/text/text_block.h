// SPDX-License-Identifier: Apache-2.0
// Looks at many bytes of a text at once, for scans that most bytes pass: with SSE2 where there is one, else
// byte by byte with the same results.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace etcdmedic::text {

// Of 64 bytes, which are where: bit i of a result stands for byte i.
class TextBlock {
 public:
  static constexpr size_t kSize = 64;

  // Reads kSize bytes from `at`, which must outlive the block.
  explicit TextBlock(const char* at);

  uint64_t AtLeast(unsigned char low) const;
  uint64_t Is(unsigned char byte) const;
  // `first` to `last`, both included; `last` < 0xFF.
  uint64_t Between(unsigned char first, unsigned char last) const {
    return AtLeast(first) & ~AtLeast(static_cast<unsigned char>(last + 1));
  }

 private:
#if defined(__SSE2__)
  template <class Test>
  uint64_t Bits(const Test& test) const {
    uint64_t bits = 0;
    for (size_t i = 0; i < 4; ++i)
      bits |= uint64_t{static_cast<uint32_t>(_mm_movemask_epi8(test(quarters_[i])))} << (16 * i);
    return bits;
  }
  __m128i quarters_[4];
#else
  template <class Test>
  uint64_t Bits(const Test& test) const {
    uint64_t bits = 0;
    for (size_t i = 0; i < kSize; ++i) bits |= uint64_t{test(static_cast<unsigned char>(at_[i]))} << i;
    return bits;
  }
  const char* at_;
#endif
};

#if defined(__SSE2__)
inline TextBlock::TextBlock(const char* at) {
  for (size_t i = 0; i < 4; ++i)
    quarters_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * i));
}

inline uint64_t TextBlock::AtLeast(unsigned char low) const {
  const __m128i least = _mm_set1_epi8(static_cast<char>(low));
  return Bits([&](__m128i bytes) { return _mm_cmpeq_epi8(_mm_max_epu8(bytes, least), bytes); });
}

inline uint64_t TextBlock::Is(unsigned char byte) const {
  const __m128i same = _mm_set1_epi8(static_cast<char>(byte));
  return Bits([&](__m128i bytes) { return _mm_cmpeq_epi8(bytes, same); });
}
#else
inline TextBlock::TextBlock(const char* at) : at_(at) {}

inline uint64_t TextBlock::AtLeast(unsigned char low) const {
  return Bits([&](unsigned char byte) { return byte >= low; });
}

inline uint64_t TextBlock::Is(unsigned char byte) const {
  return Bits([&](unsigned char each) { return each == byte; });
}
#endif

// The bytes of `block` that belong to valid UTF-8 sequences of two to four bytes, of those that begin at one
// of the bits of `starts` and end in the block.
uint64_t Utf8Sequences(const TextBlock& block, uint64_t starts);

// Calls each(part, block, sequences) for part after part of `text` until it gives false, and says whether
// none did. A part has 1 to 64 bytes and never ends inside of a valid sequence; its bytes are the first of
// `block`, and `sequences` those of them that belong to valid UTF-8 outside of ASCII.
template <class Each>
bool ForEachTextBlock(std::string_view text, const Each& each) {
  constexpr size_t kSure = TextBlock::kSize - 3;  // what begins there ends in the block
  for (size_t at = 0; at < text.size();) {
    size_t size = std::min(text.size() - at, TextBlock::kSize);
    const bool whole = size == TextBlock::kSize;
    char padded[TextBlock::kSize];
    if (!whole) {
      std::memset(padded, 0, sizeof padded);
      std::memcpy(padded, text.data() + at, size);
    }
    const TextBlock block(whole ? text.data() + at : padded);
    uint64_t sequences = 0;
    if (block.AtLeast(0x80) != 0) {
      sequences = Utf8Sequences(block, whole ? (uint64_t{1} << kSure) - 1 : ~uint64_t{0});
      if (whole) size = kSure + static_cast<size_t>(std::countr_one(sequences >> kSure));
    }
    if (!each(text.substr(at, size), block, sequences)) return false;
    at += size;
  }
  return true;
}

// The first bits of 64, `count` of them: 1 to 64.
constexpr uint64_t FirstBits(size_t count) { return ~uint64_t{0} >> (64 - count); }

// How many bytes at the beginning of `text` are ASCII from the blank on (0x20 to 0x7F) and none of kBut.
template <char... kBut>
size_t PlainRun(std::string_view text) {
  size_t at = 0;
#if defined(__SSE2__)
  const auto odd_of = [](__m128i bytes) {
    __m128i odd = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));  // signed: beyond ASCII too
    ((odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(kBut)))), ...);
    return static_cast<uint32_t>(_mm_movemask_epi8(odd));
  };
  for (; text.size() - at >= 16; at += 16) {
    const uint32_t odd = odd_of(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at)));
    if (odd != 0) return at + static_cast<size_t>(std::countr_zero(odd));
  }
  if (text.size() - at >= 8) {
    const uint32_t odd = odd_of(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(text.data() + at))) & 0xFF;
    if (odd != 0) return at + static_cast<size_t>(std::countr_zero(odd));
    at += 8;
  }
#endif
  const auto plain = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && ((c != kBut) && ...);
  };
  while (at < text.size() && plain(text[at])) ++at;
  return at;
}

}  // namespace etcdmedic::text
