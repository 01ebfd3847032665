// SPDX-License-Identifier: Apache-2.0
// bbolt's way through a file, step by step, with its assertions and Go's. Used by OpenAs alone.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "startup/go_memory.h"
#include "startup/opening.h"

namespace etcdmedic::startup {

// A tree that is deeper is not followed; a sound one has fewer than ten levels.
constexpr size_t kDeepestFollowed = 1000;

// Pages that are in use, and those beyond the file that an overflow claims.
class Reachable {
 public:
  explicit Reachable(uint64_t pages) : pages_(pages) {}

  // The first of the pages that was there before; all of them are from now on.
  std::optional<uint64_t> Add(uint64_t first, uint64_t count) {
    std::optional<uint64_t> taken;
    const uint64_t inside = first < pages_.size() ? std::min(count, pages_.size() - first) : 0;
    for (uint64_t id = first; id < first + inside; ++id) {
      if (pages_[id] && !taken) taken = id;
      pages_[id] = true;
    }
    if (inside < count && !taken) taken = AddBeyond(first + inside, count - inside);
    return taken;
  }
  bool Has(uint64_t page) const { return page < pages_.size() && pages_[page]; }

 private:
  std::optional<uint64_t> AddBeyond(uint64_t first, uint64_t count) {
    std::optional<uint64_t> taken;
    for (const auto& [begin, size] : beyond_) {
      const uint64_t common = std::max(begin, first);
      if (common - begin < size && common - first < count) taken = std::min(taken.value_or(common), common);
    }
    beyond_.emplace_back(first, count);
    return taken;
  }
  std::vector<bool> pages_;
  std::vector<std::pair<uint64_t, uint64_t>> beyond_;
};

// Each step gives false where bbolt ends, with fault() saying how, or where we follow it no further.
class OpeningWalk {
 public:
  OpeningWalk(Release release, Bytes db, const bolt::Meta& meta)
      : release_(release),
        meta_(meta),
        memory_(db),
        reachable_(std::min<uint64_t>(meta.high_water, db.size() / meta.page_size) + 1) {}

  // Walks the tree to learn which pages are free.
  bool FreePages() { return CheckBucket(meta_.root, 0); }
  // Reads the freelist that the meta names.
  bool ReadFreelist();
  // Reads every entry of every bucket, as a server does that starts.
  bool ReadAll();
  // Behind these: whether what bbolt has not noticed goes wrong, now and at the first write.
  std::optional<OpenFault> Overlooked(const Reachable& in_use) const;
  std::optional<OpenFault> FirstWrite() const;

  const std::optional<OpenFault>& fault() const { return fault_; }
  const Reachable& reachable() const { return reachable_; }

 private:
  using Code = diag::Code;

  struct Header {
    bolt::PageHeader page;
    uint64_t at = 0;
  };
  struct Entry {
    GoSlice key, value;
    uint32_t flags = 0;
    bool is_bucket() const { return (flags & bolt::kBucketFlag) != 0; }
  };
  struct Bounds {
    GoSlice low, high;
  };

  bool End(Code code, std::string message, std::string explanation, bool panics = true) {
    if (!fault_) fault_ = OpenFault{code, std::move(message), std::move(explanation), panics};
    return false;
  }
  // True where there is no fault.
  bool Pass(const std::optional<GoFault>& fault, uint64_t page) {
    if (!fault) return true;
    return End(fault->slice ? Code::kDbElement : Code::kDbPageOutOfRange, fault->message,
               fmt::format("what bbolt reads at page {} leads it to memory that is not the file's", page));
  }
  bool Report(Code code, std::string_view what, uint64_t page) {
    return End(code, fmt::format("freepages: failed to get all reachable pages ({}", what),
               fmt::format("to learn which pages are free, bbolt walks the whole tree as it opens the file, "
                           "and ends at page {}",
                           page));
  }
  std::string StackText(std::string_view title = "stack") const {
    if (release_ == Release::k136) return ")";
    return fmt::format(" ({}: [{}]))", title, fmt::join(way_, " "));
  }
  static bool IsBranch(const bolt::PageHeader& page) { return (page.flags & bolt::kBranchPage) != 0; }
  static bool IsLeaf(const bolt::PageHeader& page) { return (page.flags & bolt::kLeafPage) != 0; }

  bool Page(uint64_t id, Header& out);
  bool Child(const Header& page, uint64_t i, uint64_t& child);
  bool BranchKey(const Header& page, uint64_t i, GoSlice& key);
  bool LeafEntry(const Header& page, uint64_t i, Entry& out);
  bool LeafKey(const Header& page, uint64_t i, GoSlice& key);

  bool CheckBucket(uint64_t root, size_t nesting);
  bool ForEachPage(uint64_t id);
  bool VerifyPage(const bolt::PageHeader& page);
  bool CheckOrder(uint64_t id, const Bounds& bounds, GoSlice& greatest);
  bool CheckBranchOrder(const Header& branch, const Bounds& bounds, GoSlice& greatest);
  bool VerifyOrder(uint64_t id, std::string_view type, uint64_t i, const GoSlice& key, const GoSlice& before,
                   const GoSlice& high);
  bool SubBuckets(uint64_t id, uint64_t root, size_t nesting);
  bool OpenBucket(const GoSlice& value, uint64_t page, uint64_t& root);
  bool Search(uint64_t id, const GoSlice& key, Entry& entry, bool& found);
  bool SearchBranch(const Header& branch, const GoSlice& key, uint64_t& child);
  bool SearchLeaf(const Header& leaf, const GoSlice& key, Entry& entry, bool& found);
  bool ReadTree(uint64_t id, uint64_t root, size_t level);
  bool CompareSeparator(const Header& branch, uint64_t i, uint64_t child);
  bool ReadEntry(const Entry& entry, const Header& leaf, uint64_t root);
  bool UseFreelist(const bolt::PageHeader& list);
  std::string KeyText(const GoSlice& key) const;

  const Release release_;
  const bolt::Meta meta_;
  GoMemory memory_;
  Reachable reachable_;
  std::vector<uint64_t> way_;     // pages from the root of the bucket on
  std::vector<uint64_t> used_;    // by the numbers under which the tree leads to them
  std::vector<uint64_t> listed_;  // free, as the list says, ascending
  bolt::PageHeader given_back_;   // the list itself, whose pages the first write frees
  bool walked_ = false;
  uint64_t unfound_ = 0;                      // entries that a search does not find
  std::optional<uint64_t> stale_;             // a page whose separator is not its first key
  std::optional<bolt::PageHeader> too_long_;  // the first node that reaches beyond the high water mark
  std::optional<OpenFault> fault_;
};

}  // namespace etcdmedic::startup
