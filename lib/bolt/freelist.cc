// SPDX-License-Identifier: Apache-2.0
#include "bolt/freelist.h"

#include <fmt/format.h>

#include <algorithm>

namespace etcdmedic::bolt {
namespace {

constexpr uint16_t kCountInFirstSlot = 0xFFFF;

}  // namespace

Freelist ReadFreelist(const Pages& pages, uint64_t page) {
  Freelist list;
  if (page < 2 || page >= pages.whole()) {
    list.what = "the file has no such page";
    return list;
  }
  const uint64_t offset = page * pages.page_size;
  const PageHeader header = HeaderAt(pages.db, offset);
  if (header.flags != kFreelistPage) {
    list.what = fmt::format("its type is 0x{:02x}, not that of a free list", header.flags);
    return list;
  }
  const uint64_t room = (pages.db.size() - offset - kHeaderSize) / 8;
  const uint64_t claimed = uint64_t{header.overflow} + 1;
  uint64_t count = header.count, first = 0;
  if (header.count == kCountInFirstSlot && room > 0) {
    count = LoadLittle<uint64_t>(pages.db, offset + kHeaderSize);
    first = 1;
  }
  list.pages = 1;
  if (count > room - first || kHeaderSize + (first + count) * 8 > claimed * pages.page_size) {
    list.what = fmt::format("it counts {} ids on {} pages", count, claimed);
    return list;
  }
  const uint64_t needed = (kHeaderSize + (first + count) * 8) / pages.page_size + 1;
  list.pages = std::min(claimed, needed);
  // A writer asks for the pages before it knows how many ids it has left.
  if (claimed > needed + 1)
    list.what = fmt::format("it uses {} pages for what fits in {}", claimed, needed);
  if (header.id != page) list.what = fmt::format("it calls itself page {}", header.id);
  list.ids.reserve(count);
  for (uint64_t i = 0; i < count; ++i)
    list.ids.push_back(LoadLittle<uint64_t>(pages.db, offset + kHeaderSize + (first + i) * 8));
  return list;
}

}  // namespace etcdmedic::bolt
