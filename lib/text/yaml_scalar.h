// SPDX-License-Identifier: Apache-2.0
// One YAML scalar as go-yaml v2, through which kubectl prints, writes it: docs/format/k8s-text.md, "YAML".
#pragma once

#include <string>
#include <string_view>

namespace etcdmedic::text {

// Where the scalar stands.
struct ScalarPlace {
  size_t indent = 0;  // of the lines that follow the first
  size_t line_start =
      0;  // in `out`: where the line began that the scalar continues; folding counts from here
  bool simple_key = false;  // before a colon: on one line, whatever its length
};

// Whether `text`, printed plainly, reads back as a string in YAML 1.1: not as a number, bool, null or time.
bool ReadsAsString(std::string_view text);

// Appends `text` in the style go-yaml chooses: plain, single or double quotes, literal block; lines beyond 80
// characters fold. Invalid UTF-8 becomes U+FFFD, as encoding/json does before YAML is made of it; characters
// that YAML does not allow, for which kubectl gives up, are escaped. True where `out` then ends at the start
// of a line, which a literal block can do. `scratch` saves an allocation.
bool AppendYamlScalar(std::string& out, std::string_view text, const ScalarPlace& place,
                      std::string& scratch);

// Whether `text` is before a colon on one line; other keys need `? key`.
bool IsSimpleKey(std::string_view text);

}  // namespace etcdmedic::text
