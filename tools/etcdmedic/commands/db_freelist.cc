// SPDX-License-Identifier: Apache-2.0
#include "bolt/freelist.h"
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kMetaPageFlag,
};
constexpr Example kExamples[] = {
    {"db freelist DIR", "runs of free pages"},
};

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  if (!report.meta) return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  const bolt::Meta& meta = report.metas.pages[*report.meta].meta;
  context.err.Print("etcdmedic: {}\n",
                    meta.freelist == bolt::kNoFreelist
                        ? std::string("the list is not persisted; free is what the tree does not reach")
                        : fmt::format("the freelist is on page {} and names {} pages", meta.freelist,
                                      report.freelist_count));
  {
    Rows rows(context, {"freelist", "page-run", "page_runs"},
              {{"first_page", "FIRST", kRight},
               {"last_page", "LAST", kRight},
               {"page_count", "PAGES", kRight},
               {"use", ""}},
              [&](render::Document& document) {
                if (meta.freelist == bolt::kNoFreelist) return;
                document.Field("freelist_page", meta.freelist);
                document.Field("listed_page_count", report.freelist_count);
              });
    for (uint64_t id = 2; id < report.pages.size();) {
      const bolt::PageUse use = report.pages[id].use;
      uint64_t end = id + 1;
      while (end < report.pages.size() && report.pages[end].use == use) ++end;
      if (use == bolt::PageUse::kFree || use == bolt::PageUse::kUnreachable)
        rows.Add({id, end - 1, end - id, NameOf(use)});
      id = end;
    }
  }
  return input->Finish(context);
}

}  // namespace

extern const Command kDbFreelist = {
    .name = "db freelist",
    .positional = "PATH",
    .summary = "free pages of the backend",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
