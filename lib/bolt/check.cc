// SPDX-License-Identifier: Apache-2.0
#include "bolt/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "bolt/freelist.h"
#include "bolt/leaf_check.h"
#include "bolt/metas.h"
#include "bolt/prefault.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;

constexpr size_t kDeepestNesting = 16;
constexpr size_t kLeavesAThread = 512;  // below that a thread is not worth its start

struct Leaf {
  Subtree tree;
  Node node;
};

class FileCheck {
 public:
  FileCheck(Bytes db, const std::string& file, const CheckOptions& options, diag::FindingSink& sink)
      : file_(file),
        sink_(sink),
        threads_(options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency())) {
    pages_.db = db;
    report_.metas = ReadMetas(db);
    pages_.page_size = report_.metas.page_size;
    report_.file_pages = pages_.whole();
    report_.meta = options.meta ? options.meta : report_.metas.active;
  }

  FileReport Run() {
    ReportMetas(pages_.db, report_.metas, file_, sink_);
    if (!report_.meta || !report_.metas.pages[*report_.meta].valid()) {
      report_.meta = std::nullopt;
      report_.sound = false;
      return std::move(report_);
    }
    const Meta& meta = report_.metas.pages[*report_.meta].meta;
    const bool low = meta.root >= meta.high_water;
    pages_.high_water = low ? 0 : meta.high_water;
    report_.pages.resize(std::min(low ? report_.file_pages : meta.high_water, report_.file_pages + 1));
    Prefault(pages_.db.first(std::min<uint64_t>(report_.pages.size() * pages_.page_size, pages_.db.size())),
             threads_);
    for (size_t i = 0; i < 2 && i < report_.pages.size(); ++i) report_.pages[i].use = PageUse::kMeta;
    if (meta.freelist != kNoFreelist) CheckFreelist(meta);
    if (low && meta.root < report_.file_pages) {
      report_.faults.Add(
          {Code::kDbMetaImplausible,
           fmt::format("freepages: failed to get all reachable pages (page {}: out of bounds: {}", meta.root,
                       meta.high_water)},
          true);
    }
    report_.buckets.push_back({});
    report_.buckets.back().root = meta.root;
    CheckBucket(0, {meta.root, false, {}, {}, {}}, 0);
    if (!low && meta.high_water > report_.file_pages) ReportTruncated(meta);
    if (freelist_ && meta.freelist != kNoFreelist) CompareFreelist();
    return std::move(report_);
  }

 private:
  void Report(diag::Finding finding) {
    if (finding.severity > diag::Severity::kNote) report_.sound = false;
    sink_.Add(std::move(finding));
  }

  void Take(PageVerdict& verdict) {
    for (diag::Finding& finding : verdict.findings) Report(std::move(finding));
    verdict.findings.clear();
    report_.faults.Add(verdict.faults);
    out_of_order_ = out_of_order_ || verdict.out_of_order;
    verdict.faults = {};
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
      report_.faults.Add({Code::kDbFreelist, freelist_->words}, false);
      freelist_->ids.clear();
    }
    Claim(meta.freelist, freelist_->pages, PageUse::kFreelist, PageInfo::kNobody);
    report_.freelist_count = freelist_->ids.size();
  }

  // What the list says against what the walk has found.
  void CompareFreelist() {
    std::vector<bool> free(report_.pages.size());
    for (const uint64_t id : freelist_->ids) {
      const Where where{file_, report_.metas.pages[*report_.meta].meta.freelist * pages_.page_size};
      if (id < 2 || id >= report_.pages.size()) {
        Report({Code::kDbFreelistId, where, 8, fmt::format("it names page {}, which is none", id)});
        const Meta& meta = report_.metas.pages[*report_.meta].meta;
        if (id > meta.high_water) {
          report_.faults.Add(
              {Code::kDbFreelistId, fmt::format("pgid ({}) above high water mark ({})", id, meta.high_water)},
              false);
        }
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

  // Marks pages as used. The first one that is already, or nothing.
  std::optional<uint64_t> Claim(uint64_t id, uint64_t count, PageUse use, uint16_t bucket) {
    std::optional<uint64_t> taken;
    for (uint64_t i = id; i < id + count && i < report_.pages.size(); ++i) {
      PageInfo& info = report_.pages[i];
      if (info.use != PageUse::kFree) {
        if (!taken) taken = i;
        continue;
      }
      info.use = i == id ? use : PageUse::kOverflow;
      info.bucket = bucket;
    }
    return taken;
  }

  // One level of the walk: what a reference leads to, claimed; nothing where it cannot be followed.
  std::optional<Node> Open(const Subtree& tree, size_t bucket, const std::vector<uint64_t>& above) {
    PageVerdict verdict;
    PageCheck check(pages_, file_, report_.buckets[bucket].name, verdict);
    const NodeRead read = pages_.Read(tree.page);
    check.Note(read, tree);
    bool usable = read.usable;
    if (usable) {
      const auto taken = Claim(tree.page, read.node.pages, read.node.leaf ? PageUse::kLeaf : PageUse::kBranch,
                               OwnerOf(bucket));
      if (taken) {
        const bool cycle = std::ranges::find(above, tree.page) != above.end();
        usable = *taken != tree.page;
        check.Add(
            cycle ? Code::kDbPageCycle : Code::kDbPageShared, read.node, 0, pages_.page_size,
            fmt::format("{} {}{}", usable ? fmt::format("its overflow page {}", *taken) : "it",
                        cycle ? "is referred to from below itself" : "is already in use elsewhere",
                        usable ? "" : fmt::format("; with it {} are lost", ShowRange(tree.low, tree.high))));
        verdict.faults.Add(
            {Code::kDbPageShared,
             fmt::format("freepages: failed to get all reachable pages (page {}: multiple references",
                         *taken)},
            true);
      }
    }
    Take(verdict);
    return usable ? std::optional(read.node) : std::nullopt;
  }

  static uint16_t OwnerOf(size_t bucket) {
    return static_cast<uint16_t>(std::min<size_t>(bucket, PageInfo::kNobody - 1));
  }

  void CheckBucket(size_t bucket, const Subtree& root, size_t nesting) {
    std::vector<Leaf> leaves;
    out_of_order_ = false;
    if (root.is_inline) {
      leaves.push_back({root, root.inlined});
    } else {
      CollectLeaves(bucket, root, leaves);
    }
    std::vector<SubBucket> below;
    CheckLeaves(bucket, leaves, below);
    leaves = {};
    if (out_of_order_ && !root.is_inline) {
      if (auto words = OrderFault(pages_, root.page))
        report_.faults.Add({Code::kDbKeyOrder, std::move(*words)}, true);
    }
    if (bucket == 0) CheckDirectory(below.size());
    for (const SubBucket& sub : below) CheckSubBucket(bucket, sub, nesting);
  }

  void CheckDirectory(size_t buckets) {
    if (report_.buckets[0].entries == buckets) return;
    Report({Code::kDbBucket,
            {file_, report_.buckets[0].root * pages_.page_size},
            pages_.page_size,
            fmt::format("{} of {} entries of the directory are no buckets",
                        report_.buckets[0].entries - buckets, report_.buckets[0].entries)});
  }

  void CheckSubBucket(size_t above, const SubBucket& sub, size_t nesting) {
    const std::string& prefix = report_.buckets[above].name;
    BucketInfo info;
    info.name =
        prefix.empty() ? std::string(AsText(sub.name)) : fmt::format("{}/{}", prefix, AsText(sub.name));
    const uint64_t offset = pages_.OffsetOf(sub.value);
    const auto complain = [&](std::string_view what) {
      Report({Code::kDbBucket,
              {file_, offset},
              sub.value.size(),
              fmt::format("bucket {}: {}", ShowKey(sub.name), what)});
    };
    if (nesting >= kDeepestNesting) return complain("it is nested deeper than is plausible");
    if (sub.value.size() < kBucketHeaderSize) return complain("its header is cut short");
    info.root = LoadLittle<uint64_t>(sub.value, 0);
    info.sequence = LoadLittle<uint64_t>(sub.value, 8);
    info.inlined = info.root == 0;
    if (info.sequence != 0)
      Report({Code::kDbSequence,
              {file_, offset + 8},
              8,
              fmt::format("bucket {} has the sequence {}", ShowKey(sub.name), info.sequence)});
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
    CheckBucket(report_.buckets.size() - 1, root, nesting + 1);
  }

  // Walks the branches in the order of keys, checks them, and lists the leaves.
  void CollectLeaves(size_t bucket, const Subtree& root, std::vector<Leaf>& leaves) {
    struct Level {
      Node node;
      Subtree tree;
      uint32_t at = 0;
    };
    std::vector<Level> way;
    std::vector<uint64_t> above;
    size_t leaf_level = 0;  // of the first leaf; splits and merges keep all on one
    const auto enter = [&](const Subtree& tree) {
      const auto node = Open(tree, bucket, above);
      if (!node) return;
      report_.buckets[bucket].depth =
          std::max(report_.buckets[bucket].depth, static_cast<uint32_t>(way.size() + 1));
      if (node->leaf) {
        if (leaf_level == 0) leaf_level = way.size() + 1;
        if (leaf_level != way.size() + 1) ReportLevel(bucket, tree, way.size() + 1, leaf_level);
        leaves.push_back({tree, *node});
      } else {
        CheckBranch(bucket, *node, tree);
        way.push_back({*node, tree, 0});
        above.push_back(tree.page);
      }
    };
    enter(root);
    while (!way.empty()) {
      Level& level = way.back();
      if (level.at < level.node.count) {
        enter(ChildOf(level.node, level.at++, level.tree.low, level.tree.high));
      } else {
        way.pop_back();
        above.pop_back();
      }
    }
  }

  void ReportLevel(size_t bucket, const Subtree& tree, size_t level, size_t first) {
    Report({Code::kDbTreeDamaged,
            {file_, tree.page * pages_.page_size},
            pages_.page_size,
            fmt::format("page {} of {}: a leaf on level {} of a tree whose leaves stand on level {}; a "
                        "reference that leads too "
                        "low has lost what stood beside it",
                        tree.page, BucketText(report_.buckets[bucket].name), level, first)});
  }

  void CheckBranch(size_t bucket, const Node& node, const Subtree& tree) {
    PageVerdict verdict;
    PageCheck check(pages_, file_, report_.buckets[bucket].name, verdict);
    if (node.count == 0) check.Add(Code::kDbPageCount, node, 10, 2, "a branch without children");
    Count(bucket, node, check.Run(node, tree), report_.buckets[bucket].branches);
    Take(verdict);
  }

  void Count(size_t bucket, const Node& node, uint64_t used, PageSum& sum) {
    sum.nodes += node.inlined ? 0 : 1;
    sum.pages += node.pages;
    sum.used += used;
    if (node.inlined || node.page >= report_.pages.size()) return;
    PageInfo& info = report_.pages[node.page];
    info.bucket = OwnerOf(bucket);
    info.count = static_cast<uint16_t>(node.count);
    info.overflow = static_cast<uint32_t>(node.pages - 1);
    info.used = static_cast<uint32_t>(std::min<uint64_t>(used, ~uint32_t{0}));
  }

  // In parallel; the findings come in the order of keys all the same.
  void CheckLeaves(size_t bucket, const std::vector<Leaf>& leaves, std::vector<SubBucket>& below) {
    const std::string name = report_.buckets[bucket].name;
    const size_t parts = std::clamp<size_t>(leaves.size() / kLeavesAThread, 1, threads_);
    std::vector<PageVerdict> verdicts(parts);
    std::vector<uint32_t> used(leaves.size());
    const auto work = [&](size_t part) {
      PageCheck check(pages_, file_, name, verdicts[part]);
      for (size_t i = leaves.size() * part / parts; i < leaves.size() * (part + 1) / parts; ++i)
        used[i] = static_cast<uint32_t>(
            std::min<uint64_t>(check.Run(leaves[i].node, leaves[i].tree), ~uint32_t{0}));
    };
    {
      std::vector<std::jthread> others;
      for (size_t part = 1; part < parts; ++part) others.emplace_back(work, part);
      work(0);
    }
    for (size_t i = 0; i < leaves.size(); ++i)
      Count(bucket, leaves[i].node, used[i], report_.buckets[bucket].leaves);
    for (PageVerdict& verdict : verdicts) {
      Take(verdict);
      report_.buckets[bucket].entries += verdict.entries;
      report_.buckets[bucket].key_bytes += verdict.key_bytes;
      report_.buckets[bucket].value_bytes += verdict.value_bytes;
      below.insert(below.end(), verdict.buckets.begin(), verdict.buckets.end());
    }
  }

  const std::string& file_;
  diag::FindingSink& sink_;
  const unsigned threads_;
  Pages pages_;
  std::optional<Freelist> freelist_;
  FileReport report_;
  bool out_of_order_ = false;  // in the bucket being checked
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
