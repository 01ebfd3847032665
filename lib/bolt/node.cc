// SPDX-License-Identifier: Apache-2.0
#include "bolt/node.h"

#include <fmt/format.h>

#include <algorithm>

namespace etcdmedic::bolt {
namespace {

constexpr uint64_t kLine = 64;  // of a processor's cache

NodeRead Unusable(NodeFault fault, std::string what) { return {{}, fault, false, std::move(what)}; }

// Writers put the data directly after the elements and leave no gaps, so the position of each of the first
// two elements tells the count. 0 where it does not.
uint32_t CountTold(const Node& node, uint32_t by) {
  if (node.bytes.size() < kHeaderSize + (by + 1) * kElementSize) return 0;
  uint64_t before = 0;
  for (uint32_t i = 0; i < by; ++i) {
    const uint64_t place = kHeaderSize + i * kElementSize;
    before += LoadLittle<uint32_t>(node.bytes, place + (node.leaf ? 8 : 4));
    if (node.leaf) before += LoadLittle<uint32_t>(node.bytes, place + 12);
  }
  const uint64_t position =
      LoadLittle<uint32_t>(node.bytes, kHeaderSize + by * kElementSize + (node.leaf ? 4 : 0));
  const uint64_t elements = position < before ? 0 : position - before;
  const uint64_t count = elements / kElementSize + by;
  const bool plausible = elements != 0 && elements % kElementSize == 0 && count < 0xFFFF &&
                         kHeaderSize + count * kElementSize <= node.bytes.size();
  return plausible ? static_cast<uint32_t>(count) : 0;
}

// The header's count, unless both of the first elements deny it with one voice.
uint32_t ProvenCount(const Node& node) {
  const uint32_t first = CountTold(node, 0), second = CountTold(node, 1);
  if (first == node.count || second == node.count || first == 0) return node.count;
  return first == 1 || first == second ? first : node.count;
}

void CheckCount(NodeRead& read) {
  Node& node = read.node;
  const uint32_t said = node.count;
  node.count = ProvenCount(node);
  const uint64_t room = (node.bytes.size() - kHeaderSize) / kElementSize;
  if (node.count == said && said <= room) return;
  read.what =
      fmt::format("it counts {} elements where there are {}", said, std::min<uint64_t>(node.count, room));
  read.fault = NodeFault::kCount;
  node.count = static_cast<uint32_t>(std::min<uint64_t>(node.count, room));
}

// How many of the elements are read: together they may not claim more than twice the bytes that the node has,
// so that one size that is wrong costs nothing else and a page of nonsense is not handed out many times over.
void CheckClaims(NodeRead& read) {
  Node& node = read.node;
  const uint64_t most = 2 * node.bytes.size();
  Element element;
  uint64_t claimed = kHeaderSize;
  for (uint32_t i = 0; i < node.count; ++i) {
    claimed += kElementSize;
    if (ReadElement(node, i, element)) claimed += element.key.size() + element.value.size();
    if (claimed <= most) continue;
    if (read.fault == NodeFault::kNone) {
      read.fault = NodeFault::kCount;
      read.what = fmt::format("its {} elements claim more bytes than it has; those from {} on are left out",
                              node.count, i);
    }
    node.count = i;
  }
}

void CheckHeader(const PageHeader& header, uint64_t id, NodeRead& read) {
  if (header.id != id) {
    read.fault = NodeFault::kId;
    read.what = fmt::format("it calls itself page {}", header.id);
  } else if (header.flags != kLeafPage && header.flags != kBranchPage) {
    read.fault = NodeFault::kType;
    read.what = fmt::format("its type is 0x{:02x}", header.flags);
  }
}

}  // namespace

NodeRead Pages::Read(uint64_t id) const {
  if (id < 2 || id > whole() || id * page_size + kHeaderSize > db.size())
    return Unusable(NodeFault::kOutsideFile, "the file has no such page");
  const uint64_t offset = id * page_size;
  const PageHeader header = HeaderAt(db, offset);
  const uint64_t rest = db.size() - offset;
  const uint16_t type = header.flags & (kBranchPage | kLeafPage);
  if (header.id == 0 && header.flags == 0 && AllZero(db.subspan(offset, std::min<uint64_t>(page_size, rest))))
    return Unusable(NodeFault::kZeroed, "it is all zeros");
  if (type != kBranchPage && type != kLeafPage)
    return Unusable(NodeFault::kType,
                    fmt::format("its type is 0x{:02x}, neither leaf nor branch", header.flags));
  const uint64_t wanted = (uint64_t{header.overflow} + 1) * page_size;
  const bool exact = header.flags == kBranchPage || header.flags == kLeafPage;
  if (header.id != id && (!exact || wanted > rest)) {
    return Unusable(NodeFault::kId,
                    fmt::format("it calls itself page {}, of type 0x{:02x}, with {} more: it is not a page",
                                header.id, header.flags, header.overflow));
  }
  NodeRead read;
  const uint64_t pages = std::min(uint64_t{header.overflow} + 1, rest / page_size + 1);
  read.node = {id, type == kLeafPage, false, header.count, pages, db.subspan(offset, std::min(wanted, rest))};
  CheckHeader(header, id, read);
  if (read.fault == NodeFault::kNone && wanted > rest) {
    const bool cut = db.size() < high_water * page_size;
    read.fault = cut ? NodeFault::kTruncated : NodeFault::kOverflow;
    read.what = cut ? "the file ends inside it"
                    : fmt::format("its overflow of {} pages ends outside the file", header.overflow);
  }
  if (read.fault == NodeFault::kNone && high_water != 0 && id + header.overflow >= high_water) {
    read.fault = NodeFault::kBeyondHighWater;
    read.what = fmt::format("it is at or beyond the high water mark, page {}", high_water);
  }
  NodeRead counted = read;
  CheckCount(counted);
  CheckClaims(counted);
  if (read.fault != NodeFault::kNone) counted.fault = read.fault, counted.what = read.what;
  return counted;
}

void Pages::PrefetchHeader(uint64_t id) const {
  if (id < whole()) __builtin_prefetch(db.data() + id * page_size);
}

void Pages::PrefetchLeaf(uint64_t id) const {
  if (id >= whole()) return;
  const Bytes page = db.subspan(id * page_size, page_size);
  const PageHeader header = HeaderAt(page, 0);
  if (header.flags != kLeafPage || header.overflow != 0) return;
  const Node node{id, true, false, header.count, 1, page};
  Element element;
  uint64_t asked = 0;  // lines of the page
  const auto ask = [&](uint64_t at) {
    if (at / kLine < asked) return;
    __builtin_prefetch(page.data() + at);
    asked = at / kLine + 1;
  };
  uint64_t end = page_size;
  for (uint32_t i = 0; i < header.count && ReadElement(node, i, element); ++i) {
    const auto key = static_cast<uint64_t>(element.key.data() - page.data());
    ask(key);
    ask(key + kLine);
    end = key + element.key.size() + element.value.size();
  }
  for (uint64_t at = end; at < page_size; at += kLine) ask(at);
}

NodeRead ReadInline(uint64_t page, Bytes value) {
  if (value.size() < kBucketHeaderSize + kHeaderSize)
    return Unusable(NodeFault::kTruncated, "the inline bucket is cut short");
  NodeRead read;
  read.node = {page, true, true, 0, 0, value.subspan(kBucketHeaderSize)};
  const PageHeader header = HeaderAt(read.node.bytes, 0);
  read.node.count = header.count;
  CheckHeader(header, 0, read);
  if (read.fault == NodeFault::kNone && (header.flags != kLeafPage || header.overflow != 0)) {
    read.fault = NodeFault::kType;
    read.what = "an inline bucket is a leaf without overflow";
  }
  const NodeFault before = read.fault;
  std::string what = read.what;
  CheckCount(read);
  CheckClaims(read);
  if (before != NodeFault::kNone) read.fault = before, read.what = std::move(what);
  return read;
}

bool ReadElement(const Node& node, uint32_t at, Element& out) {
  const uint64_t place = kHeaderSize + uint64_t{at} * kElementSize;
  if (place + kElementSize > node.bytes.size()) return false;
  uint64_t position = 0, key_size = 0, value_size = 0;
  if (node.leaf) {
    out.is_bucket = (LoadLittle<uint32_t>(node.bytes, place) & kBucketFlag) != 0;
    position = LoadLittle<uint32_t>(node.bytes, place + 4);
    key_size = LoadLittle<uint32_t>(node.bytes, place + 8);
    value_size = LoadLittle<uint32_t>(node.bytes, place + 12);
  } else {
    position = LoadLittle<uint32_t>(node.bytes, place);
    key_size = LoadLittle<uint32_t>(node.bytes, place + 4);
    out.child = LoadLittle<uint64_t>(node.bytes, place + 8);
    out.is_bucket = false;
  }
  if (place + position + key_size + value_size > node.bytes.size()) return false;
  out.key = node.bytes.subspan(place + position, key_size);
  out.value = node.bytes.subspan(place + position + key_size, value_size);
  return true;
}

uint64_t PagesNeeded(const Node& node, uint32_t page_size) {
  if (node.pages <= 1) return node.pages;
  uint64_t end = kHeaderSize + node.count * kElementSize;
  Element element;
  for (uint32_t i = 0; i < node.count; ++i) {
    if (!ReadElement(node, i, element)) continue;
    end = std::max(end, static_cast<uint64_t>(element.key.data() - node.bytes.data()) + element.key.size() +
                            element.value.size());
  }
  // Older writers took one page more than the whole ones.
  return std::min(node.pages, end / page_size + 1);
}

uint32_t LowerBound(const Node& node, std::string_view key) {
  uint32_t low = 0, high = node.count;
  Element element;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (ReadElement(node, middle, element) && AsText(element.key) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace etcdmedic::bolt
