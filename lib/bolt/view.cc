// SPDX-License-Identifier: Apache-2.0
#include "bolt/view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/fnv.h"

namespace etcdmedic::bolt {
namespace {

constexpr uint32_t kMagic = 0xED0CDAED;
constexpr uint32_t kVersion = 2;
constexpr uint16_t kBranch = 0x01;
constexpr uint16_t kLeaf = 0x02;
constexpr uint64_t kHeader = 16;
constexpr uint64_t kElement = 16;
constexpr int kDeepest = 64;  // a tree of 2^16 elements a page is never that high

template <class T>
T Load(Bytes bytes, uint64_t at) {
  return *ByteReader(bytes, at).Little<T>();
}

std::optional<Meta> MetaAt(Bytes db, uint64_t offset) {
  if (offset + kHeader + 64 > db.size()) return std::nullopt;
  const Bytes body = db.subspan(offset + kHeader, 64);
  if (Load<uint32_t>(body, 0) != kMagic || Load<uint32_t>(body, 4) != kVersion) return std::nullopt;
  if (Load<uint64_t>(body, 56) != Fnv1a64(body.first(56))) return std::nullopt;
  const Meta meta{Load<uint32_t>(body, 8), Load<uint64_t>(body, 16), Load<uint64_t>(body, 32),
                  Load<uint64_t>(body, 40), Load<uint64_t>(body, 48)};
  const bool sane =
      meta.page_size >= 512 && meta.page_size <= 65536 && (meta.page_size & (meta.page_size - 1)) == 0;
  return sane ? std::optional(meta) : std::nullopt;
}

// The second meta page stands at the page size, which only the first one tells for sure.
std::optional<Meta> SecondMeta(Bytes db, const std::optional<Meta>& first) {
  if (first) return MetaAt(db, first->page_size);
  for (uint64_t size = 512; size <= 65536; size *= 2) {
    const auto meta = MetaAt(db, size);
    if (meta && meta->page_size == size) return meta;
  }
  return std::nullopt;
}

}  // namespace

// A leaf or branch page, wherever it stands: in the file, or inline in a bucket's value.
struct View::Node {
  uint64_t id = 0;
  bool leaf = false;
  uint32_t count = 0;
  Bytes bytes;  // header, elements and data, with overflow pages
};

std::optional<View> View::Open(Bytes db, const std::string& file, diag::FindingSink& sink) {
  const auto first = MetaAt(db, 0);
  const auto second = SecondMeta(db, first);
  if (!first && !second) {
    sink.Add({diag::Code::kDbUnreadable, {file, 0}, db.size(), "neither meta page is valid"});
    return std::nullopt;
  }
  View view;
  view.db_ = db;
  view.file_ = file;
  view.sink_ = &sink;
  view.meta_ = !first ? *second : !second ? *first : first->txid > second->txid ? *first : *second;
  if (!first || !second) {
    const uint64_t offset = first ? first->page_size : 0;
    sink.Add(
        {diag::Code::kDbMetaDamaged,
         {file, offset},
         view.meta_.page_size,
         fmt::format("meta page {} is invalid; etcd opens transaction {}", first ? 1 : 0, view.meta_.txid)});
  }
  return view;
}

void View::Report(uint64_t page, std::string message) const {
  sink_->Add({diag::Code::kDbTreeDamaged,
              {file_, page * meta_.page_size},
              meta_.page_size,
              fmt::format("page {}: {}", page, message)});
}

std::optional<View::Node> View::PageAt(uint64_t id) const {
  const uint64_t pages = db_.size() / meta_.page_size;
  if (id < 2 || id >= pages || id >= meta_.high_water) {
    Report(std::min(id, pages), fmt::format("page {} lies outside the file or was never allocated", id));
    return std::nullopt;
  }
  const Bytes head = db_.subspan(id * meta_.page_size);
  Node node{id, false, Load<uint16_t>(head, 10), {}};
  const auto flags = Load<uint16_t>(head, 8);
  const uint64_t overflow = Load<uint32_t>(head, 12);
  if (Load<uint64_t>(head, 0) != id || (flags != kLeaf && flags != kBranch) || overflow >= pages - id) {
    Report(id, "its header is damaged");
    return std::nullopt;
  }
  node.leaf = flags == kLeaf;
  node.bytes = head.first((overflow + 1) * meta_.page_size);
  if (kHeader + node.count * kElement > node.bytes.size()) {
    Report(id, "it counts more elements than it can hold");
    return std::nullopt;
  }
  return node;
}

std::optional<View::Element> View::ElementAt(const Node& node, uint32_t at) const {
  const uint64_t place = kHeader + at * kElement;
  const Bytes raw = node.bytes.subspan(place, kElement);
  Element element;
  uint64_t position = 0, key_size = 0, value_size = 0;
  if (node.leaf) {
    element.is_bucket = (Load<uint32_t>(raw, 0) & 1) != 0;
    position = Load<uint32_t>(raw, 4);
    key_size = Load<uint32_t>(raw, 8);
    value_size = Load<uint32_t>(raw, 12);
  } else {
    position = Load<uint32_t>(raw, 0);
    key_size = Load<uint32_t>(raw, 4);
    element.child = Load<uint64_t>(raw, 8);
  }
  if (place + position + key_size + value_size > node.bytes.size()) {
    Report(node.id, fmt::format("element {} reaches beyond the page", at));
    return std::nullopt;
  }
  element.key = node.bytes.subspan(place + position, key_size);
  element.value = node.bytes.subspan(place + position + key_size, value_size);
  return element;
}

std::optional<View::Element> View::Find(const Node& root, std::string_view key) const {
  Node node = root;
  for (int depth = 0; depth < kDeepest; ++depth) {
    std::optional<Element> best;
    for (uint32_t i = 0; i < node.count; ++i) {
      const auto element = ElementAt(node, i);
      if (!element) return std::nullopt;
      if (node.leaf && AsText(element->key) == key) return element;
      if (!node.leaf && (i == 0 || AsText(element->key) <= key)) best = element;
    }
    if (!best) return std::nullopt;
    const auto child = PageAt(best->child);
    if (!child) return std::nullopt;
    node = *child;
  }
  Report(node.id, "the tree is deeper than any tree can be");
  return std::nullopt;
}

std::optional<View::Node> View::BucketRoot(std::string_view bucket) const {
  const auto root = PageAt(meta_.root);
  if (!root) return std::nullopt;
  const auto found = Find(*root, bucket);
  if (!found || !found->is_bucket || found->value.size() < 16) return std::nullopt;
  const auto page = Load<uint64_t>(found->value, 0);
  if (page != 0) return PageAt(page);
  const Bytes inlined = found->value.subspan(16);
  if (inlined.size() < kHeader) return std::nullopt;
  Node node{root->id, true, Load<uint16_t>(inlined, 10), inlined};
  if (Load<uint16_t>(inlined, 8) != kLeaf || kHeader + node.count * kElement > inlined.size()) {
    Report(root->id, fmt::format("the inline bucket {} is damaged", bucket));
    return std::nullopt;
  }
  return node;
}

bool View::Walk(const Node& node, int depth, uint64_t& pages, bool& stopped, const EachEntry& each) const {
  if (depth > kDeepest || ++pages > meta_.high_water) {
    Report(node.id, "pages refer to one another in a circle");
    return false;
  }
  for (uint32_t i = 0; i < node.count; ++i) {
    const auto element = ElementAt(node, i);
    if (!element) return false;
    if (node.leaf) {
      if (each(element->key, element->value)) continue;
      stopped = true;
      return true;
    }
    const auto child = PageAt(element->child);
    if (!child || !Walk(*child, depth + 1, pages, stopped, each)) return false;
    if (stopped) return true;
  }
  return true;
}

bool View::ForEach(std::string_view bucket, const EachEntry& each) const {
  const auto root = BucketRoot(bucket);
  uint64_t pages = 0;
  bool stopped = false;
  return root && Walk(*root, 0, pages, stopped, each);
}

std::optional<Bytes> View::LastKey(std::string_view bucket) const {
  auto node = BucketRoot(bucket);
  for (int depth = 0; node && node->count > 0 && depth < kDeepest; ++depth) {
    const auto element = ElementAt(*node, node->count - 1);
    if (!element) return std::nullopt;
    if (node->leaf) return element->key;
    node = PageAt(element->child);
  }
  return std::nullopt;
}

}  // namespace etcdmedic::bolt
