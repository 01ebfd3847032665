// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/db_input.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kMetaPageFlag,
};
constexpr Example kExamples[] = {
    {"db check DIR", "every page, as `bbolt check` does; not the keys"},
};

// A running member may have overwritten the pages that the findings are about.
bool Moved(const DbInput& input, const bolt::FileReport& report) {
  if (!input.running || !report.meta) return false;
  const bolt::Metas now = bolt::ReadMetas(input.bytes());
  return !now.active || !report.metas.active ||
         now.pages[*now.active].meta.txid != report.metas.pages[*report.metas.active].meta.txid;
}

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  std::vector<diag::Finding>& found = input->found.items;
  diag::SortFindings(found);
  const bool damaged = diag::WorstOf(found) > diag::Severity::kNote;
  if (context.format == render::Format::kTable || context.format == render::Format::kName) {
    PrintFindings(context, found);
    context.out.Print("{}: {}, {}; {}\n", render::Printable(args.positional()[0]),
                      render::Count(report.pages.size(), "page"),
                      render::Count(report.buckets.empty() ? 0 : report.buckets.size() - 1, "bucket"),
                      damaged ? "damaged" : "sound");
  } else {
    render::Document document(context.out, context.format);
    document.BeginMap();
    document.Field("schema", "etcdmedic.db-report/v1");
    document.Field("path", args.positional()[0]);
    document.Field("sound", !damaged);
    document.Field("pages", report.pages.size());
    WriteFindings(document, found);
    document.EndMap();
  }
  if (Moved(*input, report))
    context.err.Write(
        "etcdmedic: the member committed while its db was read; what was found may be of two states\n");
  return damaged ? kDamaged : kClean;
}

}  // namespace

extern const Command kDbCheck = {
    .name = "db check",
    .positional = "PATH",
    .summary = "check the pages of the backend alone; verify checks the keys too",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
