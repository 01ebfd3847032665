// SPDX-License-Identifier: Apache-2.0
// Checks every page of a bbolt file against the format's rules, in one pass, and says what each page is used
// for: docs/format/bolt.md, "What is checked".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bolt/node.h"
#include "diag/finding.h"

namespace etcdmedic::bolt {

enum class PageUse : uint8_t { kFree, kMeta, kFreelist, kBranch, kLeaf, kOverflow, kUnreachable };

std::string_view NameOf(PageUse use);

struct PageInfo {
  static constexpr uint16_t kNobody = 0xFFFF;
  PageUse use = PageUse::kFree;
  uint16_t bucket = kNobody;  // position in FileReport::buckets
  uint16_t count = 0;
  uint32_t overflow = 0;
  uint32_t used = 0;  // bytes of header, elements and data, of the overflow pages too
};

// Pages of one kind, those of overflow counted as pages.
struct PageSum {
  uint64_t nodes = 0;
  uint64_t pages = 0;
  uint64_t used = 0;  // bytes
};

struct BucketInfo {
  std::string name;   // of a nested one with those above it, separated by '/'; the directory has none
  uint64_t root = 0;  // page; 0 for an inline bucket
  bool inlined = false;
  uint64_t sequence = 0;
  uint32_t depth = 0;  // levels of pages
  uint64_t entries = 0;
  uint64_t key_bytes = 0;
  uint64_t value_bytes = 0;
  PageSum branches;
  PageSum leaves;
};

struct FileReport {
  Metas metas;
  std::optional<int> meta;          // the one that was followed
  uint64_t file_pages = 0;          // whole pages in the file
  std::vector<PageInfo> pages;      // of those below the high water mark
  std::vector<BucketInfo> buckets;  // the directory first
  uint64_t freelist_count = 0;
  bool sound = true;  // no finding about the tree above a note
};

// Sees the leaves of one bucket of the directory while they are checked, so that callers that need its
// entries need not read the file twice. What it has seen holds where the report is sound.
class LeafVisitor {
 public:
  virtual ~LeafVisitor() = default;
  virtual std::string_view bucket() const = 0;
  // The leaves follow in `parts` parts, numbered in the order of keys. What came before does not count.
  virtual void Begin(size_t parts) = 0;
  // In the order of keys within a part; the parts may come from several threads at once.
  virtual void OnLeaf(size_t part, const Node& leaf) = 0;
};

struct CheckOptions {
  std::optional<int> meta;  // 0 or 1; the active one where absent
  unsigned threads = 0;     // 0: one a core
  LeafVisitor* visitor = nullptr;
};

// Reports DB-*. Takes memory for one PageInfo a page.
FileReport Check(Bytes db, const std::string& file, const CheckOptions& options, diag::FindingSink& sink);

// Why a meta page that is valid cannot be true, nothing where it can.
std::optional<std::string> Implausible(const Meta& meta, uint64_t size);

}  // namespace etcdmedic::bolt
