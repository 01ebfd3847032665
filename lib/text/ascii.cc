// SPDX-License-Identifier: Apache-2.0
#include "text/ascii.h"

#include <fmt/format.h>

namespace etcdmedic::text {

void AppendQuoted(std::string_view text, size_t longest, std::string& out) {
  const bool cut = text.size() > longest;
  out += '"';
  for (const char c : text.substr(0, longest)) {
    if (c == '"' || c == '\\')
      out.append("\\").push_back(c);
    else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  out += cut ? "\"…" : "\"";
}

}  // namespace etcdmedic::text
