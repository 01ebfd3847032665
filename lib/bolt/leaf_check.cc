// SPDX-License-Identifier: Apache-2.0
#include "bolt/leaf_check.h"

#include <fmt/format.h>

namespace etcdmedic::bolt {
namespace {

using diag::Code;

// Findings; a page of nonsense has hundreds, and they say nothing new.
constexpr size_t kMostOfAPage = 16;

uint64_t PlaceOf(uint32_t at) { return kHeaderSize + uint64_t{at} * kElementSize; }

}  // namespace

void PageCheck::Add(Code code, const Node& node, uint64_t offset, uint64_t length, std::string message) {
  if (++reported_ > kMostOfAPage) return;
  if (reported_ == kMostOfAPage) message += "; what else is wrong with the page is left out";
  out_.findings.push_back({code,
                           {file_, pages_.OffsetOf(node.bytes) + offset},
                           length,
                           fmt::format("page {} of {}: {}", node.page, BucketText(bucket_), message)});
}

void PageCheck::Note(const NodeRead& read, const Subtree& tree) {
  if (read.fault == NodeFault::kNone) return;
  const Code code = CodeOf(read.fault);
  const uint64_t offset = tree.page > pages_.whole() ? pages_.db.size() : tree.page * pages_.page_size;
  const std::string lost =
      read.usable ? "" : fmt::format("; with it {} are lost", FormatRange(tree.low, tree.high));
  out_.findings.push_back(
      {code,
       {file_, offset},
       pages_.page_size,
       fmt::format("page {} of {}: {}{}", tree.page, BucketText(bucket_), read.what, lost)});
}

uint64_t PageCheck::Run(const Node& node, const Subtree& tree) {
  uint64_t used = kHeaderSize + uint64_t{node.count} * kElementSize;
  Element element;
  Bytes before;
  for (uint32_t i = 0; i < node.count; ++i) {
    CheckElement(node, i, used);
    if (!ReadElement(node, i, element)) {
      Add(Code::kDbElement, node, PlaceOf(i), kElementSize,
          fmt::format("element {} of {} points outside the page", i, node.count));
      // The rest of the page is judged from where the next element says that it begins.
      if (Element next; i + 1 < node.count && ReadElement(node, i + 1, next))
        used = static_cast<uint64_t>(next.key.data() - node.bytes.data());
      continue;
    }
    used = static_cast<uint64_t>(element.value.data() - node.bytes.data()) + element.value.size();
    CheckOrder(node, i, element.key, before, tree);
    before = element.key;
    if (!node.leaf) continue;
    ++out_.entries;
    out_.key_bytes += element.key.size();
    out_.value_bytes += element.value.size();
    if (element.is_bucket) out_.buckets.push_back({element.key, element.value, node.page});
  }
  CheckEnd(node, used);
  return used;
}

// Writers leave no gap: an element's data begins where that of the one before it ends.
void PageCheck::CheckElement(const Node& node, uint32_t at, uint64_t expected) {
  const uint64_t place = PlaceOf(at);
  const uint64_t start = place + LoadLittle<uint32_t>(node.bytes, place + (node.leaf ? 4 : 0));
  if (start != expected && start <= node.bytes.size()) {
    Add(Code::kDbElement, node, place, kElementSize,
        fmt::format("the data of element {} of {} begins {} bytes {} where that of the one before it ends",
                    at, node.count, start < expected ? expected - start : start - expected,
                    start < expected ? "before" : "after"));
  }
  if (!node.leaf) return;
  const auto flags = LoadLittle<uint32_t>(node.bytes, place);
  if ((flags & ~kBucketFlag) != 0)
    Add(Code::kDbElement, node, place, kElementSize,
        fmt::format("element {} has unknown flags 0x{:x}", at, flags));
}

void PageCheck::CheckOrder(const Node& node, uint32_t at, Bytes key, Bytes before, const Subtree& tree) {
  std::string what;
  if (key.empty() || key.size() > kLongestKey) {
    Add(Code::kDbElement, node, PlaceOf(at), kElementSize,
        fmt::format("element {} has a key of {} bytes", at, key.size()));
    return;
  }
  if (at > 0 && AsText(key) <= AsText(before)) {
    what = fmt::format("{} follows {}", FormatKey(key), FormatKey(before));
  } else if (!tree.low.empty() && AsText(key) < AsText(tree.low)) {
    what =
        fmt::format("{} is less than the separator {} that leads here", FormatKey(key), FormatKey(tree.low));
  } else if (at == 0 && !tree.separator.empty() && AsText(key) != AsText(tree.separator)) {
    // bbolt looks for the reference to a page by the first key in it, as it writes the page.
    what = fmt::format(
        "{} is not the separator {} that leads here; a write to the page leaves the reference that it "
        "should replace",
        FormatKey(key), FormatKey(tree.separator));
  } else if (!tree.high.empty() && AsText(key) >= AsText(tree.high)) {
    what = fmt::format("{} is not less than the next separator {}", FormatKey(key), FormatKey(tree.high));
  } else {
    return;
  }
  Add(Code::kDbKeyOrder, node, static_cast<uint64_t>(key.data() - node.bytes.data()), key.size(),
      std::move(what));
}

void PageCheck::CheckEnd(const Node& node, uint64_t used) {
  if (used > node.bytes.size()) return;
  const Bytes tail = node.bytes.subspan(used);
  if (node.inlined ? !tail.empty() : !AllZero(tail))
    Add(Code::kDbPageTail, node, used, tail.size(), "bytes after the last element are not zero");
  if (node.inlined) return;
  // bbolt rounds up; what came before it always took one page more than the whole ones.
  const uint64_t rounded = (used + pages_.page_size - 1) / pages_.page_size;
  if (node.pages != rounded && node.pages != used / pages_.page_size + 1) {
    Add(Code::kDbPageOverflow, node, 12, 4,
        fmt::format("it uses {} pages for what fits in {}", node.pages, rounded));
  }
}

}  // namespace etcdmedic::bolt
