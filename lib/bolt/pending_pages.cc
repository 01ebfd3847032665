// SPDX-License-Identifier: Apache-2.0
#include "bolt/pending_pages.h"

#include <algorithm>

#include "bolt/freelist.h"

namespace etcdmedic::bolt {
namespace {

class PendingWalk {
 public:
  PendingWalk(const Pages& pages, const FileReport& report)
      : pages_(pages), report_(report), seen_(report.pages.size()) {}

  std::vector<uint64_t> Run(const Meta& meta) {
    todo_.push_back(meta.root);
    if (meta.freelist != kNoFreelist) TakeAll(meta.freelist, ReadFreelist(pages_, meta.freelist).pages);
    while (!todo_.empty()) {
      const uint64_t page = todo_.back();
      todo_.pop_back();
      Visit(page);
    }
    std::ranges::sort(found_);
    return std::move(found_);
  }

 private:
  // A page that both states use is one that they share, with all below it.
  bool Take(uint64_t page) {
    if (page >= seen_.size() || seen_[page] || report_.pages[page].use != PageUse::kFree) return false;
    seen_[page] = true;
    found_.push_back(page);
    return true;
  }

  void TakeAll(uint64_t first, uint64_t count) {
    for (uint64_t i = 0; i < count && first + i < seen_.size(); ++i) Take(first + i);
  }

  void Visit(uint64_t page) {
    if (!Take(page)) return;
    const NodeRead read = pages_.Read(page);
    if (!read.usable) return;
    TakeAll(page + 1, read.node.pages - 1);
    Element element;
    for (uint32_t i = 0; i < read.node.count; ++i) {
      if (!ReadElement(read.node, i, element)) continue;
      if (!read.node.leaf) {
        todo_.push_back(element.child);
      } else if (element.is_bucket && element.value.size() >= kBucketHeaderSize) {
        todo_.push_back(LoadLittle<uint64_t>(element.value, 0));  // 0, of an inline one, is never free
      }
    }
  }

  const Pages& pages_;
  const FileReport& report_;
  std::vector<bool> seen_;
  std::vector<uint64_t> todo_, found_;
};

}  // namespace

std::vector<uint64_t> FindPendingPages(Bytes db, const FileReport& report) {
  if (!report.meta || !report.metas.pages[0].valid() || !report.metas.pages[1].valid()) return {};
  const Meta& newer = report.metas.pages[*report.meta].meta;
  const Meta& older = report.metas.pages[1 - *report.meta].meta;
  if (older.txid + 1 != newer.txid || older.page_size != newer.page_size) return {};
  const Pages pages{db.first(SizeWithoutTrailer(db.size())), report.metas.page_size, older.high_water};
  return PendingWalk(pages, report).Run(older);
}

}  // namespace etcdmedic::bolt
