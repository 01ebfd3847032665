// SPDX-License-Identifier: Apache-2.0
#include "render/escape.h"

#include <bit>
#include <cstring>

#include "text/text_block.h"

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

}  // namespace

void EscapeTable::Append(std::string& out, std::string_view text) const {
  const auto mark = [this](size_t i) { return static_cast<unsigned char>(marks_[i]); };
  text::ForEachTextBlock(text, [&](std::string_view part, const text::TextBlock& block, uint64_t keep) {
    if (c1_ && keep != 0) {
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
