// SPDX-License-Identifier: Apache-2.0

#include "restore/restore.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "inputs/new_cluster_args.h"
#include "member/plain_backup.h"
#include "render/text.h"
#include "restore/founding.h"
#include "views/plan_output.h"
#include "views/shared.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kNewOutputFlag,
    kDataDirFlag,
    kAllMembersFlag,
    kNameFlag,
    kInitialClusterFlag,
    kInitialTokenFlag,
    kAdvertiseFlag,
    kLearnersFlag,
    kNewWalDirFlag,
    {"--bump-revision", "N|auto", "raise the revision, so that clients drop what they have cached"},
    {"--mark-compacted", "", "what is before the raised revision counts as compacted (with --bump-revision)"},
    {"--skip-hash-check", "", "restore a file without a SHA-256 (a copy of a db), or with a wrong one"},
};
constexpr Example kSnapshotExamples[] = {
    {"snapshot restore DIR --skip-hash-check --data-dir restored.etcd", "as `etcdutl snapshot restore`"},
};
constexpr Example kExamples[] = {
    {"restore DIR --skip-hash-check --output new.etcd", "a data directory from a copy of a db"},
    {"restore DIR --skip-hash-check --all-members new --initial-cluster "
     "m1=http://10.0.0.1:2380,m2=http://10.0.0.2:2380,m3=http://10.0.0.3:2380",
     "three at once: new/m1, new/m2, new/m3"},
};

// How long ago the file was written; 0 where that is not known.
int64_t AgeOf(const std::string& path) {
  struct stat info {};
  if (path == "-" || stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return 0;
  return time(nullptr) - info.st_mtim.tv_sec;
}

Result<uint64_t> BumpOf(const Args& args, const std::string& path) {
  const bool automatic = args.Get("--bump-revision") == "auto";
  const auto given = automatic ? restore::SafeBump(AgeOf(path)) : args.Number("--bump-revision", 0);
  if (given && *given > 0 && !automatic && !args.Has("--mark-compacted"))
    return Fail(Errc::kUsage, "",
                "--bump-revision needs --mark-compacted: what was read before must not be again");
  if (given && *given == 0 && args.Has("--mark-compacted"))
    return Fail(Errc::kUsage, "", "--mark-compacted needs --bump-revision");
  return given;
}

std::string FolderOf(const restore::Options& options, const restore::Target& target) {
  std::string path = options.output + (target.folder.empty() ? "" : "/" + target.folder);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

const cluster::Member& MemberOf(const restore::Options& options, const restore::Target& target) {
  return *std::ranges::find(options.cluster.members, target.member_id, &cluster::Member::id);
}

void PrintRestored(Context& context, const restore::Restored& restored, const restore::Options& options) {
  for (const restore::Target& target : options.targets) {
    const cluster::Member& member = MemberOf(options, target);
    context.out.Print("{}: {}{} {:x} of cluster {:x}\n", render::Printable(FolderOf(options, target)),
                      member.is_learner ? "learner " : "member ", render::Printable(member.name), member.id,
                      options.cluster.id);
  }
  context.out.Print("revision {}{}\n", restored.revision,
                    restored.raised_to == 0
                        ? ""
                        : fmt::format(", raised by {} to {}; all before it is compacted when etcd starts",
                                      options.bump, restored.raised_to));
}

void WriteRestored(render::Document& document, const std::string& path, const restore::Restored& restored,
                   const restore::Options& options) {
  document.Field("path", path);
  document.Id("cluster_id", options.cluster.id);
  document.Field("revision", restored.revision);
  document.FieldIf("compact_revision", restored.raised_to);
  document.List("new_members", options.targets, [&](const restore::Target& target) {
    document.Field("output", FolderOf(options, target));
    WriteMember(document, MemberOf(options, target));
  });
}

// A backup that is restored in spite of what it says keeps the cluster's state, alarms too.
void NoteAlarms(Context& context, const check::BackupReport& source) {
  for (const diag::Finding& finding : source.findings) {
    if (finding.code == diag::Code::kMvccAlarmActive)
      context.err.Print("etcdmedic: {}; after the start: `etcdctl alarm disarm`\n", finding.message);
  }
}

int Refuse(Context& context, const std::string& path, const std::string& why) {
  Report(context, {Errc::kRefused, {path, 0}, why});
  context.err.Print(
      "etcdmedic: nothing was restored; `etcdmedic snapshot verify {0}` says all that is wrong\n",
      ShellQuoted(path));
  return kDamaged | kFailed;
}

// The file itself, or the db in the directory of a member, whose owner then owns what is made. Errors: kInUse
// beside a running etcd.
Result<std::string> BackupIn(const std::string& path, restore::Placement& placement) {
  std::error_code error;
  const bool folder = std::filesystem::is_directory(path, error);
  if (!folder && !std::filesystem::is_regular_file(path, error)) return path;
  const auto layout = folder ? member::Recognise(path) : member::AsBackend(path);
  if (!layout) return tl::make_unexpected(layout.error());
  if (layout->db.empty())
    return tl::make_unexpected(member::Lacking(*layout, "holds no backend (member/snap/db)"));
  if (member::IsRunning(*layout).running)
    return Fail(Errc::kInUse, path,
                "a running etcd holds it; take a snapshot instead: etcdctl snapshot save");
  const member::File& db = layout->db.front();
  placement.read.push_back(path);
  if (folder) placement.owner = {db.uid, db.gid};
  return db.path;
}

int Run(Context& context, const Args& args) {
  const std::string& path = args.positional()[0];
  auto options = NewClusterOf(args);
  if (!options) return Report(context, options.error());
  const auto bump = BumpOf(args, path);
  if (!bump) return Report(context, bump.error());
  options->bump = *bump;
  options->skip_hash_check = args.Has("--skip-hash-check");
  const auto file = BackupIn(path, *options);
  if (!file) return Report(context, file.error());
  const auto plain = member::PlainBackup(*file);
  if (!plain) return Report(context, plain.error());
  const auto restored = restore::Restore(*plain, *options);
  if (!restored) return Report(context, restored.error());
  if (!restored->refusal.empty()) return Refuse(context, path, restored->refusal);
  if (context.format == render::Format::kTable) {
    PrintRestored(context, *restored, *options);
  } else {
    WriteDocument(context, "restore",
                  [&](render::Document& document) { WriteRestored(document, path, *restored, *options); });
  }
  context.out.Flush();
  NoteAlarms(context, restored->source);
  SayNotGiven(context, restored->not_given);
  return restored->not_given.empty() ? kClean : kFailed;
}

constexpr Command Row(std::string_view name, std::span<const Example> examples) {
  return {.name = name,
          .positional = "SNAPSHOT",
          .summary = "make members of a new cluster from a backup, which is checked first",
          .flags = kFlags,
          .examples = examples,
          .run = Run,
          .answers = Answers::kDocuments};
}

}  // namespace

extern const Command kRestore = Row("restore", kExamples);
extern const Command kSnapshotRestore = Row("snapshot restore", kSnapshotExamples);

}  // namespace etcdmedic::tool
