// SPDX-License-Identifier: Apache-2.0
// Reads back the strings of a YAML document with libyaml.
#pragma once

#include <yaml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace etcdmedic::tests {

// All scalars in their order, keys included; nothing where the text is not YAML.
inline std::optional<std::vector<std::string>> ReadScalars(std::string_view text) {
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::optional<std::vector<std::string>> scalars(std::in_place);
  for (bool more = true; more;) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) {
      scalars.reset();
      break;
    }
    if (event.type == YAML_SCALAR_EVENT)
      scalars->emplace_back(reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length);
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return scalars;
}

}  // namespace etcdmedic::tests
