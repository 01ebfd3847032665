// SPDX-License-Identifier: Apache-2.0
// The order of keys as bbolt checks it, and what a search finds where they are out of order.
#include "base/hex.h"
#include "startup/opening_walk.h"

namespace etcdmedic::startup {
namespace {

using diag::Code;

constexpr size_t kLongestKeyShown = 64;

}  // namespace

std::string OpeningWalk::KeyText(const GoSlice& key) const { return HexOf(memory_.Shown(key)); }

bool OpeningWalk::VerifyOrder(uint64_t id, std::string_view type, uint64_t i, const GoSlice& key,
                              const GoSlice& before, const GoSlice& high) {
  // What long keys make of the message is of no use to anybody.
  const auto report = [&](std::string_view what, const GoSlice& other) {
    std::string text =
        fmt::format("{}key[{}]=(hex)", i == 0 && what.starts_with(">=") ? "the first " : "", i);
    if (key.size <= kLongestKeyShown) {
      text += fmt::format("{} on {} page({}) needs to be {}", KeyText(key), type, id, what);
      if (other.size <= kLongestKeyShown)
        text += what.starts_with(">=")
                    ? fmt::format(" ({}). Stack: [{}])", KeyText(other), fmt::join(way_, " "))
                : what.starts_with("> ")
                    ? fmt::format(" (hex){}. Stack: [{}])", KeyText(other), fmt::join(way_, " "))
                    : fmt::format(" (hex){}. Pages stack: [{}])", KeyText(other), fmt::join(way_, " "));
    }
    return Report(Code::kDbKeyOrder, text, id);
  };
  int order = 0;
  if ((i > 0 || !before.null) && !Pass(memory_.Compare(before, key, order), id)) return false;
  if (i == 0 && !before.null && order > 0) return report(">= the key in the ancestor", before);
  if (i > 0 && order > 0) return report("> (found <) than previous element", before);
  if (i > 0 && order == 0) return report("> (found =) than previous element", before);
  if (high.null) return true;
  if (!Pass(memory_.Compare(key, high, order), id)) return false;
  return order < 0 || report("< than key of the next element in ancestor", before);
}

// Each key against those before it in the tree and the separators above it, a branch's key before what is
// below it.
bool OpeningWalk::CheckOrder(uint64_t id, const Bounds& bounds, GoSlice& greatest) {
  Header header;
  if (!Page(id, header)) return false;
  way_.push_back(id);
  if (way_.size() > kDeepestFollowed) return false;
  greatest = {};
  if (IsBranch(header.page)) {
    if (!CheckBranchOrder(header, bounds, greatest)) return false;
  } else {
    GoSlice before = bounds.low, key;
    for (uint64_t i = 0; i < header.page.count; ++i) {
      if (!LeafKey(header, i, key) || !VerifyOrder(id, "leaf", i, key, before, bounds.high)) return false;
      before = key;
    }
    if (header.page.count > 0) greatest = key;
  }
  way_.pop_back();
  return true;
}

bool OpeningWalk::CheckBranchOrder(const Header& branch, const Bounds& bounds, GoSlice& greatest) {
  GoSlice before = bounds.low, key, next;
  for (uint64_t i = 0; i < branch.page.count; ++i) {
    uint64_t child = 0;
    if (!Child(branch, i, child) || !BranchKey(branch, i, key) ||
        !VerifyOrder(child, "branch", i, key, before, bounds.high))
      return false;
    const bool last = i + 1 == branch.page.count;
    if (!last && !BranchKey(branch, i + 1, next)) return false;
    if (!CheckOrder(child, {key, last ? bounds.high : next}, greatest)) return false;
    before = greatest;
  }
  return true;
}

bool OpeningWalk::Search(uint64_t id, const GoSlice& key, Entry& entry, bool& found) {
  for (size_t level = 0; level < kDeepestFollowed; ++level) {
    Header header;
    if (!Page(id, header)) return false;
    if (!IsBranch(header.page) && !IsLeaf(header.page)) {
      return End(Code::kDbPageType,
                 fmt::format("invalid page type: {}: {:x}", header.page.id, header.page.flags),
                 fmt::format("page {} is neither a leaf nor a branch", id));
    }
    if (IsLeaf(header.page)) return SearchLeaf(header, key, entry, found);
    if (!SearchBranch(header, key, id)) return false;
  }
  return false;
}

// The last child whose separator is not greater; the first where there is none.
bool OpeningWalk::SearchBranch(const Header& branch, const GoSlice& key, uint64_t& child) {
  uint64_t low = 0, high = branch.page.count;
  bool exact = false;
  if (high == 0) {
    return End(Code::kDbPageCount, "runtime error: index out of range [0] with length 0",
               fmt::format("page {} is a branch without children", branch.page.id));
  }
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    GoSlice separator;
    int order = 0;
    if (!BranchKey(branch, middle, separator) ||
        !Pass(memory_.Compare(separator, key, order), branch.page.id))
      return false;
    exact = exact || order == 0;
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  const uint64_t index = !exact && low > 0 ? low - 1 : low;
  if (index < branch.page.count) return Child(branch, index, child);
  return End(Code::kDbKeyOrder,
             fmt::format("runtime error: index out of range [{}] with length {}", index, branch.page.count),
             fmt::format("the keys of branch {} are out of order", branch.page.id));
}

bool OpeningWalk::SearchLeaf(const Header& leaf, const GoSlice& key, Entry& entry, bool& found) {
  uint64_t low = 0, high = leaf.page.count;
  int order = 0;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    GoSlice other;
    if (!LeafKey(leaf, middle, other) || !Pass(memory_.Compare(other, key, order), leaf.page.id))
      return false;
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  found = false;
  if (low >= leaf.page.count) return true;
  if (!LeafEntry(leaf, low, entry) || !Pass(memory_.Compare(entry.key, key, order), leaf.page.id))
    return false;
  found = order == 0;
  return true;
}

}  // namespace etcdmedic::startup
