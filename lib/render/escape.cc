// SPDX-License-Identifier: Apache-2.0
#include "render/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

#include "text/text_block.h"
#include "text/utf8.h"

namespace etcdmedic::render {
namespace {

// How many pieces a block may need to go from one to the next; with more, every byte is taken by itself.
constexpr int kFew = 16;

using Pieces = std::array<EscapeTable::Piece, 256>;

char* Put(char* to, const EscapeTable::Piece& piece) {
  uint64_t word;
  std::memcpy(&word, &piece, sizeof word);
  std::memcpy(to, &word, sizeof word);
  return to + (std::endian::native == std::endian::little ? word >> 56 : word & 0xFF);
}

// Copies `part` but for the bytes at the bits of `odd`. Writes up to 64 bytes after its end.
char* PutRuns(char* to, std::string_view part, uint64_t odd, const Pieces& escaped) {
  char bytes[2 * text::TextBlock::kSize];
  std::memcpy(bytes, part.data(), part.size());
  size_t at = 0;
  for (; odd != 0; odd &= odd - 1) {
    const auto next = static_cast<size_t>(std::countr_zero(odd));
    std::memcpy(to, bytes + at, text::TextBlock::kSize);
    to = Put(to + (next - at), escaped[static_cast<unsigned char>(bytes[next])]);
    at = next + 1;
  }
  std::memcpy(to, bytes + at, text::TextBlock::kSize);
  return to + (part.size() - at);
}

// Code points, both ends included, that change how others are shown and are not seen themselves. A soft
// hyphen (U+00AD) is not among them: terminals show it, and kubectl prints it as it is.
struct Span {
  uint32_t first, last;
};
constexpr Span kUnseen[] = {
    {0x61C, 0x61C},   {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},
    {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};
// The bytes with which those begin in UTF-8.
constexpr unsigned char kLeads[] = {0xD8, 0xE1, 0xE2, 0xEF, 0xF3};

bool IsUnseen(std::string_view text, size_t at, size_t length) {
  const uint32_t point = text::Utf8Point(text, at, length);
  return std::ranges::any_of(kUnseen,
                             [&](const Span& span) { return point >= span.first && point <= span.last; });
}

// `sequences`: the bytes of `part` that belong to valid UTF-8 outside of ASCII.
bool HasUnseen(std::string_view part, const text::TextBlock& block, uint64_t sequences) {
  uint64_t leads = 0;
  for (const unsigned char lead : kLeads) leads |= block.Is(lead);
  for (leads &= sequences; leads != 0; leads &= leads - 1) {
    const auto at = static_cast<size_t>(std::countr_zero(leads));
    if (IsUnseen(part, at, text::Utf8Length(part, at))) return true;
  }
  return false;
}

}  // namespace

// Character by character, for the few texts that have some which are not seen.
void EscapeTable::AppendCharacters(std::string& out, std::string_view text) const {
  for (size_t at = 0, length = 0; at < text.size(); at += length) {
    length = std::max<size_t>(text::Utf8Length(text, at), 1);
    if (length > 1 && IsUnseen(text, at, length)) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", text::Utf8Point(text, at, length));
    } else if (length > 1 && text::Utf8Point(text, at, length) >= 0xA0) {
      out.append(text, at, length);
    } else {
      for (const char c : text.substr(at, length)) {
        const Piece& piece = escaped_[static_cast<unsigned char>(c)];
        out.append(piece.text.data(), piece.length);
      }
    }
  }
}

void EscapeTable::Append(std::string& out, std::string_view text) const {
  const auto mark = [this](size_t i) { return static_cast<unsigned char>(marks_[i]); };
  text::ForEachTextBlock(text, [&](std::string_view part, const text::TextBlock& block, uint64_t keep) {
    if (for_people_ && keep != 0) {
      if (HasUnseen(part, block, keep)) return AppendCharacters(out, part), true;
      const uint64_t c1 = block.Is(0xC2) & keep & ~(block.AtLeast(0xA0) >> 1);
      keep &= ~(c1 | c1 << 1);
    }
    const uint64_t plain = block.Between(0x20, 0x7E) & ~block.Is(mark(0)) & ~block.Is(mark(1));
    const uint64_t odd = ~(plain | keep) & text::FirstBits(part.size());
    if (odd == 0) {
      out.append(part);
      return true;
    }
    char pieces[(text::TextBlock::kSize + 1) * sizeof(Piece) + text::TextBlock::kSize];
    char* to = pieces;
    if (std::popcount(odd) <= kFew) {
      to = PutRuns(to, part, odd, escaped_);
    } else {  // no branch depends on a byte
      for (const char c : part) {
        to = Put(to, ((keep & 1) != 0 ? kept_ : escaped_)[static_cast<unsigned char>(c)]);
        keep >>= 1;
      }
    }
    out.append(pieces, to);
    return true;
  });
}

}  // namespace etcdmedic::render
