// SPDX-License-Identifier: Apache-2.0
#include "plan/undo.h"

#include <filesystem>

#include "render/text.h"
#include "views/plan_output.h"
#include "views/shared.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--force", "", "also if files have changed since the repair: what was written since then is lost"},
};
constexpr Example kExamples[] = {
    {"undo FILE", "put everything back as it was before the repair", kFailed},
};

int ExitOf(const plan::UndoReport& report) {
  return (report.different.empty() ? kClean : kDamaged) | (report.not_given.empty() ? kClean : kFailed);
}

int Run(Context& context, const Args& args) {
  std::string journal = args.positional()[0];
  if (std::filesystem::is_directory(journal)) {
    auto found = plan::FindJournal(journal);
    if (!found) return Report(context, found.error());
    journal = std::move(*found);
    context.err.Print("etcdmedic: undoing {}\n", ShellQuoted(journal));
  }
  auto report = plan::Undo(journal, {.force = args.Has("--force")});
  if (!report) return Report(context, report.error());
  SayNotGiven(context, report->not_given);
  const size_t restored = report->files_restored;
  if (context.format != render::Format::kTable) {
    WriteDocument(context, "undo", [&](render::Document& document) {
      document.Field("journal", journal);
      document.Field("file_count", report->files_restored);
      document.Field("size", report->bytes_restored);
      document.List("differences", report->different,
                    [&](const std::string& line) { document.Sentence("message", line); });
      WriteNotGiven(document, report->not_given);
    });
    return ExitOf(*report);
  }
  context.out.Print("{} {} as {} before the repair, {} written back\n", render::Count(restored, "file"),
                    restored == 1 ? "is" : "are", restored == 1 ? "it was" : "they were",
                    render::Count(report->bytes_restored, "byte"));
  for (const std::string& line : report->different)
    context.err.Print("etcdmedic: not as before the repair, as it has changed since: {}\n",
                      render::Printable(line));
  return ExitOf(*report);
}

}  // namespace

extern const Command kUndo = {
    .name = "undo",
    .positional = "JOURNAL|DIR",
    .summary = "take a repair back, bit for bit, if nothing has changed since",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
