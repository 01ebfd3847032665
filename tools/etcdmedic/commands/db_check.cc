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

int Run(Context& context, const Args& args) {
  auto input = OpenDb(context, args);
  if (!input) return Report(context, input.error());
  const bolt::FileReport report = input->Check();
  std::vector<diag::Finding>& found = input->found.items;
  diag::SortFindings(found);
  const bool damaged = diag::WorstOf(found) > diag::Severity::kNote;
  const uint64_t buckets = report.buckets.empty() ? 0 : report.buckets.size() - 1;
  if (context.format == render::Format::kTable) {
    PrintFindings(context, found);
    context.out.Print("{}: {}, {}; {}\n", render::Printable(args.positional()[0]),
                      render::Count(report.pages.size(), "page"), render::Count(buckets, "bucket"),
                      damaged ? "damaged" : "sound");
  } else if (context.format == render::Format::kName) {
    PrintCodes(context, found);
  } else {
    WriteDocument(context, "db-check", [&](render::Document& document) {
      document.Field("path", args.positional()[0]);
      document.Field("sound", !damaged);
      document.Field("page_count", report.pages.size());
      document.Field("bucket_count", buckets);
      WriteFindings(document, found);
    });
  }
  input->NoteMoved(context);
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
