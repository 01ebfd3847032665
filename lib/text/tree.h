// SPDX-License-Identifier: Apache-2.0
// A YAML or JSON document as people edit it, in memory: what `encode` reads. Scalars keep their own text, so
// that no number loses a digit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace etcdmedic::text {

struct Tree {
  enum class Kind : uint8_t { kNull, kPlain, kQuoted, kList, kMap };
  Kind kind = Kind::kNull;
  std::string text;               // of a scalar
  std::vector<std::string> keys;  // of a map, as many as items, in the order of the document
  std::vector<Tree> items;
  size_t line = 0;  // from 1; 0 where not known

  // The item under `key`, or null. The last of equal keys counts.
  const Tree* Find(std::string_view key) const;
};

// Reads the one document in `text`: JSON where it begins with '{', else YAML. Errors: kMalformed, with the
// line in the message: no document, more than one, an alias, a key that is not a scalar, deeper than 200 levels.
Result<Tree> ParseTree(std::string_view text, const std::string& file);

// The tree as JSON text without blanks. Plain scalars mean what they mean in YAML 1.1. `in_order`: keys as
// they stand, else bytewise. `escape_html`: as json.Marshal does.
enum class KeySequence : uint8_t { kAsIs, kBytewise, kFieldsV1 };
void AppendJson(const Tree& tree, KeySequence keys, bool escape_html, std::string& out);

// What a plain scalar means.
bool MeansNull(const Tree& tree);
bool MeansTrue(std::string_view text);
bool MeansFalse(std::string_view text);

// The order of the keys in metadata.managedFields[].fieldsV1: "." first, then f:, k:, v: and i: elements,
// keys and values by their JSON.
bool FieldsV1Less(std::string_view a, std::string_view b);

}  // namespace etcdmedic::text
