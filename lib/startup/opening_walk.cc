// SPDX-License-Identifier: Apache-2.0
#include "startup/opening_walk.h"

#include <algorithm>

namespace etcdmedic::startup {
namespace {

using diag::Code;

// Those that a server of any release creates where they are missing.
constexpr std::string_view kBucketsOfEtcd[] = {"alarm", "auth",  "authRoles", "authUsers",       "cluster",
                                               "key",   "lease", "members",   "members_removed", "meta"};
// bbolt notes each page of an overflow in a map; beyond this no machine has the memory.
constexpr uint64_t kMostOverflow = uint64_t{1} << 26;

std::string TypeText(uint16_t flags, Release release) {
  const auto is = [&](uint16_t type) {
    return release >= Release::k14 ? flags == type : (flags & type) != 0;
  };
  if (is(bolt::kBranchPage)) return "branch";
  if (is(bolt::kLeafPage)) return "leaf";
  if (is(bolt::kMetaPage)) return "meta";
  if (is(bolt::kFreelistPage)) return "freelist";
  return fmt::format("unknown<{:02x}>", flags);
}

}  // namespace

bool OpeningWalk::Page(uint64_t id, Header& out) {
  if (!Pass(memory_.PageAt(id, meta_.page_size, out.at), id)) return false;
  if (!Pass(memory_.Load(out.at, out.page.id), id) || !Pass(memory_.Load(out.at + 8, out.page.flags), id) ||
      !Pass(memory_.Load(out.at + 10, out.page.count), id) ||
      !Pass(memory_.Load(out.at + 12, out.page.overflow), id))
    return false;
  if (release_ == Release::k136) return true;
  const bolt::PageHeader& page = out.page;
  if (page.id != id) {
    return End(
        Code::kDbPageId,
        fmt::format("assertion failed: Page expected to be: {}, but self identifies as {}", id, page.id),
        fmt::format("page {} calls itself page {}", id, page.id));
  }
  const bool known = page.flags == bolt::kBranchPage || page.flags == bolt::kLeafPage ||
                     page.flags == bolt::kMetaPage || page.flags == bolt::kFreelistPage;
  if (known) return true;
  return End(Code::kDbPageType,
             fmt::format("assertion failed: page {}: has unexpected type/flags: {:x}", id, page.flags),
             fmt::format("page {} is of no known type", id));
}

bool OpeningWalk::Child(const Header& page, uint64_t i, uint64_t& child) {
  return Pass(memory_.Load(page.at + bolt::kHeaderSize + i * bolt::kElementSize + 8, child), page.page.id);
}

bool OpeningWalk::BranchKey(const Header& page, uint64_t i, GoSlice& key) {
  const uint64_t place = page.at + bolt::kHeaderSize + i * bolt::kElementSize;
  uint32_t position = 0, size = 0;
  return Pass(memory_.Load(place, position), page.page.id) &&
         Pass(memory_.Load(place + 4, size), page.page.id) &&
         Pass(GoMemory::Slice(place, position, size, key), page.page.id);
}

bool OpeningWalk::LeafKey(const Header& page, uint64_t i, GoSlice& key) {
  const uint64_t place = page.at + bolt::kHeaderSize + i * bolt::kElementSize;
  uint32_t position = 0, size = 0;
  return Pass(memory_.Load(place + 4, position), page.page.id) &&
         Pass(memory_.Load(place + 8, size), page.page.id) &&
         Pass(GoMemory::Slice(place, position, size, key), page.page.id);
}

bool OpeningWalk::LeafEntry(const Header& page, uint64_t i, Entry& out) {
  const uint64_t place = page.at + bolt::kHeaderSize + i * bolt::kElementSize;
  uint32_t size = 0;
  if (!LeafKey(page, i, out.key) || !Pass(memory_.Load(place, out.flags), page.page.id) ||
      !Pass(memory_.Load(place + 12, size), page.page.id))
    return false;
  return Pass(GoMemory::Slice(place, out.key.at + out.key.size - place, size, out.value), page.page.id);
}

bool OpeningWalk::VerifyPage(const bolt::PageHeader& page) {
  if (page.id > meta_.high_water) {
    return Report(Code::kDbPageOutOfRange,
                  fmt::format("page {}: out of bounds: {}{}", static_cast<int64_t>(page.id), meta_.high_water,
                              StackText()),
                  way_.back());
  }
  if (const auto taken = reachable_.Add(page.id, uint64_t{page.overflow} + 1)) {
    return Report(Code::kDbPageShared, fmt::format("page {}: multiple references{}", *taken, StackText()),
                  way_.back());
  }
  if (page.overflow > kMostOverflow) {
    return End(Code::kDbPageOverflow, "",
               fmt::format("page {} claims {} more pages, and bbolt takes memory for each of them", page.id,
                           page.overflow));
  }
  if (!IsBranch(page) && !IsLeaf(page)) {
    return Report(
        Code::kDbPageType,
        fmt::format("page {}: invalid type: {}{}", page.id, TypeText(page.flags, release_), StackText()),
        way_.back());
  }
  return true;
}

// Depth first, a page before those below it. No page is come to twice.
bool OpeningWalk::ForEachPage(uint64_t id) {
  struct Level {
    Header branch;
    uint64_t next = 0;
  };
  std::vector<Level> levels;
  const auto enter = [&](uint64_t page) {
    Header header;
    way_.push_back(page);
    if (!Page(page, header) || !VerifyPage(header.page)) return false;
    used_.push_back(page);
    if (header.page.id + header.page.overflow >= meta_.high_water && !too_long_) too_long_ = header.page;
    levels.push_back({header, IsBranch(header.page) ? 0 : uint64_t{header.page.count}});
    return levels.size() < kDeepestFollowed;
  };
  way_.clear();
  if (!enter(id)) return false;
  while (!levels.empty()) {
    Level& level = levels.back();
    uint64_t child = 0;
    if (level.next >= level.branch.page.count) {
      levels.pop_back();
      way_.pop_back();
    } else if (!Child(level.branch, level.next++, child) || !enter(child)) {
      return false;
    }
  }
  return true;
}

bool OpeningWalk::CheckBucket(uint64_t root, size_t nesting) {
  walked_ = true;
  if (nesting > kDeepestFollowed) return false;
  if (!ForEachPage(root)) return false;
  GoSlice greatest;
  way_.clear();
  if (release_ >= Release::k137 && !CheckOrder(root, {}, greatest)) return false;
  return SubBuckets(root, root, nesting);
}

// As a cursor steps over the entries of a bucket, from its root down. An empty branch is believed to have a
// child.
bool OpeningWalk::SubBuckets(uint64_t id, uint64_t root, size_t nesting) {
  Header header;
  if (!Page(id, header)) return false;
  if (!IsLeaf(header.page)) {
    for (uint64_t i = 0; i < std::max<uint64_t>(header.page.count, 1); ++i) {
      uint64_t child = 0;
      if (!Child(header, i, child) || !SubBuckets(child, root, nesting)) return false;
    }
    return true;
  }
  Entry entry, found;
  for (uint64_t i = 0; i < header.page.count; ++i) {
    if (!LeafEntry(header, i, entry)) return false;
    bool there = false;
    // Up to 1.3.6 every key is looked for; newer releases skip what is not a bucket.
    if (release_ != Release::k136 && !entry.is_bucket()) continue;
    if (!Search(root, entry.key, found, there)) return false;
    uint64_t inner = 0;
    if (!there || !found.is_bucket()) continue;
    if (!OpenBucket(found.value, id, inner)) return false;
    if (inner != 0 && !CheckBucket(inner, nesting + 1)) return false;
  }
  return true;
}

bool OpeningWalk::OpenBucket(const GoSlice& value, uint64_t page, uint64_t& root) {
  const auto index = [&](uint64_t at) {
    return End(Code::kDbBucket,
               fmt::format("runtime error: index out of range [{}] with length {}", at, value.size),
               "the header of a bucket is cut short");
  };
  if (value.size == 0) return index(0);
  if (!Pass(memory_.Load(value.at, root), page)) return false;
  if (value.size < sizeof root) return End(Code::kDbBucket, "", "the header of a bucket is cut short");
  return root != 0 || value.size > bolt::kBucketHeaderSize || index(bolt::kBucketHeaderSize);
}

bool OpeningWalk::ReadFreelist() {
  Header list;
  // bbolt does not ask this page for its number.
  if (!Pass(memory_.PageAt(meta_.freelist, meta_.page_size, list.at), meta_.freelist) ||
      !Pass(memory_.Load(list.at, list.page.id), meta_.freelist) ||
      !Pass(memory_.Load(list.at + 8, list.page.flags), meta_.freelist) ||
      !Pass(memory_.Load(list.at + 10, list.page.count), meta_.freelist) ||
      !Pass(memory_.Load(list.at + 12, list.page.overflow), meta_.freelist))
    return false;
  const std::string type = TypeText(list.page.flags, release_);
  const bool any = release_ < Release::k14 && (list.page.flags & bolt::kFreelistPage) != 0;
  if (!any && list.page.flags != bolt::kFreelistPage) {
    return End(Code::kDbFreelist,
               fmt::format("invalid freelist page: {}, page type is {}", list.page.id, type),
               fmt::format("the meta page names page {} as the freelist, which it is not", meta_.freelist));
  }
  constexpr uint16_t kCountInFirstSlot = 0xFFFF;
  constexpr uint64_t kMostIds = uint64_t{1} << 33;
  uint64_t count = list.page.count, first = 0;
  if (count == kCountInFirstSlot) {
    if (!Pass(memory_.Load(list.at + bolt::kHeaderSize, count), meta_.freelist)) return false;
    first = 1;
  }
  if (count > kMostIds)
    return End(Code::kDbFreelist, "", fmt::format("the freelist counts {} of them", count));
  if (!Pass(memory_.Touch({list.at + bolt::kHeaderSize + first * 8, count * 8, false}), meta_.freelist))
    return false;
  listed_.resize(count);
  for (uint64_t i = 0; i < count; ++i) {
    if (!Pass(memory_.Load(list.at + bolt::kHeaderSize + (first + i) * 8, listed_[i]), meta_.freelist))
      return false;
  }
  std::ranges::sort(listed_);
  return UseFreelist(list.page);
}

// A server writes as soon as it has opened the file: it takes a page from the list, and gives back those of
// the list.
bool OpeningWalk::UseFreelist(const bolt::PageHeader& list) {
  if (list.id <= 1) {
    return End(Code::kDbFreelist, fmt::format("cannot free page 0 or 1: {}", list.id),
               "the freelist calls itself a meta page");
  }
  const auto freed = std::ranges::lower_bound(listed_, list.id);
  if (freed != listed_.end() && *freed - list.id <= list.overflow) {
    return End(Code::kDbFreelist, fmt::format("page {} already freed", *freed),
               "the freelist is on a page that it names itself");
  }
  given_back_ = list;
  if (listed_.empty()) return true;
  // Up to 1.3.6 the lowest is taken first; newer releases take any that fits.
  if (release_ == Release::k136 && listed_.front() <= 1) {
    return End(Code::kDbFreelistId, fmt::format("invalid page allocation: {}", listed_.front()),
               "the freelist names a meta page");
  }
  if (release_ == Release::k136 || listed_.back() <= meta_.high_water) return true;
  const auto wild = std::ranges::upper_bound(listed_, meta_.high_water);
  return End(Code::kDbFreelistId,
             fmt::format("pgid ({}) above high water mark ({})", *wild, meta_.high_water),
             "the freelist names a page that does not exist, and the first write uses it");
}

bool OpeningWalk::ReadAll() { return ReadTree(meta_.root, meta_.root, 0); }

bool OpeningWalk::ReadTree(uint64_t id, uint64_t root, size_t level) {
  Header header;
  if (level > kDeepestFollowed || !Page(id, header)) return false;
  if (!IsLeaf(header.page)) {
    if (!IsBranch(header.page)) return true;
    for (uint64_t i = 0; i < std::max<uint64_t>(header.page.count, 1); ++i) {
      uint64_t child = 0;
      if (!Child(header, i, child) || !CompareSeparator(header, i, child) ||
          !ReadTree(child, root, level + 1))
        return false;
    }
    return true;
  }
  Entry entry;
  for (uint64_t i = 0; i < header.page.count; ++i) {
    if (!LeafEntry(header, i, entry) || !ReadEntry(entry, header, root)) return false;
    uint64_t inner = 0;
    if (root != meta_.root) continue;
    if (!entry.is_bucket()) {
      const std::string_view name = AsText(memory_.Shown(entry.key));
      if (std::ranges::find(kBucketsOfEtcd, name) == std::end(kBucketsOfEtcd)) continue;
      return End(Code::kDbBucket, "failed to create a bucket", fmt::format("{} is not a bucket", name),
                 false);
    }
    if (!OpenBucket(entry.value, id, inner) || (inner != 0 && !ReadTree(inner, inner, 0))) return false;
  }
  return true;
}

// A page that is written is looked for in its parent by its first key.
bool OpeningWalk::CompareSeparator(const Header& branch, uint64_t i, uint64_t child) {
  Header page;
  GoSlice separator, first;
  int order = 0;
  if (!Page(child, page) || !BranchKey(branch, i, separator)) return false;
  if (page.page.count == 0) return true;
  if (!(IsLeaf(page.page) ? LeafKey(page, 0, first) : BranchKey(page, 0, first)) ||
      !Pass(memory_.Compare(separator, first, order), child))
    return false;
  if (order != 0 && !stale_) stale_ = child;
  return true;
}

bool OpeningWalk::ReadEntry(const Entry& entry, const Header& leaf, uint64_t root) {
  const uint64_t page = leaf.page.id;
  if (!Pass(memory_.Touch(GoMemory::Head(entry.key)), page) ||
      !Pass(memory_.Touch(GoMemory::Head(entry.value)), page))
    return false;
  const uint64_t end = leaf.at + (uint64_t{leaf.page.overflow} + 1) * meta_.page_size;
  if (entry.value.at + entry.value.size > end) {
    return End(
        Code::kDbElement, "",
        fmt::format("an entry of page {} is longer than the page: what follows is read as part of it", page),
        false);
  }
  Entry other;
  bool found = false;
  if (!Search(root, entry.key, other, found)) return false;
  if (!found || other.value.at != entry.value.at) ++unfound_;
  return true;
}

}  // namespace etcdmedic::startup
