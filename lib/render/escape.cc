// SPDX-License-Identifier: Apache-2.0
#include "render/escape.h"

#include <cstring>

#include "base/text_block.h"

namespace etcdmedic::render {

void EscapeTable::Append(std::string& out, std::string_view text) const {
  const auto mark = [this](size_t i) { return static_cast<unsigned char>(marks_[i]); };
  ForEachTextBlock(text, [&](std::string_view part, const TextBlock& block, uint64_t keep) {
    if (c1_ && keep != 0) {
      const uint64_t c1 = block.Is(0xC2) & keep & ~(block.AtLeast(0xA0) >> 1);
      keep &= ~(c1 | c1 << 1);
    }
    const uint64_t plain = block.Between(0x20, 0x7E) & ~block.Is(mark(0)) & ~block.Is(mark(1));
    if (((plain | keep) | ~FirstBits(part.size())) == ~uint64_t{0}) {
      out.append(part);
      return true;
    }
    // No branch depends on a byte: every piece is stored as a whole, and the next one behind its length.
    char pieces[(TextBlock::kSize + 1) * sizeof(Piece)];
    char* to = pieces;
    for (const char c : part) {
      const Piece& piece = ((keep & 1) != 0 ? kept_ : escaped_)[static_cast<unsigned char>(c)];
      std::memcpy(to, &piece, sizeof piece);
      to += piece.length;
      keep >>= 1;
    }
    out.append(pieces, to);
    return true;
  });
}

}  // namespace etcdmedic::render
