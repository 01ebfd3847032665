// SPDX-License-Identifier: Apache-2.0
#include "bolt/change_entries.h"

#include "base/try.h"
#include "bolt/builder.h"

namespace etcdmedic::bolt {
namespace {

// The entries of a leaf by key; nothing where one of them cannot be read.
std::optional<std::map<std::string, LeafItem>> ItemsOf(const Node& leaf) {
  std::map<std::string, LeafItem> items;
  Element element;
  for (uint32_t i = 0; i < leaf.count; ++i) {
    if (!ReadElement(leaf, i, element)) return std::nullopt;
    const std::string key(AsText(element.key));
    items[key] = {key, std::string(AsText(element.value)), element.is_bucket};
  }
  return items;
}

std::vector<LeafItem> InOrder(const std::map<std::string, LeafItem>& items) {
  std::vector<LeafItem> list;
  for (const auto& [key, item] : items) list.push_back(item);
  return list;
}

class Changer {
 public:
  explicit Changer(const View& view) : view_(view) {}

  Result<std::vector<PageBytes>> Run(const Changes& changes) {
    const auto directory = LeafAt(view_.meta().root);
    auto buckets = directory ? ItemsOf(*directory) : std::nullopt;
    if (!buckets) return Refuse("", "the directory of buckets is not on one page");
    for (const auto& [bucket, entries] : changes) {
      const auto found = buckets->find(bucket);
      if (found == buckets->end() || !found->second.is_bucket ||
          found->second.value.size() < kBucketHeaderSize)
        return Refuse(bucket, "there is no such bucket");
      RETURN_IF_ERROR(Change(bucket, entries, found->second.value));
    }
    if (inlined_) RETURN_IF_ERROR(Put(*directory, InOrder(*buckets)));
    return std::move(pages_);
  }

 private:
  // `value`: of the bucket in the directory, which changes where the bucket is inline.
  Result<void> Change(const std::string& bucket, const Changes::mapped_type& entries, std::string& value) {
    const auto root = LoadLittle<uint64_t>(AsBytes(value), 0);
    const auto leaf = root != 0 ? LeafAt(root) : InlineLeaf(AsBytes(value));
    auto items = leaf ? ItemsOf(*leaf) : std::nullopt;
    if (!items) return Refuse(bucket, "it is not on one page");
    for (const auto& [key, entry] : entries) {
      items->erase(key);
      if (entry) (*items)[key] = {key, *entry, false};
    }
    if (root != 0) return Put(*leaf, InOrder(*items));
    value = value.substr(0, kBucketHeaderSize) + EncodeLeaf(0, InOrder(*items));
    inlined_ = true;
    return {};
  }

  static tl::unexpected<Error> Refuse(const std::string& bucket, std::string_view why) {
    return Fail(Errc::kRefused, "",
                "bucket '" + bucket + "' cannot be changed in place: " + std::string(why));
  }

  std::optional<Node> LeafAt(uint64_t page) const {
    const NodeRead read = view_.pages().Read(page);
    if (read.fault != NodeFault::kNone || !read.node.leaf) return std::nullopt;
    return read.node;
  }

  static std::optional<Node> InlineLeaf(Bytes value) {
    const NodeRead read = ReadInline(0, value);
    if (read.fault != NodeFault::kNone) return std::nullopt;
    return read.node;
  }

  // As many pages as the leaf has; what it does not fill is zero.
  Result<void> Put(const Node& leaf, const std::vector<LeafItem>& items) {
    std::string bytes = EncodeLeaf(leaf.page, items, static_cast<uint32_t>(leaf.pages - 1));
    if (bytes.size() > leaf.bytes.size()) return Refuse("", "its page has no room for more");
    bytes.resize(leaf.bytes.size(), '\0');
    pages_.push_back({leaf.page * view_.pages().page_size, std::move(bytes)});
    return {};
  }

  const View& view_;
  std::vector<PageBytes> pages_;
  bool inlined_ = false;
};

}  // namespace

Result<std::vector<PageBytes>> ChangeEntries(const View& view, const Changes& changes) {
  return Changer(view).Run(changes);
}

}  // namespace etcdmedic::bolt
