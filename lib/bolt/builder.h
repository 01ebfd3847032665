// SPDX-License-Identifier: Apache-2.0
// Lays out a fresh, compact bbolt file from entries in order: docs/format/bolt.md, "Writing a file". Memory
// is that of one page a level, however long the file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace etcdmedic::bolt {

// Where the pages go. Offsets are in bytes and never overlap; they ascend but for the metas, which come last.
class PageSink {
 public:
  virtual ~PageSink() = default;
  virtual Result<void> Write(uint64_t offset, Bytes bytes) = 0;
};

struct BuildOptions {
  uint32_t page_size = 4096;  // a power of two, 1024 to 65536
  unsigned fill = 90;         // percent of a page that is filled, 10 to 100; etcd's defragmentation fills 90
};

struct BuildSummary {
  uint64_t pages = 0;  // the high water mark; the file has this many
  uint64_t entries = 0;
  uint64_t branches = 0;
  uint64_t leaves = 0;
};

class Builder {
 public:
  Builder(PageSink& sink, const BuildOptions& options);
  ~Builder();

  // A bucket, in the directory or nested in the one that was begun last; ended by End.
  Result<void> Begin(std::string_view bucket);
  // An entry of the bucket begun last. Keys ascend within a bucket, names of nested buckets among them.
  // Errors: kRefused for a key out of order, empty, or too long, kIo from the sink.
  Result<void> Add(Bytes key, Bytes value);
  Result<void> End();
  // Writes what is left and the metas. Nothing may be added afterwards.
  Result<BuildSummary> Finish();

 private:
  struct Item {
    std::string key;
    std::string value;   // of a leaf
    uint64_t child = 0;  // of a branch
    bool is_bucket = false;
  };
  // The node that is being filled, and the full one before it, which may still give an item to it.
  struct Level {
    std::vector<Item> before;
    std::vector<Item> items;
    uint64_t size = 0;
  };
  struct Tree {
    std::string name;
    std::string last;  // key
    std::vector<Level> levels;
    uint64_t nodes = 0;  // written or waiting as `before`
  };
  Result<void> AddItem(Item item);
  Result<void> AddTo(Tree& tree, size_t level, Item item);
  Result<void> RotateNode(Tree& tree, size_t level);
  Result<void> FlushNode(Tree& tree, size_t level, const std::vector<Item>& items);
  Result<uint64_t> WriteNode(const std::vector<Item>& items, bool leaf);
  Result<uint64_t> Close(Tree& tree);
  bool FitsInline(const Tree& tree) const;
  Result<void> WriteMetas(uint64_t root);

  PageSink& sink_;
  const BuildOptions options_;
  std::vector<Tree> open_;  // the directory first
  uint64_t next_ = 2;       // page
  BuildSummary summary_;
};

struct LeafItem {
  std::string key;
  std::string value;
  bool is_bucket = false;
};

// A leaf page, without the zeros after its data. The items are in the order of their keys.
std::string EncodeLeaf(uint64_t id, const std::vector<LeafItem>& items, uint32_t overflow = 0);

// Counts alone: what a file would take.
class NoFile final : public PageSink {
 public:
  Result<void> Write(uint64_t, Bytes) override { return {}; }
};

}  // namespace etcdmedic::bolt
