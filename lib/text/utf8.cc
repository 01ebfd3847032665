// SPDX-License-Identifier: Apache-2.0
#include "text/utf8.h"

#include "text/text_block.h"

namespace etcdmedic::text {

bool IsUtf8(std::string_view text) {
  return ForEachTextBlock(text, [](std::string_view part, const TextBlock& block, uint64_t sequences) {
    return (block.AtLeast(0x80) & ~sequences & FirstBits(part.size())) == 0;
  });
}

std::string ToValidUtf8(std::string_view text) {
  std::string valid;
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text, at);
    if (length == 0)
      AppendUtf8(valid, 0xFFFD);
    else
      valid += text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  return valid;
}

}  // namespace etcdmedic::text
