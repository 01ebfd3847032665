// SPDX-License-Identifier: Apache-2.0
#include "bolt/builder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "bolt/format.h"

namespace etcdmedic::bolt {
namespace {

constexpr size_t kFewestItems = 2;  // of a node that is not the last
constexpr uint64_t kMostItems = 0xFFFE;
constexpr uint64_t kLongestValue = (uint64_t{1} << 31) - 2;

template <class T>
void AppendLittle(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xFF));
}

}  // namespace

void Builder::Items::Add(const Item& item, std::string_view key, std::string_view value) {
  items.push_back(item);
  data.append(key).append(value);
}

uint64_t Builder::Items::Size() const { return kHeaderSize + kElementSize * items.size() + data.size(); }

void Builder::Items::TakeLastOf(Items& other) {
  const Item item = other.items.back();
  const size_t size = size_t{item.key_size} + item.value_size;
  items.insert(items.begin(), item);
  data.insert(0, other.data, other.data.size() - size, size);
  other.items.pop_back();
  other.data.resize(other.data.size() - size);
}

// Elements, then keys and values without a gap.
void Builder::Append(const Items& items, bool leaf, std::string& out) {
  uint64_t data = kElementSize * items.items.size();
  for (const Item& item : items.items) {
    if (leaf) AppendLittle(out, uint32_t{item.is_bucket ? kBucketFlag : 0});
    AppendLittle(out, static_cast<uint32_t>(data));
    AppendLittle(out, item.key_size);
    if (leaf) AppendLittle(out, item.value_size);
    if (!leaf) AppendLittle(out, item.child);
    data += uint64_t{item.key_size} + item.value_size - kElementSize;
  }
  out.append(items.data);
}

std::string EncodeLeaf(uint64_t id, const std::vector<LeafItem>& items, uint32_t overflow) {
  Builder::Items all;
  for (const LeafItem& item : items) {
    all.Add(
        {static_cast<uint32_t>(item.key.size()), static_cast<uint32_t>(item.value.size()), 0, item.is_bucket},
        item.key, item.value);
  }
  std::string bytes = EncodeHeader({id, kLeafPage, static_cast<uint16_t>(items.size()), overflow});
  Builder::Append(all, true, bytes);
  return bytes;
}

Builder::Builder(PageSink& sink, const BuildOptions& options)
    : sink_(sink), options_(options), next_(options.first_page) {
  open_.push_back({"", "", std::vector<Level>(1)});
}

Builder::~Builder() = default;

Result<void> Builder::Begin(std::string_view bucket) {
  if (bucket.empty()) return Fail(Errc::kRefused, "", "a bucket needs a name");
  open_.push_back({std::string(bucket), "", std::vector<Level>(1)});
  return {};
}

Result<void> Builder::Add(Bytes key, Bytes value) {
  ++summary_.entries;
  return AddItem({}, AsText(key), AsText(value));
}

Result<void> Builder::Keep(std::string_view bucket, Bytes value) {
  return AddItem({.is_bucket = true}, bucket, AsText(value));
}

Result<void> Builder::Continue(std::string_view bucket, const Pages& pages, Bytes value) {
  RETURN_IF_ERROR(Begin(bucket));
  std::vector<Node> way;  // from the root to the last leaf
  Element element;
  const uint64_t root = value.size() < kBucketHeaderSize ? 1 : LoadLittle<uint64_t>(value, 0);
  for (NodeRead read = root == 0 ? ReadInline(0, value) : pages.Read(root);;
       read = pages.Read(element.child)) {
    const bool sound = read.usable && read.fault == NodeFault::kNone && way.size() < kDeepest;
    if (!sound || (!read.node.leaf && read.node.count == 0))
      return Fail(Errc::kMalformed, "", fmt::format("the last leaf of bucket {} cannot be reached", bucket));
    way.push_back(read.node);
    if (read.node.leaf) break;
    if (!ReadElement(read.node, read.node.count - 1, element))
      return Fail(Errc::kMalformed, "", fmt::format("the last leaf of bucket {} cannot be reached", bucket));
  }
  Tree& tree = open_.back();
  tree.levels.resize(way.size());
  for (size_t level = 0; level < way.size(); ++level) {
    const Node& node = way[way.size() - 1 - level];
    // The last child of a branch is the node below it, which is written again.
    for (uint32_t at = 0; at < (node.leaf ? node.count : node.count - 1); ++at) {
      if (!ReadElement(node, at, element))
        return Fail(Errc::kMalformed, "", fmt::format("the last leaf of bucket {} is damaged", bucket));
      tree.levels[level].now.Add(
          {static_cast<uint32_t>(element.key.size()), static_cast<uint32_t>(element.value.size()),
           element.child, element.is_bucket},
          AsText(element.key), AsText(element.value));
      if (node.leaf) tree.last = AsText(element.key);
    }
  }
  return {};
}

Result<void> Builder::AddItem(const Item& item, std::string_view key, std::string_view value) {
  Tree& tree = open_.back();
  if (key.empty() || key.size() > kLongestKey)
    return Fail(Errc::kRefused, "", "a key of no or too many bytes");
  if (!tree.last.empty() && key <= tree.last) return Fail(Errc::kRefused, "", "keys are out of order");
  if (value.size() > kLongestValue) return Fail(Errc::kRefused, "", "a value of too many bytes");
  tree.last = key;
  return AddTo(tree, 0, item, key, value);
}

Result<void> Builder::AddTo(Tree& tree, size_t level, const Item& item, std::string_view key,
                            std::string_view value) {
  if (tree.levels.size() <= level) tree.levels.resize(level + 1);
  const uint64_t limit = uint64_t{options_.page_size} * options_.fill / 100;
  const Items& now = tree.levels[level].now;
  const uint64_t size = now.Size() + kElementSize + key.size() + value.size();
  if (now.items.size() >= kFewestItems && (size > limit || now.items.size() >= kMostItems)) {
    RETURN_IF_ERROR(RotateNode(tree, level));
  }
  Item sized = item;
  sized.key_size = static_cast<uint32_t>(key.size());
  sized.value_size = static_cast<uint32_t>(value.size());
  tree.levels[level].now.Add(sized, key, value);  // levels may have grown
  return {};
}

// The node is full: the one before it is written, and it waits in its place.
Result<void> Builder::RotateNode(Tree& tree, size_t level) {
  Items ready = std::move(tree.levels[level].before);
  tree.levels[level].before = std::move(tree.levels[level].now);
  Result<void> done;
  if (!ready.items.empty()) done = FlushNode(tree, level, ready);
  ready.items.clear();
  ready.data.clear();
  tree.levels[level].now = std::move(ready);  // its memory serves again
  return done;
}

Result<void> Builder::FlushNode(Tree& tree, size_t level, const Items& items) {
  const auto page = WriteNode(items, level == 0);
  if (!page) return Propagate(page);
  return AddTo(tree, level + 1, {.child = *page}, items.FirstKey(), "");
}

Result<uint64_t> Builder::WriteNode(const Items& items, bool leaf) {
  const uint64_t pages = (items.Size() + options_.page_size - 1) / options_.page_size;
  page_.clear();
  page_ += EncodeHeader({next_, leaf ? kLeafPage : kBranchPage, static_cast<uint16_t>(items.items.size()),
                         static_cast<uint32_t>(pages - 1)});
  Append(items, leaf, page_);
  page_.resize(pages * options_.page_size, '\0');
  const uint64_t page = next_;
  next_ += pages;
  ++(leaf ? summary_.leaves : summary_.branches);
  RETURN_IF_ERROR(sink_.Write(page * options_.page_size, AsBytes(page_)));
  return page;
}

// Writes the open nodes of every level; the one that is alone on its level is the root.
Result<uint64_t> Builder::Close(Tree& tree) {
  for (size_t level = 0;; ++level) {
    Level& here = tree.levels[level];
    const bool top = level + 1 == tree.levels.size();
    if (here.before.items.empty() && top) return WriteNode(here.now, level == 0);
    if (level > 0 && here.now.items.size() == 1 && here.before.items.size() > kFewestItems)
      here.now.TakeLastOf(here.before);
    const Items nodes[] = {std::move(here.before), std::move(here.now)};
    for (const Items& items : nodes) {
      if (items.items.empty()) continue;
      RETURN_IF_ERROR(FlushNode(tree, level, items));
    }
  }
}

bool Builder::FitsInline(const Tree& tree) const {
  const Level& leaf = tree.levels[0];
  return tree.levels.size() == 1 && leaf.before.items.empty() && leaf.now.Size() <= options_.page_size / 4 &&
         std::ranges::none_of(leaf.now.items, &Item::is_bucket);
}

Result<void> Builder::End() {
  if (open_.size() < 2) return Fail(Errc::kRefused, "", "no bucket is open");
  Tree tree = std::move(open_.back());
  std::string value;
  if (FitsInline(tree)) {
    open_.pop_back();
    value.assign(kBucketHeaderSize, '\0');
    value += EncodeHeader({0, kLeafPage, static_cast<uint16_t>(tree.levels[0].now.items.size()), 0});
    Append(tree.levels[0].now, true, value);
  } else {
    const auto root = Close(tree);
    open_.pop_back();
    if (!root) return Propagate(root);
    AppendLittle(value, *root);
    AppendLittle(value, uint64_t{0});
  }
  return AddItem({.is_bucket = true}, tree.name, value);
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
    bytes += EncodeMeta({options_.page_size, root, kNoFreelist, next_,
                         options_.txid % 2 == id ? options_.txid : options_.txid - 1});
    bytes.resize((id + 1) * options_.page_size, '\0');
  }
  return sink_.Write(0, AsBytes(bytes));
}

}  // namespace etcdmedic::bolt
