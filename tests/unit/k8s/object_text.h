// SPDX-License-Identifier: Apache-2.0
// Shorthands of the tests for objects without a schema.
#pragma once

#include "k8s/cbor.h"
#include "k8s/json_text.h"

namespace etcdmedic::k8s {

inline std::string YamlOf(const ObjectTree& tree, const TreeOptions& options = {},
                          std::string_view remark = {}) {
  std::string out;
  YamlWriter writer(out);
  WriteTree(tree, options, writer, remark);
  return out;
}

inline std::string JsonOf(const ObjectTree& tree, const TreeOptions& options = {.order = KeyOrder::kStored}) {
  std::string out;
  JsonWriter writer(out);
  WriteTree(tree, options, writer);
  return out;
}

inline std::string YamlOfJson(std::string_view json) {
  ObjectTree tree;
  const TextFault fault = ReadJson(json, tree);
  return fault ? std::string(fault.what) : YamlOf(tree);
}

}  // namespace etcdmedic::k8s
