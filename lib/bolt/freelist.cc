// SPDX-License-Identifier: Apache-2.0
#include "bolt/freelist.h"

#include <fmt/format.h>

namespace etcdmedic::bolt {
namespace {

constexpr uint16_t kCountInFirstSlot = 0xFFFF;

std::string TypeText(uint16_t flags) {
  if (flags == kBranchPage) return "branch";
  if (flags == kLeafPage) return "leaf";
  if (flags == kMetaPage) return "meta";
  return fmt::format("unknown<{:02x}>", flags);
}

}  // namespace

Freelist ReadFreelist(const Pages& pages, uint64_t page) {
  Freelist list;
  if (page < 2 || page >= pages.whole()) {
    list.what = "there is no such page in the file";
    list.words = "unexpected fault address";
    return list;
  }
  const uint64_t offset = page * pages.page_size;
  const PageHeader header = HeaderAt(pages.db, offset);
  if (header.flags != kFreelistPage) {
    list.what = fmt::format("its type is 0x{:02x}, not that of a free list", header.flags);
    list.words = fmt::format("invalid freelist page: {}, page type is {}", page, TypeText(header.flags));
    return list;
  }
  list.pages = uint64_t{header.overflow} + 1;
  const uint64_t room = (pages.db.size() - offset - kHeaderSize) / 8;
  uint64_t count = header.count, first = 0;
  if (header.count == kCountInFirstSlot && room > 0) {
    count = LoadLittle<uint64_t>(pages.db, offset + kHeaderSize);
    first = 1;
  }
  if (list.pages > pages.whole() - page || count > room - first ||
      first + count > list.pages * pages.page_size / 8) {
    list.what = fmt::format("it counts {} ids on {} pages", count, list.pages);
    list.words = "unexpected fault address";
    list.pages = 1;
    return list;
  }
  if (header.id != page) list.what = fmt::format("it calls itself page {}", header.id);
  if (header.id != page)
    list.words =
        fmt::format("assertion failed: Page expected to be: {}, but self identifies as {}", page, header.id);
  list.ids.reserve(count);
  for (uint64_t i = 0; i < count; ++i)
    list.ids.push_back(LoadLittle<uint64_t>(pages.db, offset + kHeaderSize + (first + i) * 8));
  return list;
}

}  // namespace etcdmedic::bolt
