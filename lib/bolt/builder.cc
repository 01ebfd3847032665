// SPDX-License-Identifier: Apache-2.0
#include "bolt/builder.h"

#include <algorithm>

#include "base/try.h"
#include "bolt/format.h"

namespace etcdmedic::bolt {
namespace {

constexpr size_t kFewestItems = 2;  // of a node that is not the last
constexpr uint64_t kMostItems = 0xFFFE;

template <class T>
void Append(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xFF));
}

template <class Items>
uint64_t SizeOf(const Items& items) {
  uint64_t size = kHeaderSize;
  for (const auto& item : items) size += kElementSize + item.key.size() + item.value.size();
  return size;
}

// Elements, then keys and values without a gap.
template <class Items>
void AppendItems(std::string& out, const Items& items, bool leaf) {
  uint64_t data = kElementSize * items.size();
  for (const auto& item : items) {
    if (leaf) Append(out, uint32_t{item.is_bucket ? kBucketFlag : 0});
    Append(out, static_cast<uint32_t>(data));
    Append(out, static_cast<uint32_t>(item.key.size()));
    if (leaf) Append(out, static_cast<uint32_t>(item.value.size()));
    if constexpr (requires { item.child; })
      if (!leaf) Append(out, item.child);
    data += item.key.size() + item.value.size() - kElementSize;
  }
  for (const auto& item : items) out.append(item.key).append(item.value);
}

}  // namespace

std::string EncodeLeaf(uint64_t id, const std::vector<LeafItem>& items, uint32_t overflow) {
  std::string bytes = EncodeHeader({id, kLeafPage, static_cast<uint16_t>(items.size()), overflow});
  AppendItems(bytes, items, true);
  return bytes;
}

Builder::Builder(PageSink& sink, const BuildOptions& options) : sink_(sink), options_(options) {
  open_.push_back({"", "", std::vector<Level>(1), 0});
}

Builder::~Builder() = default;

Result<void> Builder::Begin(std::string_view bucket) {
  if (bucket.empty()) return Fail(Errc::kRefused, "", "a bucket needs a name");
  open_.push_back({std::string(bucket), "", std::vector<Level>(1), 0});
  return {};
}

Result<void> Builder::Add(Bytes key, Bytes value) {
  ++summary_.entries;
  return AddItem({std::string(AsText(key)), std::string(AsText(value)), 0, false});
}

Result<void> Builder::AddItem(Item item) {
  Tree& tree = open_.back();
  if (item.key.empty() || item.key.size() > kLongestKey)
    return Fail(Errc::kRefused, "", "a key of no or too many bytes");
  if (!tree.last.empty() && item.key <= tree.last) return Fail(Errc::kRefused, "", "keys are out of order");
  tree.last = item.key;
  return AddTo(tree, 0, std::move(item));
}

Result<void> Builder::AddTo(Tree& tree, size_t level, Item item) {
  if (tree.levels.size() <= level) tree.levels.resize(level + 1);
  const uint64_t size = kElementSize + item.key.size() + item.value.size();
  const uint64_t limit = uint64_t{options_.page_size} * options_.fill / 100;
  Level& here = tree.levels[level];
  if (here.items.empty()) here.size = kHeaderSize;
  const bool full =
      here.items.size() >= kFewestItems && (here.size + size > limit || here.items.size() >= kMostItems);
  if (full) {
    RETURN_IF_ERROR(RotateNode(tree, level));
  }
  Level& after = tree.levels[level];  // levels may have grown
  after.size += size;
  after.items.push_back(std::move(item));
  return {};
}

// The node is full: the one before it is written, and it waits in its place.
Result<void> Builder::RotateNode(Tree& tree, size_t level) {
  std::vector<Item> ready = std::move(tree.levels[level].before);
  tree.levels[level].before = std::move(tree.levels[level].items);
  tree.levels[level].items.clear();
  tree.levels[level].size = kHeaderSize;
  return ready.empty() ? Result<void>{} : FlushNode(tree, level, ready);
}

Result<void> Builder::FlushNode(Tree& tree, size_t level, const std::vector<Item>& items) {
  const auto page = WriteNode(items, level == 0);
  if (!page) return Propagate(page);
  return AddTo(tree, level + 1, {items.front().key, "", *page, false});
}

Result<uint64_t> Builder::WriteNode(const std::vector<Item>& items, bool leaf) {
  const uint64_t size = SizeOf(items);
  const uint64_t pages = (size + options_.page_size - 1) / options_.page_size;
  std::string bytes;
  bytes.reserve(pages * options_.page_size);
  bytes += EncodeHeader({next_, leaf ? kLeafPage : kBranchPage, static_cast<uint16_t>(items.size()),
                         static_cast<uint32_t>(pages - 1)});
  AppendItems(bytes, items, leaf);
  bytes.resize(pages * options_.page_size, '\0');
  const uint64_t page = next_;
  next_ += pages;
  ++(leaf ? summary_.leaves : summary_.branches);
  RETURN_IF_ERROR(sink_.Write(page * options_.page_size, AsBytes(bytes)));
  return page;
}

// Writes the open nodes of every level; the one that is alone on its level is the root.
Result<uint64_t> Builder::Close(Tree& tree) {
  for (size_t level = 0;; ++level) {
    Level& here = tree.levels[level];
    const bool top = level + 1 == tree.levels.size();
    if (here.before.empty() && top) return WriteNode(here.items, level == 0);
    if (level > 0 && here.items.size() == 1 && here.before.size() > kFewestItems) {
      here.items.insert(here.items.begin(), std::move(here.before.back()));
      here.before.pop_back();
    }
    const std::vector<Item> nodes[] = {std::move(here.before), std::move(here.items)};
    for (const auto& items : nodes) {
      if (items.empty()) continue;
      RETURN_IF_ERROR(FlushNode(tree, level, items));
    }
  }
}

bool Builder::FitsInline(const Tree& tree) const {
  const Level& leaf = tree.levels[0];
  return tree.levels.size() == 1 && leaf.before.empty() && SizeOf(leaf.items) <= options_.page_size / 4 &&
         std::ranges::none_of(leaf.items, &Item::is_bucket);
}

Result<void> Builder::End() {
  if (open_.size() < 2) return Fail(Errc::kRefused, "", "no bucket is open");
  Tree tree = std::move(open_.back());
  std::string value;
  if (FitsInline(tree)) {
    open_.pop_back();
    value.assign(kBucketHeaderSize, '\0');
    value += EncodeHeader({0, kLeafPage, static_cast<uint16_t>(tree.levels[0].items.size()), 0});
    AppendItems(value, tree.levels[0].items, true);
  } else {
    const auto root = Close(tree);
    open_.pop_back();
    if (!root) return Propagate(root);
    Append(value, *root);
    Append(value, uint64_t{0});
  }
  return AddItem({std::move(tree.name), std::move(value), 0, true});
}

Result<BuildSummary> Builder::Finish() {
  while (open_.size() > 1) {
    RETURN_IF_ERROR(End());
  }
  const auto root = Close(open_.front());
  if (!root) return Propagate(root);
  RETURN_IF_ERROR(WriteMetas(*root));
  summary_.pages = next_;
  return summary_;
}

// Both lead to the same tree. The page's number is the parity of its transaction.
Result<void> Builder::WriteMetas(uint64_t root) {
  std::string bytes;
  for (const uint64_t id : {uint64_t{0}, uint64_t{1}}) {
    bytes += EncodeHeader({id, kMetaPage, 0, 0});
    bytes += EncodeMeta({options_.page_size, root, kNoFreelist, next_, id == 0 ? 2U : 1U});
    bytes.resize((id + 1) * options_.page_size, '\0');
  }
  return sink_.Write(0, AsBytes(bytes));
}

}  // namespace etcdmedic::bolt
