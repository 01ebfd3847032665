// SPDX-License-Identifier: Apache-2.0
// An object whose schema is not known, read from JSON or CBOR into one flat array: 16 bytes a node, views
// into the value instead of copies. Keys must be sorted before they are printed, so the value cannot go
// straight through.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "text/json_writer.h"
#include "text/yaml_writer.h"

namespace etcdmedic::text {

// Deeper values are cut there: a stored object has a few dozen levels, and the indentation of YAML makes text
// of depth times size.
constexpr size_t kMaxTreeDepth = 128;

enum class NodeKind : uint8_t { kMap, kList, kString, kNumber, kInt, kUint, kDouble, kTrue, kFalse, kNull };

struct Node {
  NodeKind kind = NodeKind::kNull;
  bool owned = false;    // the text is in the tree, not in the value
  uint32_t end = 0;      // index after the node and all below it
  uint64_t payload = 0;  // of a text offset << 32 | length; the bits of kInt, kUint and kDouble
};

// A map's children are key, value, key, value, …; keys are strings.
class ObjectTree {
 public:
  // The largest value that a tree reads.
  static constexpr size_t kMaxBytes = size_t{1} << 30;

  // Starts again over `source`, which outlives what is read from the tree.
  void Reset(std::string_view source);

  // Building: a container's children are added between its Open and its Close.
  size_t Open(NodeKind kind);
  void Close(size_t node) { nodes_[node].end = static_cast<uint32_t>(nodes_.size()); }
  void AddText(NodeKind kind, size_t offset, size_t length);  // in the source
  void AddOwned(NodeKind kind, std::string_view text);
  void AddBits(NodeKind kind, uint64_t bits);
  // Takes the node and all after it away.
  void CutAt(size_t node) { nodes_.resize(node); }

  size_t size() const { return nodes_.size(); }
  const Node& At(size_t node) const { return nodes_[node]; }
  // Of kString and kNumber; empty for others.
  std::string_view Text(size_t node) const;
  // The value of the last such key; nothing where `map` is not a map or has none.
  std::optional<size_t> Find(std::optional<size_t> map, std::string_view key) const;
  // Find, and its text; empty where there is none.
  std::string_view TextAt(std::optional<size_t> map, std::string_view key) const;
  std::optional<size_t> root() const { return nodes_.empty() ? std::nullopt : std::optional<size_t>(0); }

 private:
  std::string_view source_;
  std::vector<Node> nodes_;
  std::string owned_;
};

enum class KeyOrder : uint8_t {
  kStored,    // in stored order
  kNatural,   // YAML's
  kBytewise,  // of json.Marshal of a map
};

struct TreeOptions {
  KeyOrder order = KeyOrder::kNatural;
  // Numbers print in JSON as they are written there, as json.RawMessage leaves them.
  bool keep_numbers = false;
  // Added to the metadata of the root, in place of one that is there; empty: none.
  std::string_view resource_version = {};
  // A Secret's values, and copies of them in annotations, print as kSecretMask.
  bool mask_secrets = false;
};

// Writes the tree, null where it is empty. Of a repeated key the last value counts, as in Go. `remark`, where
// not empty, becomes a comment at the end of the root.
void WriteTree(const ObjectTree& tree, const TreeOptions& options, YamlWriter& writer,
               std::string_view remark = {});
void WriteTree(const ObjectTree& tree, const TreeOptions& options, JsonWriter& writer,
               std::string_view remark = {});

// An annotation in which tools keep a copy of the whole object as it was applied.
bool IsCopyOfObject(std::string_view annotation);

}  // namespace etcdmedic::text
