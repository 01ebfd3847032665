// SPDX-License-Identifier: Apache-2.0
#include "salvage/page_scan.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"
#include "mvcc/key_value.h"
#include "mvcc/revision.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::salvage {
namespace {

constexpr size_t kPagesAThread = 256;
constexpr uint64_t kSeparatorAt = 8;  // in a revision key

// How long the message is whose first field is at the beginning of `bytes`: fields in the order in which etcd
// writes them, up to what cannot be the next one. 0 where there is none.
uint64_t MessageSize(Bytes bytes) {
  uint64_t at = 0, last = 0;
  using Fields = proto::mvccpb::KeyValue;
  while (at < bytes.size()) {
    const auto tag = std::to_integer<uint8_t>(bytes[at]);
    const uint64_t number = tag >> 3;
    const bool delimited = number == Fields::kKey || number == Fields::kValue;
    if (number <= last || number > Fields::kLease ||
        (tag & 7) != (delimited ? proto::kDelimited : proto::kVarint))
      break;
    if (last == 0 && number != Fields::kKey) break;
    uint64_t value = 0, size = 0;
    for (; at + 1 + size < bytes.size() && size < 10; ++size) {
      const auto byte = std::to_integer<uint64_t>(bytes[at + 1 + size]);
      value |= (byte & 0x7F) << (7 * size);
      if (byte < 0x80) break;
    }
    if (size == 10 || at + 1 + size >= bytes.size()) break;
    const uint64_t begin = at + 2 + size;
    if (delimited && value > bytes.size() - begin) break;
    at = begin + (delimited ? value : 0);
    last = number;
  }
  return at;
}

// Whether a revision key of a plausible size may have its separator at `at`.
bool MayBeSeparator(Bytes bytes, uint64_t at) {
  const std::byte* const p = bytes.data() + at;
  return p[-8] == std::byte{0} && p[-7] == std::byte{0} && p[1] == std::byte{0} && p[2] == std::byte{0} &&
         p[3] == std::byte{0} && p[4] == std::byte{0};
}

// The record whose revision key begins at `at`; false where there is none.
bool ReadUnframed(Bytes bytes, uint64_t at, Copy& copy) {
  const bool marked =
      at + mvcc::kTombstoneSize < bytes.size() && bytes[at + mvcc::kRevisionSize] == std::byte{'t'};
  const uint64_t key_size = marked ? mvcc::kTombstoneSize : mvcc::kRevisionSize;
  if (bytes.size() - at <= key_size) return false;
  const Bytes key = bytes.subspan(at, key_size), rest = bytes.subspan(at + key_size);
  const uint64_t size = MessageSize(rest);
  if (size == 0 || !Agree(key, rest.first(size))) return false;
  const auto id = *mvcc::ParseRevisionKey(key);
  copy = Copy{.main = id.revision.main, .sub = static_cast<uint32_t>(id.revision.sub)};
  copy.value_size = static_cast<uint32_t>(size);
  copy.SetPlace(at);
  copy.tombstone = marked;
  copy.unframed = true;
  return true;
}

class Scanner {
 public:
  explicit Scanner(const ScanInput& input) : input_(input) {}

  void Scan(uint64_t page, std::vector<Copy>& out) const {
    const PageUse use = UseOf(page);
    if (use == PageUse::kInside) return;
    input_.pages.PrefetchHeader(page + bolt::kHeadersAhead);
    input_.pages.PrefetchLeaf(page + bolt::kLeavesAhead);
    const Origin origin = OriginOf(page, use);
    const bolt::NodeRead read = input_.pages.Read(page);
    const bool leaf = read.usable && read.node.leaf;
    // A branch has no records, and is not searched for any; nor is what may belong to another page by now.
    if (read.usable && !leaf && read.fault == bolt::NodeFault::kNone) return;
    if (leaf && TakeLeaf(read.node, origin, out)) return;
    const size_t before = out.size();
    const uint64_t offset = page * input_.pages.page_size;
    const uint64_t rest = input_.pages.db.size() - offset;
    for (Copy copy :
         Carve(input_.pages.db.subspan(offset, std::min<uint64_t>(input_.pages.page_size, rest)))) {
      copy.SetPlace(copy.place + offset);
      const auto known = [&](const Copy& each) { return each.place == copy.place; };
      if (leaf && std::any_of(out.end() - static_cast<std::ptrdiff_t>(out.size() - before), out.end(), known))
        continue;
      Add(copy, origin, out);
    }
  }

 private:
  PageUse UseOf(uint64_t page) const {
    return page < input_.uses.size() ? input_.uses[page] : PageUse::kUnused;
  }

  Origin OriginOf(uint64_t page, PageUse use) const {
    if (use == PageUse::kLive) return Origin::kLive;
    if (use == PageUse::kOlder) return Origin::kOlder;
    return page < input_.high_water ? Origin::kFreed : Origin::kOrphan;
  }

  void Add(Copy copy, Origin origin, std::vector<Copy>& out) const {
    copy.origin = origin;
    copy.source = input_.source;
    const Confidence confidence = copy.unframed                              ? Confidence::kDoubtful
                                  : input_.proven && origin == Origin::kLive ? Confidence::kCertain
                                                                             : Confidence::kLikely;
    copy.confidence = confidence;
    out.push_back(copy);
  }

  // A value on pages that another leaf has taken since is not what was written.
  bool IsWhole(const bolt::Node& node, Bytes value, Origin origin) const {
    if (origin == Origin::kLive) return true;
    const uint64_t end =
        (input_.pages.OffsetOf(value) + value.size() + input_.pages.page_size - 1) / input_.pages.page_size;
    for (uint64_t page = node.page + 1; page < end; ++page) {
      if (UseOf(page) != PageUse::kUnused) return UseOf(page) == PageUse::kInside && origin == Origin::kOlder;
      if (bolt::HeaderAt(input_.pages.db, page * input_.pages.page_size).id == page) return false;
    }
    return true;
  }

  // The bucket itself, small enough to lie in its entry of the directory.
  void TakeInline(const bolt::Node& directory, Bytes value, Origin origin, std::vector<Copy>& out) const {
    if (directory.inlined || value.size() < bolt::kBucketHeaderSize ||
        bolt::LoadLittle<uint64_t>(value, 0) != 0)
      return;
    const bolt::NodeRead read = bolt::ReadInline(directory.page, value);
    if (read.usable) TakeLeaf(read.node, origin, out);
  }

  // False where the page is not a leaf of bucket `key` from its first element to its last.
  bool TakeLeaf(const bolt::Node& node, Origin origin, std::vector<Copy>& out) const {
    bolt::Element element;
    bool whole = true, any = false;
    for (uint32_t at = 0; at < node.count; ++at) {
      if (!bolt::ReadElement(node, at, element)) {
        whole = false;
        continue;
      }
      if (element.is_bucket && AsText(element.key) == "key") TakeInline(node, element.value, origin, out);
      const bool sized =
          element.key.size() == mvcc::kRevisionSize || element.key.size() == mvcc::kTombstoneSize;
      if (!sized) {
        whole = whole && !any;  // another bucket's leaf has none at all
        continue;
      }
      any = true;
      if (element.is_bucket || !Agree(element.key, element.value)) {
        whole = false;
        continue;
      }
      if (!IsWhole(node, element.value, origin)) continue;
      const auto id = *mvcc::ParseRevisionKey(element.key);
      Copy copy{.main = id.revision.main, .sub = static_cast<uint32_t>(id.revision.sub)};
      copy.value_size = static_cast<uint32_t>(element.value.size());
      copy.SetPlace(input_.pages.OffsetOf(element.key));
      copy.tombstone = id.tombstone;
      Add(copy, origin, out);
    }
    return whole && node.count > 0;
  }

  const ScanInput& input_;
};

}  // namespace

std::vector<Copy> Carve(Bytes bytes) {
  std::vector<Copy> found;
  Copy copy;
  for (uint64_t at = kSeparatorAt; at + kSeparatorAt < bytes.size(); ++at) {
    const void* const next = std::memchr(bytes.data() + at, '_', bytes.size() - kSeparatorAt - at);
    if (next == nullptr) break;
    at = static_cast<uint64_t>(static_cast<const std::byte*>(next) - bytes.data());
    if (!MayBeSeparator(bytes, at) || !ReadUnframed(bytes, at - kSeparatorAt, copy)) continue;
    found.push_back(copy);
    at = std::max(at,
                  copy.place + KeyOf(copy, bytes).size() + copy.value_size);  // none begins inside a record
  }
  return found;
}

std::vector<Copy> ScanPages(const ScanInput& input, unsigned threads) {
  const uint64_t pages = (input.pages.db.size() + input.pages.page_size - 1) / input.pages.page_size;
  const size_t parts = PartsOf(pages, kPagesAThread, threads);
  std::vector<std::vector<Copy>> found(parts);
  const Scanner scanner(input);
  InParallel(pages, parts, [&](size_t part, size_t begin, size_t end) {
    for (uint64_t page = std::max<uint64_t>(begin, 2); page < end; ++page) scanner.Scan(page, found[part]);
  });
  std::vector<Copy> all = std::move(found.front());
  for (size_t part = 1; part < parts; ++part) {
    all.insert(all.end(), found[part].begin(), found[part].end());
    found[part] = {};
  }
  return all;
}

}  // namespace etcdmedic::salvage
