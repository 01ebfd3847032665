// SPDX-License-Identifier: Apache-2.0
// Leaf and branch pages as nodes of a tree, each checked before it is used: docs/format/bolt.md, "Leaf",
// "Branch", "How we walk damage".
#pragma once

#include <string>

#include "bolt/format.h"

namespace etcdmedic::bolt {

// A leaf or branch page, wherever it stands: in the file, or inline in a bucket's value.
struct Node {
  uint64_t page = 0;  // for an inline bucket the page of the element that holds it
  bool leaf = false;
  bool inlined = false;
  uint32_t count = 0;
  uint64_t pages = 1;  // with those of its overflow
  Bytes bytes;         // header, elements and data
};

struct Element {
  Bytes key;
  Bytes value;
  uint64_t child = 0;  // of a branch element
  bool is_bucket = false;
};

enum class NodeFault : uint8_t {
  kNone,
  kOutsideFile,
  kBeyondHighWater,
  kTruncated,  // the file ends inside the page
  kZeroed,
  kId,
  kType,
  kOverflow,
  kCount,
};

// What is at a page. With a fault the node may still be usable: the contradicted field is then what the
// rest of the page proves.
struct NodeRead {
  Node node;
  NodeFault fault = NodeFault::kNone;
  bool usable = true;
  std::string what;  // the fault in words; empty for kNone
};

// How many children ahead of the walk a page is prefetched.
constexpr uint32_t kHeadersAhead = 8, kLeavesAhead = 3;

// The pages of one file.
struct Pages {
  Bytes db;  // without a snapshot's trailer
  uint32_t page_size = 4096;
  uint64_t high_water = 0;

  uint64_t whole() const { return db.size() / page_size; }
  uint64_t OffsetOf(Bytes part) const { return static_cast<uint64_t>(part.data() - db.data()); }

  NodeRead Read(uint64_t id) const;

  // Say that a page is about to be read: its header at first and, when that has come, what Check reads of a
  // leaf.
  void PrefetchHeader(uint64_t id) const;
  void PrefetchLeaf(uint64_t id) const;
};

// The leaf inside the value of a bucket's element, which begins with the bucket's header.
NodeRead ReadInline(uint64_t page, Bytes value);

// False where the element or what it points to is outside the node.
bool ReadElement(const Node& node, uint32_t at, Element& out);

// How many of its pages a node fills, whatever its header says: what its elements reach.
uint64_t PagesNeeded(const Node& node, uint32_t page_size);

// Whether key `a` is before `b` in bbolt's order, that of their bytes.
inline bool Less(Bytes a, Bytes b) {
  if (a.size() >= 8 && b.size() >= 8) {
    const uint64_t head_a = LoadBig(a), head_b = LoadBig(b);
    if (head_a != head_b) return head_a < head_b;
  }
  return AsText(a) < AsText(b);
}

// The first element of a node whose key is not less than `key`; the count where there is none.
uint32_t LowerBound(const Node& node, std::string_view key);

}  // namespace etcdmedic::bolt
