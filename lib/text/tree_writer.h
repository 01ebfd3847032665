// SPDX-License-Identifier: Apache-2.0
// Fills a tree by the interface of YamlWriter and JsonWriter, so that what writes objects as text also makes
// trees of them. The tree holds what JSON text of the object would hold.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/object_tree.h"

namespace etcdmedic::text {

class TreeWriter {
 public:
  // Appends to `tree`, which outlives it. Texts that lie in `lasting`, which outlives the tree, are not
  // copied.
  TreeWriter(ObjectTree& tree, std::string_view lasting) : tree_(tree), lasting_(lasting) {}

  void BeginMap() { open_.push_back(tree_.Open(NodeKind::kMap)); }
  void EndMap() { Close(); }
  void BeginList() { open_.push_back(tree_.Open(NodeKind::kList)); }
  void EndList() { Close(); }

  void Key(std::string_view key) { String(key); }
  // A key that is a JSON name of the tables.
  void Member(std::string_view name) { tree_.Add(NodeKind::kString, name); }

  // Any bytes; invalid UTF-8 becomes U+FFFD.
  void String(std::string_view text);
  void Int(int64_t value);
  void Uint(uint64_t value);
  // Not a number and infinities become null.
  void Double(double value);
  // The text of a JSON number: whole ones of 64 bits as they are, others as Go prints a float64.
  void Number(std::string_view number);
  // The same, as it is spelled.
  void WrittenNumber(std::string_view number) { Text(NodeKind::kNumber, number); }
  // A whole number of any size.
  void Digits(std::string_view digits) { Text(NodeKind::kInteger, digits); }
  void Bool(bool value) { value ? tree_.Add(NodeKind::kTrue, "true") : tree_.Add(NodeKind::kFalse, "false"); }
  void Null() { tree_.Add(NodeKind::kNull, "null"); }

  // Nothing: trees have no comments.
  void Comment(std::string_view) {}

 private:
  void Close() {
    tree_.Close(open_.back());
    open_.pop_back();
  }
  void Text(NodeKind kind, std::string_view text);

  ObjectTree& tree_;
  const std::string_view lasting_;
  std::vector<size_t> open_;
};

}  // namespace etcdmedic::text
