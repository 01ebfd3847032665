// SPDX-License-Identifier: Apache-2.0
// Shorthands of the tests for objects without a schema.
#pragma once

#include "text/cbor.h"
#include "text/json_text.h"
#include "text/json_writer.h"
#include "text/yaml_writer.h"

namespace etcdmedic::support {

inline std::string YamlOf(const text::ObjectTree& tree, const text::TreeOptions& options = {}) {
  std::string out;
  text::YamlWriter writer(out);
  text::WriteTree(tree.root(), options, writer);
  return out;
}

inline std::string JsonOf(const text::ObjectTree& tree,
                          const text::TreeOptions& options = {.order = text::KeyOrder::kStored}) {
  std::string out;
  text::JsonWriter writer(out);
  text::WriteTree(tree.root(), options, writer);
  return out;
}

inline std::string YamlOfJson(std::string_view json) {
  text::ObjectTree tree;
  const text::TextFault fault = text::ReadJson(json, tree);
  return fault ? std::string(fault.what) : YamlOf(tree);
}

}  // namespace etcdmedic::support
