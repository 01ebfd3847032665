// SPDX-License-Identifier: Apache-2.0
#include "html/writer.h"

namespace etcdmedic::html {

void Writer::Open(std::string_view tag, Attributes attributes) {
  (out_ += '<') += tag;
  for (const Attribute& attribute : attributes) {
    (out_ += ' ') += attribute.name;
    if (attribute.value.empty()) continue;
    out_ += "=\"";
    AppendEscaped(out_, attribute.value, attribute.value.size() * 4);
    out_ += '"';
  }
  out_ += '>';
}

void Writer::Close(std::string_view tag) { ((out_ += "</") += tag) += ">\n"; }

void Writer::Element(std::string_view tag, std::string_view text, Attributes attributes) {
  const Scope scope = In(tag, attributes);
  Text(text);
}

void Writer::Void(std::string_view tag, Attributes attributes) {
  Open(tag, attributes);
  out_ += '\n';
}

}  // namespace etcdmedic::html
