// SPDX-License-Identifier: Apache-2.0
#include "html/escape.h"

#include "render/text.h"

namespace etcdmedic::html {
namespace {

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
  for (const char c : shown) {
    const std::string_view entity = EntityOf(c);
    entity.empty() ? out.push_back(c) : void(out += entity);
  }
}

std::string Escaped(std::string_view text, size_t most) {
  std::string out;
  AppendEscaped(out, text, most);
  return out;
}

}  // namespace etcdmedic::html
