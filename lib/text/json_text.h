// SPDX-License-Identifier: Apache-2.0
// Objects that are stored as JSON (custom resources, CustomResourceDefinitions, APIServices), and JSON inside
// of other objects: docs/format/k8s-text.md, "JSON".
//
// The reader is our own. It must keep numbers as they are written, the order of keys, and what is before
// damage, and must say where that is; the parsers available build a map a level, make doubles of numbers or
// give up as a whole.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/finding.h"
#include "text/object_tree.h"
#include "text/write_tree.h"

namespace etcdmedic::text {

// What was wrong with a text.
struct TextFault {
  std::string_view what;  // empty: nothing
  size_t offset = 0;
  std::string path;  // spec.containers[1].env; empty for the root
  diag::Code code = diag::Code::kK8sJsonMalformed;
  bool stopped = false;  // nothing after it was read; else a flaw inside of a string or after the object

  explicit operator bool() const { return !what.empty(); }
};

// Reads all of `json`, which outlives it, into `tree`. On a fault the tree holds what is before it. Codes
// of faults: K8S-VALUE-TRUNCATED, K8S-VALUE-NESTING, K8S-JSON-MALFORMED.
TextFault ReadJson(std::string_view json, ObjectTree& tree);

// In the same way, but only the keys apiVersion, kind and metadata, and of that name, namespace,
// uid, labels and ownerReferences.
TextFault ReadJsonHead(std::string_view json, ObjectTree& tree);

// What an object is and whose. Views into the tree's texts.
struct ObjectHead {
  std::string_view api_version, kind, name, namespace_name, uid;
  std::vector<std::pair<std::string_view, std::string_view>> labels;
};
ObjectHead HeadOf(ObjectView root);

// Reports a fault in an object of `length` bytes. `language`: "JSON" or "CBOR".
void ReportFault(const TextFault& fault, std::string_view language, uint64_t length, const Where& where,
                 diag::FindingSink& sink);

// Writes JSON that is inside of another object, the space around its tokens taken away. False, and
// nothing written, where it is not JSON. `tree` saves an allocation.
bool SpliceJson(std::string_view json, KeyOrder order, ObjectTree& tree, YamlWriter& writer);
bool SpliceJson(std::string_view json, KeyOrder order, ObjectTree& tree, JsonWriter& writer);
bool SpliceJson(std::string_view json, KeyOrder order, ObjectTree& tree, TreeWriter& writer);

}  // namespace etcdmedic::text
