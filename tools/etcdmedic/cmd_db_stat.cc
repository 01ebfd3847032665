// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "bolt/copy.h"
#include "bolt/freelist.h"
#include "db_input.h"
#include "render/text.h"
#include "rows.h"

namespace etcdmedic::tool {
namespace {

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
  for (const auto use :
       {bolt::PageUse::kMeta, bolt::PageUse::kFreelist, bolt::PageUse::kBranch, bolt::PageUse::kLeaf,
        bolt::PageUse::kOverflow, bolt::PageUse::kFree, bolt::PageUse::kUnreachable}) {
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

}  // namespace

int RunDbStat(Context& context, const Args& args) {
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
  {
    Rows rows(context, "etcdmedic.db-stat/v1",
              {{"what", "WHAT", -34}, {"bytes", "BYTES", 14}, {"note", "", -1}});
    for (const Line& line : LinesOf(report, input->bytes().size(), copied->built))
      rows.Add({line.what, line.bytes, line.note});
  }
  return input->Finish(context, &*view);
}

int RunDbFreelist(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  if (!report.meta) return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  const bolt::Meta& meta = report.metas.pages[*report.meta].meta;
  context.err.Print("etcdmedic: {}\n",
                    meta.freelist == bolt::kNoFreelist
                        ? std::string("the list is not persisted; free is what the tree does not reach")
                        : fmt::format("the list stands on page {} and names {} pages", meta.freelist,
                                      report.freelist_count));
  {
    Rows rows(context, "etcdmedic.freelist/v1",
              {{"first", "FIRST", 10}, {"last", "LAST", 10}, {"pages", "PAGES", 10}, {"use", "", -1}});
    for (uint64_t id = 2; id < report.pages.size();) {
      const bolt::PageUse use = report.pages[id].use;
      uint64_t end = id + 1;
      while (end < report.pages.size() && report.pages[end].use == use) ++end;
      if (use == bolt::PageUse::kFree || use == bolt::PageUse::kUnreachable)
        rows.Add({id, end - 1, end - id, std::string(NameOf(use))});
      id = end;
    }
  }
  return input->Finish(context);
}

int RunDbMeta(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const Bytes db = input->bytes().first(bolt::SizeWithoutTrailer(input->bytes().size()));
  const bolt::Metas metas = bolt::ReadMetas(db);
  input->Check();
  {
    Rows rows(context, "etcdmedic.db-meta/v1",
              {{"page", "PAGE", 4},
               {"transaction", "TRANSACTION", 12},
               {"root", "ROOT", 10},
               {"freelist", "FREELIST", -13},
               {"high_water", "HIGH WATER", 10},
               {"page_size", "PAGE SIZE", 9},
               {"checksum", "CHECKSUM", -16},
               {"state", "STATE", -1}});
    for (uint64_t i = 0; i < 2; ++i) {
      const bolt::MetaPage& page = metas.pages[i];
      std::string state = page.valid() ? metas.active == static_cast<int>(i) ? "valid, opened" : "valid"
                                       : std::string(TextOf(page.fault));
      if (const auto what = page.valid() ? bolt::Implausible(page.meta, db.size()) : std::nullopt)
        state += "; " + *what;
      rows.Add({i, page.meta.txid, page.meta.root,
                page.meta.freelist == bolt::kNoFreelist ? std::string("not persisted")
                                                        : fmt::format("{}", page.meta.freelist),
                page.meta.high_water, uint64_t{page.meta.page_size}, fmt::format("{:016x}", page.checksum),
                std::move(state)});
    }
  }
  return input->Finish(context);
}

}  // namespace etcdmedic::tool
