// SPDX-License-Identifier: Apache-2.0
#include "text/text_block.h"

namespace etcdmedic::text {

// What Utf8Length says of one sequence, said of 64 at once.
uint64_t Utf8Sequences(const TextBlock& block, uint64_t starts) {
  const uint64_t from_90 = block.AtLeast(0x90), from_a0 = block.AtLeast(0xA0), from_c0 = block.AtLeast(0xC0);
  const uint64_t from_e0 = block.AtLeast(0xE0), from_f0 = block.AtLeast(0xF0);
  const uint64_t more = block.AtLeast(0x80) & ~from_c0;
  const uint64_t two = starts & block.AtLeast(0xC2) & ~from_e0 & (more >> 1);
  const uint64_t bad_three = (block.Is(0xE0) & ~(from_a0 >> 1)) | (block.Is(0xED) & (from_a0 >> 1));
  const uint64_t three = starts & from_e0 & ~from_f0 & (more >> 1) & (more >> 2) & ~bad_three;
  const uint64_t bad_four = (block.Is(0xF0) & ~(from_90 >> 1)) | (block.Is(0xF4) & (from_90 >> 1));
  const uint64_t four =
      starts & from_f0 & ~block.AtLeast(0xF5) & (more >> 1) & (more >> 2) & (more >> 3) & ~bad_four;
  const uint64_t long_ones = three | four;
  return two | long_ones | (two | long_ones) << 1 | long_ones << 2 | four << 3;
}

}  // namespace etcdmedic::text
