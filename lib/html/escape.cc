// SPDX-License-Identifier: Apache-2.0
#include "html/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "render/text.h"
#include "text/utf8.h"

namespace etcdmedic::html {
namespace {

// Code points, both ends included, that change how others are shown and are not seen themselves.
struct Span {
  uint32_t first, last;
};
constexpr Span kUnseen[] = {
    {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E}, {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

bool IsUnseen(uint32_t point) {
  return std::ranges::any_of(kUnseen,
                             [&](const Span& span) { return point >= span.first && point <= span.last; });
}

std::string_view EntityOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

void AppendEscaped(std::string& out, std::string_view text, size_t most) {
  // A byte becomes at most four, so more than `most` of them need not be looked at.
  const std::string shown = render::Shorten(render::Printable(text.substr(0, most + 4)), most);
  for (size_t at = 0; at < shown.size();) {
    const size_t length = std::max<size_t>(text::Utf8Length(shown, at), 1);
    const uint32_t point = text::Utf8Point(shown, at, length);
    if (const std::string_view entity = EntityOf(shown[at]); !entity.empty()) {
      out += entity;
    } else if (IsUnseen(point)) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", point);
    } else {
      out.append(shown, at, length);
    }
    at += length;
  }
}

std::string Escaped(std::string_view text, size_t most) {
  std::string out;
  AppendEscaped(out, text, most);
  return out;
}

}  // namespace etcdmedic::html
