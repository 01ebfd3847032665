// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

std::vector<std::string> Uses() {
  std::vector<std::string> uses;
  for (auto use = bolt::PageUse::kFree; use <= bolt::PageUse::kUnreachable;
       use = static_cast<bolt::PageUse>(static_cast<int>(use) + 1))
    uses.emplace_back(NameOf(use));
  return uses;
}

constexpr Flag kFlags[] = {
    kMetaPageFlag,
    Choice("--use", "WHAT", "only pages of this use", Uses),
};
constexpr Example kExamples[] = {
    {"db pages DIR", "every page: what it is, whose, how full"},
};

using bolt::PageInfo;
using bolt::PageUse;

Cell OwnerOf(const bolt::FileReport& report, const PageInfo& info) {
  if (info.bucket >= report.buckets.size()) return std::monostate();
  return BucketCell(report.buckets[info.bucket].name);
}

bool IsNode(PageUse use) { return use == PageUse::kBranch || use == PageUse::kLeaf; }

Cell FillOf(const PageInfo& info, uint32_t page_size) {
  const double room = static_cast<double>(page_size) * (1.0 + info.overflow);
  if (!IsNode(info.use)) return {std::monostate(), "0.0%"};
  return 100.0 * info.used / room;
}

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  if (!report.meta) return Report(context, {Errc::kMalformed, {input->name, 0}, "no meta page is valid"});
  const auto wanted = args.Get("--use");
  bool any = false;
  {
    Rows rows(context, {"pages", "page", "pages"},
              {{"page", "PAGE", kRight},
               {"use", "USE"},
               {"bucket", "OWNER"},
               {"element_count", "ELEMENTS", kRight},
               {"overflow", "OVERFLOW", kRight},
               {"used_size", "USED", kRight},
               {"fill_percent", "FILL", kRight}});
    for (uint64_t id = 0; id < report.pages.size() && !context.out.closed(); ++id) {
      const PageInfo& info = report.pages[id];
      if (wanted && *wanted != NameOf(info.use)) continue;
      any = true;
      rows.Add({id, NameOf(info.use), OwnerOf(report, info), uint64_t{info.count}, uint64_t{info.overflow},
                uint64_t{info.used}, FillOf(info, report.metas.page_size)});
    }
  }
  const int code = input->Finish(context);
  return any ? code : code | kNotable;
}

}  // namespace

extern const Command kDbPages = {
    .name = "db pages",
    .positional = "PATH",
    .summary = "every page of the backend: type, owner, elements, fill",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
