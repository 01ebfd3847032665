// SPDX-License-Identifier: Apache-2.0
// A tree -> text, or another tree.
#pragma once

#include <string_view>

#include "text/object_tree.h"

namespace etcdmedic::text {

class JsonWriter;
class TreeWriter;
class YamlWriter;

enum class KeyOrder : uint8_t {
  kStored,    // in stored order
  kNatural,   // YAML's
  kBytewise,  // of json.Marshal of a map
  kFieldsV1,  // of metadata.managedFields[].fieldsV1
};

struct TreeOptions {
  KeyOrder order = KeyOrder::kNatural;
  // Numbers print in JSON as they are written there, as json.RawMessage leaves them.
  bool keep_numbers = false;
  // Added to the metadata of the root, in place of one that is there; empty: none.
  std::string_view resource_version = {};
  // What SecretMask names prints as kSecretMask.
  bool mask_secrets = false;
  bool hide_managed_fields = false;  // metadata.managedFields of the root
};

// Writes the value and all below it, null where it is none. Of a repeated key the last value counts, as in
// Go.
void WriteTree(ObjectView value, const TreeOptions& options, YamlWriter& writer);
void WriteTree(ObjectView value, const TreeOptions& options, JsonWriter& writer);
void WriteTree(ObjectView value, const TreeOptions& options, TreeWriter& writer);

}  // namespace etcdmedic::text
