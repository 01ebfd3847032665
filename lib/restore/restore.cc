// SPDX-License-Identifier: Apache-2.0
#include "restore/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "base/file.h"
#include "base/try.h"
#include "bolt/extend.h"
#include "diag/naming_sink.h"
#include "mvcc/revision.h"
#include "restore/founding.h"

namespace etcdmedic::restore {
namespace {

using check::BackupReport;
using check::BackupVerdict;
using diag::Code;

bool ConcernsHash(const diag::Finding& finding) {
  return finding.code == Code::kDbSnapshotHash || finding.code == Code::kSnapshotSize ||
         finding.code == Code::kSnapshotNoHash;
}

// What the new cluster changes in the backend.
Result<bolt::Changes> Prepare(const bolt::View& view, const std::string& backup, const Options& options,
                              Restored& restored) {
  bolt::EntriesByKey meta;
  view.ForEach("meta", [&](Bytes key, Bytes value) {
    meta.emplace(AsText(key), AsText(value));
    return true;
  });
  bolt::Changes changes = ChangesOf(options.cluster, std::move(meta));
  const auto last = view.LastKey("key");
  const auto newest = last ? mvcc::ParseRevisionKey(*last) : std::nullopt;
  restored.revision = newest ? newest->revision.main : 0;
  if (options.bump == 0) return changes;
  if (options.bump > static_cast<uint64_t>(INT64_MAX - 1 - restored.revision))
    return Fail(Errc::kRefused, backup,
                fmt::format("revision {} cannot be raised by {}: it would not fit 64 bits", restored.revision,
                            options.bump));
  restored.raised_to = restored.revision + static_cast<int64_t>(options.bump);
  RaiseRevision(restored.raised_to, changes);
  return changes;
}

// Leaves to the kernel what stands in the new file as in the backup.
class KernelCopy final : public bolt::PageSink {
 public:
  KernelCopy(plan::NewFile& db, Bytes source, const std::string& path)
      : db_(db), source_(source), path_(path) {}

  Result<void> Write(uint64_t offset, Bytes bytes) override {
    constexpr size_t kWorthwhile = size_t{1} << 20;
    const bool same_place = bytes.size() >= kWorthwhile && bytes.data() == source_.data() + offset;
    if (same_place && db_.CopyFrom(path_, offset, bytes.size())) return {};
    return db_.Write(offset, bytes);
  }

 private:
  plan::NewFile& db_;
  const Bytes source_;
  const std::string& path_;
};

Result<void> WriteBackend(const std::string& backup, const Options& options, NewMembers& members,
                          Restored& restored) {
  auto map = MappedFile::Open(backup);
  if (!map) return Propagate(map);
  diag::NoSink reported;  // by the check
  const auto view = bolt::View::Open(map->bytes(), backup, reported);
  if (!view) return Fail(Errc::kMalformed, backup, "no meta page is valid");
  const auto changes = Prepare(*view, backup, options, restored);
  if (!changes) return Propagate(changes);
  return members.WriteDbs([&](plan::NewFile& db) -> Result<void> {
    KernelCopy pages(db, map->compressed() ? Bytes() : map->bytes(), backup);
    const auto built = bolt::CopyWithChanges(*view, *changes, pages);
    if (!built) return Propagate(built);
    return {};
  });
}

}  // namespace

std::string WhyRefused(const BackupReport& report, bool skip_hash_check) {
  if (report.verdict == BackupVerdict::kNoBackup)
    return "is not a snapshot: " + report.findings.front().message;
  const auto spoils = [](const diag::Finding& finding) {
    return check::SpoilsBackup(finding) && !ConcernsHash(finding);
  };
  const auto worst = std::ranges::find_if(report.findings, spoils);
  if (worst != report.findings.end()) return fmt::format("is damaged: {}", worst->message);
  if (report.restore.outcome == check::RestoreOutcome::kRefuses)
    return fmt::format("cannot be opened: {}", report.restore.skipping);
  if (skip_hash_check) return {};
  const auto hash = std::ranges::find_if(report.findings, ConcernsHash);
  if (hash != report.findings.end() && hash->code != Code::kSnapshotNoHash)
    return fmt::format("its SHA-256 does not match: {}", hash->message);
  return report.restore.outcome == check::RestoreOutcome::kTakes
             ? ""
             : "has no SHA-256, as a copy of a db has none; --skip-hash-check restores it";
}

// The backend is copied while it is checked; what was written goes away where the check fails.
Result<Restored> Restore(const std::string& backup, const Options& options) {
  auto members = NewMembers::Begin(options);
  if (!members) return Propagate(members);
  std::optional<Result<BackupReport>> report;
  Restored restored;
  Result<void> written;
  {
    const std::jthread checking([&] { report = check::CheckBackup(backup); });
    written = WriteBackend(backup, options, *members, restored);
  }
  if (!*report) return Propagate(*report);
  restored.source = std::move(**report);
  restored.refusal = WhyRefused(restored.source, options.skip_hash_check);
  if (!restored.refusal.empty()) return restored;
  RETURN_IF_ERROR(std::move(written));
  RETURN_IF_ERROR(members->Commit());
  restored.not_given = members->not_given();
  return restored;
}

}  // namespace etcdmedic::restore
