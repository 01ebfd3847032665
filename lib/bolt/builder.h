// SPDX-License-Identifier: Apache-2.0
// Lays out a fresh, compact bbolt file from entries in order: docs/format/bolt.md, "Writing a file". Memory
// is that of one page a level, however long the file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "bolt/node.h"

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
  uint64_t first_page = 2;    // what is before it is there already: the pages of a file that is extended
  uint64_t txid = 2;          // of the newer meta page, more than 0
};

struct BuildSummary {
  uint64_t pages = 0;  // the high water mark; the file has this many
  uint64_t entries = 0;
  uint64_t branches = 0;
  uint64_t leaves = 0;
};

struct LeafItem {
  std::string key;
  std::string value;
  bool is_bucket = false;
};

// A leaf page, without the zeros after its data. The items are in the order of their keys.
std::string EncodeLeaf(uint64_t id, const std::vector<LeafItem>& items, uint32_t overflow = 0);

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
  // A bucket of the file that is extended, as it stands; `value` is its entry's in the directory.
  Result<void> Keep(std::string_view bucket, Bytes value);
  // The same, to which entries after its last one can be added; ended by End. What leads to its last leaf is
  // written again. Errors: kMalformed where that cannot be read.
  Result<void> Continue(std::string_view bucket, const Pages& pages, Bytes value);
  // Writes what is left and the metas. Nothing may be added afterwards.
  Result<BuildSummary> Finish();

 private:
  friend std::string EncodeLeaf(uint64_t id, const std::vector<LeafItem>& items, uint32_t overflow);
  struct Item {
    uint32_t key_size = 0;
    uint32_t value_size = 0;  // of a leaf
    uint64_t child = 0;       // of a branch
    bool is_bucket = false;
  };
  // Keys and values lie in `data` as they will on the page.
  struct Items {
    std::vector<Item> items;
    std::string data;

    void Add(const Item& item, std::string_view key, std::string_view value);
    uint64_t Size() const;  // with header and elements
    std::string FirstKey() const { return data.substr(0, items.front().key_size); }
    void TakeLastOf(Items& other);  // in front of its own
  };
  // The node that is being filled, and the full one before it, which may still give an item to it.
  struct Level {
    Items before;
    Items now;
  };
  struct Tree {
    std::string name;
    std::string last;  // key
    std::vector<Level> levels;
  };
  Result<void> AddItem(const Item& item, std::string_view key, std::string_view value);
  Result<void> AddTo(Tree& tree, size_t level, const Item& item, std::string_view key,
                     std::string_view value);
  Result<void> RotateNode(Tree& tree, size_t level);
  Result<void> FlushNode(Tree& tree, size_t level, const Items& items);
  Result<uint64_t> WriteNode(const Items& items, bool leaf);
  Result<uint64_t> Close(Tree& tree);
  bool FitsInline(const Tree& tree) const;
  Result<void> WriteMetas(uint64_t root);
  static void Append(const Items& items, bool leaf, std::string& out);

  PageSink& sink_;
  const BuildOptions options_;
  std::vector<Tree> open_;  // the directory first
  uint64_t next_;           // page
  BuildSummary summary_;
  std::string page_;  // the last one written; its memory serves again
};

// Counts alone: what a file would take.
class NoFile final : public PageSink {
 public:
  Result<void> Write(uint64_t, Bytes) override { return {}; }
};

}  // namespace etcdmedic::bolt
