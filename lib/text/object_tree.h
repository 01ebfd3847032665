// SPDX-License-Identifier: Apache-2.0
// An object in memory, in one flat array: 16 bytes a node, and views into what it was read from instead of
// copies. Readers of JSON, CBOR, YAML and protobuf fill it; WriteTree (text/write_tree.h) prints it;
// ObjectView looks things up in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace etcdmedic::text {

// Deeper values are cut there: a stored object has a few dozen levels, and the indentation of YAML makes text
// of depth times size.
constexpr size_t kMaxTreeDepth = 128;

// kNumber: the text of a JSON number. kInteger: a whole number that prints digit by digit, however large.
enum class NodeKind : uint8_t { kNone, kMap, kList, kString, kNumber, kInteger, kTrue, kFalse, kNull };

constexpr bool IsContainer(NodeKind kind) { return kind == NodeKind::kMap || kind == NodeKind::kList; }

constexpr uint32_t kLastLine = (uint32_t{1} << 23) - 1;  // later ones count as this one

struct Node {
  NodeKind kind = NodeKind::kNone;
  uint32_t plain : 1 = 0;    // a YAML scalar without quotes
  uint32_t line : 23 = 0;    // of a YAML document, from 1; 0 where not known
  uint32_t extent = 0;       // of a container: nodes, itself and all below it; else bytes of its text
  const char* at = nullptr;  // of a scalar: its text as it is spelled

  std::string_view text() const {
    return IsContainer(kind) ? std::string_view() : std::string_view(at, extent);
  }
  const Node* next() const { return this + (IsContainer(kind) ? extent : 1); }
};
static_assert(sizeof(Node) == 16);

// One value of a tree, or none: whatever is asked of none is none again, so lookups chain. Lasts until the
// tree changes.
class ObjectView {
 public:
  ObjectView() = default;
  // `node` and its siblings up to `end`; `key` is null outside of a map.
  ObjectView(const Node* node, const Node* end, const Node* key) : node_(node), end_(end), key_(key) {}

  NodeKind kind() const { return node_ == nullptr ? NodeKind::kNone : node_->kind; }
  explicit operator bool() const { return node_ != nullptr; }
  bool is_map() const { return kind() == NodeKind::kMap; }
  bool is_list() const { return kind() == NodeKind::kList; }
  bool is_string() const { return kind() == NodeKind::kString; }
  bool is_null() const { return kind() == NodeKind::kNull; }
  bool is_true() const { return kind() == NodeKind::kTrue; }
  bool is_plain() const { return node_ != nullptr && node_->plain != 0; }
  size_t line() const { return node_ == nullptr ? 0 : node_->line; }

  // A string without quotes and escapes; "null", "true", "12.50" for other scalars; empty for the rest.
  std::string_view text() const { return node_ == nullptr ? std::string_view() : node_->text(); }
  // text() unless it is none, null or empty.
  std::string_view TextOr(std::string_view fallback) const {
    return text().empty() || is_null() ? fallback : text();
  }
  // A number without fraction that fits, else `fallback`.
  int64_t Integer(int64_t fallback = 0) const;

  // The member of a map with that key (the last one, as Go has it), or none.
  ObjectView operator[](std::string_view key) const;
  // Members of members: "spec.template.spec". A key with a dot in it cannot be reached so.
  ObjectView At(std::string_view dotted) const;
  // The text of a string there; empty where there is none.
  std::string_view StringAt(std::string_view dotted) const;
  // Members of a list or map.
  size_t size() const;
  ObjectView First() const;
  ObjectView Next() const { return After(node_ == nullptr ? end_ : node_->next(), end_, key_ != nullptr); }
  ObjectView Item(size_t at) const;  // of a list
  // Of a member of a map.
  std::string_view key() const { return key_ == nullptr ? std::string_view() : key_->text(); }
  // JSON, compact, numbers as they are spelled.
  void AppendJson(std::string& out) const;

  class Iterator;
  Iterator begin() const;
  Iterator end() const;

 private:
  static ObjectView After(const Node* at, const Node* end, bool in_map) {
    if (at == end) return {};
    return {in_map ? at + 1 : at, end, in_map ? at : nullptr};
  }
  const Node* node_ = nullptr;
  const Node* end_ = nullptr;
  const Node* key_ = nullptr;
};

class ObjectView::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = ObjectView;
  using difference_type = std::ptrdiff_t;
  using pointer = const ObjectView*;
  using reference = ObjectView;

  explicit Iterator(ObjectView value) : value_(value) {}
  ObjectView operator*() const { return value_; }
  Iterator& operator++() {
    value_ = value_.Next();
    return *this;
  }
  bool operator==(const Iterator& other) const { return bool(value_) == bool(other.value_); }

 private:
  ObjectView value_;
};

inline ObjectView::Iterator ObjectView::begin() const { return Iterator(First()); }
inline ObjectView::Iterator ObjectView::end() const { return Iterator(ObjectView()); }

// Texts that stay where they are until it is cleared.
class TextArena {
 public:
  std::string_view Keep(std::string_view text);
  void Clear();

 private:
  static constexpr size_t kBlock = 4096;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* at_ = nullptr;
  size_t left_ = 0;
};

// A map's children are key, value, key, value, …; keys are strings.
class ObjectTree {
 public:
  // The largest value that a tree reads.
  static constexpr size_t kMaxBytes = size_t{1} << 30;

  void Clear();

  // Building: a container's children are added between its Open and its Close.
  size_t Open(NodeKind kind, size_t line = 0);
  void Close(size_t node) { nodes_[node].extent = static_cast<uint32_t>(nodes_.size() - node); }
  // A scalar whose text outlives the tree.
  void Add(NodeKind kind, std::string_view text);
  // A scalar with a copy of the text.
  void AddCopy(NodeKind kind, std::string_view text) { Add(kind, arena_.Keep(text)); }
  // Of the node added last.
  void MarkLast(bool plain, size_t line);
  // Removes the node and all after it.
  void CutAt(size_t node) { nodes_.resize(node); }
  // Takes the member that a path of keys leads to out of its map, and the maps that become empty by that; the
  // root and the first `kept` maps on the way stay.
  void Remove(std::span<const std::string_view> path, size_t kept = 0);

  size_t size() const { return nodes_.size(); }
  const Node& At(size_t node) const { return nodes_[node]; }
  ObjectView root() const { return ViewAt(0); }
  // The node without its siblings; none after the last one.
  ObjectView ViewAt(size_t node) const;

 private:
  size_t NodesOf(size_t node) const { return static_cast<size_t>(nodes_[node].next() - &nodes_[node]); }
  size_t RemoveIn(size_t map, std::span<const std::string_view> path, size_t kept);
  std::vector<Node> nodes_;
  TextArena arena_;
};

}  // namespace etcdmedic::text
