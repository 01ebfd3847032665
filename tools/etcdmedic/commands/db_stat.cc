// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "bolt/copy.h"
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "render/table.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kMetaPageFlag,
};
constexpr Example kExamples[] = {
    {"db stat DIR", "space use, and what a defragmentation would free"},
};

constexpr bolt::PageUse kUses[] = {
    bolt::PageUse::kMeta,     bolt::PageUse::kFreelist, bolt::PageUse::kBranch,     bolt::PageUse::kLeaf,
    bolt::PageUse::kOverflow, bolt::PageUse::kFree,     bolt::PageUse::kUnreachable};

struct Totals {
  uint64_t pages[7] = {};
  uint64_t used = 0;
  uint64_t runs = 0;     // of free pages
  uint64_t longest = 0;  // run
};

Totals TotalsOf(const bolt::FileReport& report) {
  Totals totals;
  uint64_t run = 0;
  for (const bolt::PageInfo& info : report.pages) {
    ++totals.pages[static_cast<size_t>(info.use)];
    totals.used += info.used;
    run = info.use == bolt::PageUse::kFree ? run + 1 : 0;
    if (run == 1) ++totals.runs;
    totals.longest = std::max(totals.longest, run);
  }
  return totals;
}

// Name, bytes, and a word on them.
struct Line {
  std::string what;
  uint64_t bytes;
  std::string note;
};

std::vector<Line> LinesOf(const bolt::FileReport& report, uint64_t file_size,
                          const bolt::BuildSummary& fresh) {
  const Totals totals = TotalsOf(report);
  const uint64_t size = report.metas.page_size;
  const uint64_t logical = report.pages.size() * size;
  std::vector<Line> lines;
  const auto pages = [&](bolt::PageUse use) { return totals.pages[static_cast<size_t>(use)]; };
  lines.push_back({"file", file_size, fmt::format("page size {}", size)});
  lines.push_back(
      {"in use up to the high water mark", logical, fmt::format("{} pages", report.pages.size())});
  lines.push_back({"beyond it", file_size > logical ? file_size - logical : 0, "room to grow into"});
  for (const bolt::PageUse use : kUses) {
    std::string note = fmt::format("{} pages", pages(use));
    if (use == bolt::PageUse::kFree)
      note += fmt::format(" in {} runs, the longest of {}", totals.runs, totals.longest);
    lines.push_back({fmt::format("{} pages", NameOf(use)), pages(use) * size, std::move(note)});
  }
  for (const bolt::BucketInfo& bucket : report.buckets) {
    const uint64_t room = (bucket.branches.pages + bucket.leaves.pages) * size;
    const uint64_t used = bucket.branches.used + bucket.leaves.used;
    std::string note =
        bucket.inlined
            ? fmt::format("{} entries, inline in the directory", bucket.entries)
            : fmt::format("{} entries, {:.1f}% full", bucket.entries,
                          room == 0 ? 0.0 : 100.0 * static_cast<double>(used) / static_cast<double>(room));
    lines.push_back({bucket.name.empty() ? std::string("directory of buckets") : "bucket " + bucket.name,
                     bucket.inlined ? used : room, std::move(note)});
  }
  const uint64_t compact = fresh.pages * size;
  lines.push_back({"after a defragmentation", compact,
                   fmt::format("{} pages, laid out as db compact writes them", fresh.pages)});
  lines.push_back({"that would give back", logical > compact ? logical - compact : 0,
                   fmt::format("{:.1f}%", logical == 0 || compact > logical
                                              ? 0.0
                                              : 100.0 * static_cast<double>(logical - compact) /
                                                    static_cast<double>(logical))});
  return lines;
}

void PrintTable(Context& context, const std::vector<Line>& lines) {
  render::Table table(context.out, {{"WHAT"}, {"BYTES", render::Align::kRight}, {""}});
  for (const Line& line : lines) table.Add(line.what, line.bytes, line.note);
}

uint64_t Surplus(uint64_t of, uint64_t over) { return of > over ? of - over : 0; }

void WriteBucket(render::Document& document, const bolt::BucketInfo& bucket, uint64_t page_size) {
  const uint64_t used = bucket.branches.used + bucket.leaves.used;
  document.Field("bucket", bucket.name);
  document.Field("inline", bucket.inlined);
  document.Field("entry_count", bucket.entries);
  document.Field("size", bucket.inlined ? used : (bucket.branches.pages + bucket.leaves.pages) * page_size);
  document.Field("used_size", used);
}

void WriteStat(render::Document& document, const bolt::FileReport& report, uint64_t file_size,
               const bolt::BuildSummary& fresh) {
  const Totals totals = TotalsOf(report);
  const uint64_t page_size = report.metas.page_size;
  const uint64_t used = report.pages.size() * page_size;
  document.Field("size", file_size);
  document.Field("page_size", page_size);
  document.Field("page_count", report.pages.size());
  document.Field("used_size", used);
  document.Field("slack_size", Surplus(file_size, used));
  document.Field("free_run_count", totals.runs);
  document.Field("longest_free_run", totals.longest);
  document.Field("compact_size", fresh.pages * page_size);
  document.Field("reclaimable_size", Surplus(used, fresh.pages * page_size));
  document.List("page_uses", kUses, [&](bolt::PageUse use) {
    const uint64_t pages = totals.pages[static_cast<size_t>(use)];
    document.Field("use", NameOf(use));
    document.Field("page_count", pages);
    document.Field("size", pages * page_size);
  });
  document.List("buckets", report.buckets,
                [&](const bolt::BucketInfo& bucket) { WriteBucket(document, bucket, page_size); });
}

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  auto view = input->Open();
  if (!report.meta || !view)
    return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  bolt::NoFile nowhere;
  bolt::Builder builder(nowhere, {report.metas.page_size, 90});
  const auto copied = bolt::Copy(*view, builder);
  if (!copied) return Report(context, copied.error());
  const uint64_t size = input->bytes().size();
  if (context.format == render::Format::kTable) {
    PrintTable(context, LinesOf(report, size, copied->built));
  } else {
    WriteDocument(context, "db-stat",
                  [&](render::Document& document) { WriteStat(document, report, size, copied->built); });
  }
  return input->Finish(context);
}

}  // namespace

extern const Command kDbStat = {
    .name = "db stat",
    .positional = "PATH",
    .summary = "space use of the backend, and what a defragmentation would free",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
