// SPDX-License-Identifier: Apache-2.0
#include "text/utf8.h"

#include "text/text_block.h"

namespace etcdmedic::text {

bool IsUtf8(std::string_view text) {
  return ForEachTextBlock(text, [](std::string_view part, const TextBlock& block, uint64_t sequences) {
    return (block.AtLeast(0x80) & ~sequences & FirstBits(part.size())) == 0;
  });
}

}  // namespace etcdmedic::text
