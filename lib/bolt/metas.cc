// SPDX-License-Identifier: Apache-2.0
#include "bolt/metas.h"

#include <fmt/format.h>

#include "bolt/check.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;

void ReportNone(Bytes db, const Metas& metas, const std::string& file, diag::FindingSink& sink) {
  if (db.empty()) {
    sink.Add({Code::kDbEmpty, {file, 0}, 0, "the file is empty"});
  } else if (metas.big_endian) {
    sink.Add({Code::kDbByteOrder, {file, 0}, db.size(), "the magic number is in big-endian order"});
  } else {
    sink.Add({Code::kDbUnreadable,
              {file, 0},
              db.size(),
              fmt::format("neither meta page is valid: of page 0 {}, of page 1 {}",
                          TextOf(metas.pages[0].fault), TextOf(metas.pages[1].fault))});
  }
}

void ReportHeader(Bytes db, const MetaPage& page, uint64_t id, const std::string& file,
                  diag::FindingSink& sink) {
  const PageHeader header = HeaderAt(db, page.offset);
  if (header.id == id && header.flags == kMetaPage && header.count == 0 && header.overflow == 0) return;
  sink.Add({Code::kDbMetaHeader,
            {file, page.offset},
            kHeaderSize,
            fmt::format("meta page {}: id {}, type 0x{:02x}, count {}, overflow {}", id, header.id,
                        header.flags, header.count, header.overflow)});
}

}  // namespace

void ReportMetas(Bytes db, const Metas& metas, const std::string& file, diag::FindingSink& sink) {
  if (!metas.active) return ReportNone(db, metas, file, sink);
  for (int i = 0; i < 2; ++i) {
    const MetaPage& page = metas.pages[i];
    if (!page.valid()) {
      sink.Add({Code::kDbMetaDamaged,
                {file, page.offset},
                metas.page_size,
                fmt::format("meta page {} is invalid: {}; etcd opens transaction {}", i, TextOf(page.fault),
                            metas.pages[1 - i].meta.txid)});
      continue;
    }
    ReportHeader(db, page, static_cast<uint64_t>(i), file, sink);
    if (const auto what = Implausible(page.meta, db.size())) {
      sink.Add({Code::kDbMetaImplausible,
                {file, page.offset},
                kHeaderSize + kMetaSize,
                fmt::format("meta page {}, transaction {}: {}", i, page.meta.txid, *what),
                metas.active == i ? diag::Severity::kError : diag::Severity::kNote});
    }
  }
}

std::optional<std::string> Implausible(const Meta& meta, uint64_t size) {
  if (meta.root < 2 || meta.root >= meta.high_water)
    return fmt::format("the root is page {}, the high water mark is page {}", meta.root, meta.high_water);
  if (meta.freelist != kNoFreelist && (meta.freelist < 2 || meta.freelist >= meta.high_water))
    return fmt::format("the free list is page {}, the high water mark is page {}", meta.freelist,
                       meta.high_water);
  if (meta.high_water > (uint64_t{1} << 48))
    return fmt::format("the high water mark is page {} in a file of {} bytes", meta.high_water, size);
  return std::nullopt;
}

}  // namespace etcdmedic::bolt
