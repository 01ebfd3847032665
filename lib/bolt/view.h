// SPDX-License-Identifier: Apache-2.0
// Reads buckets of a bbolt file, trusting nothing: docs/format/bolt.md. Every page, element and length is
// checked before it is used; depth and the number of pages visited are bounded.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "diag/finding.h"

namespace etcdmedic::bolt {

struct Meta {
  uint32_t page_size = 0;
  uint64_t root = 0;        // page of the root bucket
  uint64_t freelist = 0;    // page, or all ones where it is not persisted
  uint64_t high_water = 0;  // first page never allocated
  uint64_t txid = 0;
};

class View {
 public:
  // Chooses the newest valid meta page. Reports DB-META-DAMAGED where only one is valid, DB-META-INVALID
  // where none is (and then gives nothing). Later damage is reported into the same sink as DB-TREE-DAMAGED.
  static std::optional<View> Open(Bytes db, const std::string& file, diag::FindingSink& sink);

  const Meta& meta() const { return meta_; }

  // Calls `each` with key and value of the bucket's entries in order until it gives false. False where the
  // bucket does not exist or the way to it is damaged.
  using EachEntry = std::function<bool(Bytes key, Bytes value)>;
  bool ForEach(std::string_view bucket, const EachEntry& each) const;

  // The greatest key of a bucket; nothing where it is empty or cannot be reached.
  std::optional<Bytes> LastKey(std::string_view bucket) const;

 private:
  struct Node;
  struct Element {
    Bytes key;
    Bytes value;
    uint64_t child = 0;
    bool is_bucket = false;
  };
  std::optional<Node> PageAt(uint64_t id) const;
  std::optional<Node> BucketRoot(std::string_view bucket) const;
  std::optional<Element> ElementAt(const Node& node, uint32_t at) const;
  std::optional<Element> Find(const Node& root, std::string_view key) const;
  bool Walk(const Node& node, int depth, uint64_t& pages, bool& stopped, const EachEntry& each) const;
  void Report(uint64_t page, std::string message) const;

  Bytes db_;
  std::string file_;
  diag::FindingSink* sink_ = nullptr;
  Meta meta_;
};

}  // namespace etcdmedic::bolt
