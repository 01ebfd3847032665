// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "check/backup.h"
#include "inputs/open_store.h"
#include "render/text.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"snapshot verify DIR", "whether a backup is good"},
    {"snapshot verify backups/*.db.gz -o ndjson", "many backups, a row each", kFailed},
};

using check::BackupReport;
using check::BackupVerdict;
using check::RestoreOutcome;

// The worst problem of several is what one line has room for.
const diag::Finding* Worst(const BackupReport& report) {
  const auto worst = std::ranges::max_element(report.findings, {}, &diag::Finding::severity);
  return worst == report.findings.end() || worst->severity == diag::Severity::kNote ? nullptr : &*worst;
}

// "usable", "usable, with 1 warning", "damaged: 2 errors", "not a snapshot: an HTML page".
std::string VerdictOf(const BackupReport& report) {
  if (report.verdict == BackupVerdict::kNoBackup) return "not a snapshot: " + report.findings.front().message;
  const std::string problems = CountProblems(report.findings);
  const bool clean = problems == "no problems";
  if (report.verdict == BackupVerdict::kDamaged) return "damaged" + (clean ? "" : ": " + problems);
  return "usable" + (clean ? "" : ", with " + problems);
}

std::string RestoreText(const check::RestorePrediction& restore) {
  switch (restore.outcome) {
    case RestoreOutcome::kTakes:
      return "`etcdutl snapshot restore` takes it";
    case RestoreOutcome::kNeedsSkip:
      return fmt::format("`etcdutl snapshot restore` refuses it ({}) and takes it with --skip-hash-check",
                         restore.message);
    case RestoreOutcome::kRefuses:
      break;
  }
  return restore.message == restore.skipping
             ? fmt::format("`etcdutl snapshot restore` fails: {}", restore.message)
             : fmt::format("`etcdutl snapshot restore` refuses it: {}; with --skip-hash-check it fails: {}",
                           restore.message, restore.skipping);
}

std::string ContentText(const BackupReport& report) {
  std::string text = report.kind == "snapshot" ? "saved snapshot with a SHA-256"
                     : report.kind == "db"     ? "copy of a db, without a SHA-256"
                                               : report.kind;
  text += ", " + render::HumanSize(report.size);
  if (report.revision) text += fmt::format(", revision {}", *report.revision);
  if (!report.version.empty()) text += fmt::format(", etcd {}", report.version);
  return text;
}

void PrintBackup(Context& context, const BackupReport& report, bool alone) {
  context.out.Print("{}: {}\n", render::Printable(report.path), render::Printable(VerdictOf(report)));
  if (!alone) {
    const diag::Finding* const worst = Worst(report);
    if (worst != nullptr && report.verdict != BackupVerdict::kNoBackup)
      context.out.Print("  {} {}: {}\n", NameOf(worst->severity), InfoOf(worst->code).name,
                        render::Printable(worst->message));
    return;
  }
  if (report.verdict != BackupVerdict::kNoBackup) {
    context.out.Print("  {}\n  {}\n", render::Printable(ContentText(report)),
                      render::Printable(RestoreText(report.restore)));
    if (!report.findings.empty()) context.out.Write("\n");
    PrintFindings(context, report.findings);
  }
}

void WriteBackup(render::Document& document, const BackupReport& report) {
  document.Field("path", report.path);
  document.Field("path_kind", report.kind);
  document.Field("verdict", NameOf(report.verdict));
  document.Field("size", report.size);
  document.Field("revision", report.revision);
  document.FieldIf("etcd_version", report.version);
  document.Map("restore", [&] {
    document.Field("restore_outcome", NameOf(report.restore.outcome));
    document.Sentence("message", report.restore.message);
    document.Sentence("skip_hash_check_message", report.restore.skipping);
  });
  WriteFindings(document, diag::FoldRepeats(report.findings));
}

// A file that could not be read at all.
void WriteUnreadable(render::Document& document, const std::string& path, const Error& error) {
  document.Field("path", path);
  document.Field("verdict", "unreadable");
  document.Map("error", [&] { WriteFailure(document, error); });
}

struct Tally {
  uint64_t usable = 0, damaged = 0, others = 0, unreadable = 0;
  int exit = kClean;
  void Count(const BackupReport& report) {
    ++(report.verdict == BackupVerdict::kUsable    ? usable
       : report.verdict == BackupVerdict::kDamaged ? damaged
                                                   : others);
    if (report.verdict != BackupVerdict::kUsable) exit |= kDamaged;
  }
};

// One backup after the other, so that memory does not grow with their number.
template <class OnReport, class OnError>
Tally CheckEach(const std::vector<std::string>& paths, const OnReport& on_report, const OnError& on_error) {
  Tally tally;
  for (const std::string& path : paths) {
    const auto report = check::CheckBackup(path);
    if (report) {
      tally.Count(*report);
      on_report(*report);
      continue;
    }
    ++tally.unreadable;
    tally.exit |= kFailed;
    on_error(path, report.error());
  }
  return tally;
}

int PrintBackups(Context& context, const std::vector<std::string>& paths) {
  const bool alone = paths.size() == 1;
  const Tally tally = CheckEach(
      paths, [&](const BackupReport& report) { PrintBackup(context, report, alone); },
      [&](const std::string&, const Error& error) { Report(context, error); });
  if (!alone) {
    context.out.Print("\n{}: {} usable, {} damaged", render::Count(paths.size(), "backup"), tally.usable,
                      tally.damaged);
    if (tally.others > 0) context.out.Print(", {} not a snapshot", tally.others);
    if (tally.unreadable > 0) context.out.Print(", {} not readable", tally.unreadable);
    context.out.Write("\n");
  }
  return tally.exit;
}

int WriteBackup(Context& context, const std::string& path) {
  const auto report = check::CheckBackup(path);
  if (!report) return Report(context, report.error());
  WriteDocument(context, "backup", [&](render::Document& document) { WriteBackup(document, *report); });
  Tally tally;
  tally.Count(*report);
  return tally.exit;
}

int WriteBackups(Context& context, const std::vector<std::string>& paths) {
  render::ListDocument list(context.out, context.format, {"backups", "backup", "backups"});
  const Tally tally = CheckEach(
      paths,
      [&](const BackupReport& report) {
        list.Add([&](render::Document& document) { WriteBackup(document, report); });
      },
      [&](const std::string& path, const Error& error) {
        list.Add([&](render::Document& document) { WriteUnreadable(document, path, error); });
        PrintError(context, error);
      });
  list.End([&](render::Document& document) {
    document.Field("usable_count", tally.usable);
    document.Field("damaged_count", tally.damaged);
    document.Field("not_a_snapshot_count", tally.others);
    document.Field("unreadable_count", tally.unreadable);
  });
  return tally.exit;
}

int Run(Context& context, const Args& args) {
  const std::vector<std::string>& paths = args.positional();
  if (ForPeople(context)) return PrintBackups(context, paths);
  return paths.size() == 1 ? WriteBackup(context, paths.front()) : WriteBackups(context, paths);
}

}  // namespace

extern const Command kSnapshotVerify = {
    .name = "snapshot verify",
    .positional = "PATH...",
    .summary = "check backups: SHA-256, size, pages, keys, and whether `snapshot restore` takes them",
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
