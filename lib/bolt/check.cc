// SPDX-License-Identifier: Apache-2.0
#include "bolt/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "bolt/freelist.h"
#include "bolt/metas.h"
#include "bolt/prefault.h"
#include "bolt/tree_walk.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;

constexpr size_t kLongestName = 64;
constexpr size_t kMostOfACode = 1000;    // findings; beyond that they are counted
constexpr size_t kPagesForThreads = 64;  // in the file; below that a thread is not worth its start

class FileCheck {
 public:
  FileCheck(Bytes db, const std::string& file, const CheckOptions& options, diag::FindingSink& sink)
      : file_(file),
        sink_(sink, kMostOfACode),
        threads_(options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency())),
        visitor_(options.visitor) {
    pages_.db = db;
    report_.metas = ReadMetas(db);
    pages_.page_size = report_.metas.page_size;
    report_.file_pages = pages_.whole();
    visited_ = VisitedPages(report_.file_pages + 1);
    report_.meta = options.meta ? options.meta : report_.metas.active;
  }

  FileReport Run() {
    FileReport report = CheckAll();
    sink_.End();
    return report;
  }

 private:
  FileReport CheckAll() {
    ReportMetas(pages_.db, report_.metas, file_, sink_);
    if (!report_.meta || !report_.metas.pages[*report_.meta].valid()) {
      report_.meta = std::nullopt;
      report_.sound = false;
      return std::move(report_);
    }
    const Meta& meta = report_.metas.pages[*report_.meta].meta;
    const bool low = meta.root >= meta.high_water;
    report_.sound = !Implausible(meta, pages_.db.size());
    pages_.high_water = low ? 0 : meta.high_water;
    report_.pages.resize(std::min(low ? report_.file_pages : meta.high_water, report_.file_pages + 1));
    Prefault(pages_.db.first(std::min<uint64_t>(report_.pages.size() * pages_.page_size, pages_.db.size())),
             threads_);
    for (uint64_t i = 0; i < 2; ++i) Claim(i, PageUse::kMeta);
    if (meta.freelist != kNoFreelist) CheckFreelist(meta);
    report_.buckets.push_back({});
    report_.buckets.back().root = meta.root;
    CheckBucket(0, {meta.root, false, {}, {}, {}});
    if (!low && meta.high_water > report_.file_pages) ReportTruncated(meta);
    if (freelist_ && meta.freelist != kNoFreelist) CompareFreelist();
    return std::move(report_);
  }

  void Report(diag::Finding finding) {
    if (finding.severity > diag::Severity::kNote) report_.sound = false;
    sink_.Add(std::move(finding));
  }

  void Take(PageVerdict& verdict) {
    for (diag::Finding& finding : verdict.findings) Report(std::move(finding));
  }

  void ReportTruncated(const Meta& meta) {
    Report({Code::kDbFileTruncated,
            {file_, pages_.db.size()},
            (meta.high_water - report_.file_pages) * pages_.page_size,
            fmt::format("the file has {} whole pages, the high water mark is page {}", report_.file_pages,
                        meta.high_water)});
  }

  void CheckFreelist(const Meta& meta) {
    freelist_ = ReadFreelist(pages_, meta.freelist);
    if (!freelist_->what.empty()) {
      // A page beyond the high water mark is the fault of the meta, which has been reported.
      if (meta.freelist < meta.high_water) {
        Report({Code::kDbFreelist,
                {file_, std::min(meta.freelist, report_.file_pages) * pages_.page_size},
                pages_.page_size,
                fmt::format("free list, page {}: {}", meta.freelist, freelist_->what)});
      }
      freelist_->ids.clear();
    }
    for (uint64_t i = 0; i < freelist_->pages; ++i)
      Claim(meta.freelist + i, i == 0 ? PageUse::kFreelist : PageUse::kOverflow);
    report_.freelist_count = freelist_->ids.size();
  }

  void Claim(uint64_t page, PageUse use) {
    if (page < report_.pages.size() && visited_.Take(page)) report_.pages[page].use = use;
  }

  // What the list says against what the walk has found.
  void CompareFreelist() {
    std::vector<bool> free(report_.pages.size());
    for (const uint64_t id : freelist_->ids) {
      const Where where{file_, report_.metas.pages[*report_.meta].meta.freelist * pages_.page_size};
      if (id < 2 || id >= report_.pages.size()) {
        Report({Code::kDbFreelistId, where, 8, fmt::format("it names page {}, which does not exist", id)});
      } else if (free[id]) {
        Report({Code::kDbFreelistId, where, 8, fmt::format("it names page {} twice", id)});
      } else if (report_.pages[id].use != PageUse::kFree) {
        Report({Code::kDbFreelistInUse, where, 8,
                fmt::format("it names page {}, which is in use as {}", id, NameOf(report_.pages[id].use))});
      }
      if (id < free.size()) free[id] = true;
    }
    uint64_t leaked = 0, first = 0;
    for (uint64_t id = 2; id < report_.pages.size() && freelist_->what.empty(); ++id) {
      if (report_.pages[id].use != PageUse::kFree || free[id]) continue;
      report_.pages[id].use = PageUse::kUnreachable;
      if (leaked++ == 0) first = id;
    }
    if (leaked > 0) {
      Report({Code::kDbPageLeaked,
              {file_, first * pages_.page_size},
              leaked * pages_.page_size,
              fmt::format("{} pages, the first {}, are neither in use nor in the free list", leaked, first)});
    }
  }

  static uint16_t OwnerOf(size_t bucket) {
    return static_cast<uint16_t>(std::min<size_t>(bucket, PageInfo::kNobody - 1));
  }

  void CheckBucket(size_t bucket, const Subtree& root) {
    BucketInfo& info = report_.buckets[bucket];
    const std::string name = info.name;
    LeafVisitor* const visitor =
        bucket != 0 && visitor_ != nullptr && visitor_->bucket() == name ? visitor_ : nullptr;
    const TreeContext context{pages_, file_, name, OwnerOf(bucket), visited_, report_.pages, visitor};
    TreeVerdict verdict = Walk(context, root);
    info.depth = verdict.depth;
    info.branches = verdict.branches;
    info.leaves = verdict.leaves;
    info.entries = verdict.content.entries;
    info.key_bytes = verdict.content.key_bytes;
    info.value_bytes = verdict.content.value_bytes;
    Take(verdict.shape);
    Take(verdict.content);
    if (bucket == 0) CheckDirectory(verdict.content.buckets.size());
    if (bucket != 0) return ReportNested(name, verdict.content.buckets);
    for (const SubBucket& sub : verdict.content.buckets) CheckSubBucket(sub);
  }

  TreeVerdict Walk(const TreeContext& context, const Subtree& root) {
    TreeVerdict verdict;
    const bool large = !root.is_inline && threads_ > 1 && report_.pages.size() >= kPagesForThreads;
    if (large && WalkInParallel(context, root, threads_, verdict)) return verdict;
    verdict = {};
    if (context.visitor != nullptr) context.visitor->Begin(1);
    TreeWalk(context, 0, verdict).Run(root, 1);
    return verdict;
  }

  void CheckDirectory(size_t buckets) {
    if (report_.buckets[0].entries == buckets) return;
    Report({Code::kDbBucket,
            {file_, report_.buckets[0].root * pages_.page_size},
            pages_.page_size,
            fmt::format("{} of {} entries of the root bucket are not buckets",
                        report_.buckets[0].entries - buckets, report_.buckets[0].entries)});
  }

  void ReportNested(const std::string& bucket, const std::vector<SubBucket>& nested) {
    if (nested.empty()) return;
    Report({Code::kDbBucket,
            {file_, pages_.OffsetOf(nested.front().value)},
            nested.front().value.size(),
            fmt::format(
                "{} has {} entries that call themselves buckets, the first {}; those of etcd do not nest",
                BucketText(bucket), nested.size(), FormatKey(nested.front().name))});
  }

  void CheckSubBucket(const SubBucket& sub) {
    BucketInfo info;
    info.name = AsText(sub.name.first(std::min(sub.name.size(), kLongestName)));
    if (sub.name.size() > kLongestName) info.name += "…";
    const uint64_t offset = pages_.OffsetOf(sub.value);
    const auto complain = [&](std::string_view what) {
      Report({Code::kDbBucket,
              {file_, offset},
              sub.value.size(),
              fmt::format("bucket {}: {}", FormatKey(sub.name), what)});
    };
    if (sub.value.size() < kBucketHeaderSize) return complain("its header is cut short");
    info.root = LoadLittle<uint64_t>(sub.value, 0);
    info.sequence = LoadLittle<uint64_t>(sub.value, 8);
    info.inlined = info.root == 0;
    if (info.sequence != 0)
      Report({Code::kDbSequence,
              {file_, offset + 8},
              8,
              fmt::format("bucket {} has the sequence {}", FormatKey(sub.name), info.sequence)});
    if (!info.inlined && sub.value.size() != kBucketHeaderSize)
      complain(fmt::format("{} bytes follow its header", sub.value.size() - kBucketHeaderSize));
    Subtree root{info.root, info.inlined, {}, {}, {}};
    if (info.inlined) {
      const NodeRead read = ReadInline(sub.page, sub.value);
      if (read.fault != NodeFault::kNone) complain(read.what);
      if (!read.usable) return;
      root.inlined = read.node;
    }
    report_.buckets.push_back(std::move(info));
    CheckBucket(report_.buckets.size() - 1, root);
  }

  const std::string& file_;
  diag::FoldingSink sink_;
  const unsigned threads_;
  LeafVisitor* const visitor_;
  Pages pages_;
  VisitedPages visited_{0};
  std::optional<Freelist> freelist_;
  FileReport report_;
};

}  // namespace

std::string_view NameOf(PageUse use) {
  constexpr std::string_view kNames[] = {"free", "meta",     "freelist",   "branch",
                                         "leaf", "overflow", "unreachable"};
  return kNames[static_cast<size_t>(use)];
}

FileReport Check(Bytes db, const std::string& file, const CheckOptions& options, diag::FindingSink& sink) {
  return FileCheck(db.first(SizeWithoutTrailer(db.size())), file, options, sink).Run();
}

}  // namespace etcdmedic::bolt
