// SPDX-License-Identifier: Apache-2.0
#include "check/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/archive.h"
#include "base/path.h"
#include "base/try.h"
#include "member/archive_layout.h"
#include "member/foreign_file.h"
#include "startup/backend.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using diag::Severity;

constexpr uint64_t kHashSize = 32;  // etcdutl seeks to it before it looks at anything
constexpr std::string_view kNoHash = "snapshot missing hash but --skip-hash-check=false";

// As Go prints a slice of bytes.
std::string GoBytes(std::string_view bytes) {
  std::string out = "[";
  for (const char c : bytes)
    out += fmt::format("{}{}", out.size() > 1 ? " " : "", static_cast<unsigned char>(c));
  return out + "]";
}

BackupReport NoBackup(const std::string& path, const member::ForeignFile& foreign, uint64_t size) {
  BackupReport report;
  report.path = path;
  report.kind = foreign.kind;
  report.verdict = BackupVerdict::kNoBackup;
  report.size = size;
  report.findings.push_back({Code::kSnapshotForeign,
                             {BaseName(path), 0},
                             size,
                             foreign.what + (foreign.advice.empty() ? "" : ": " + foreign.advice)});
  report.restore = {RestoreOutcome::kRefuses, std::string(kNoHash), "failed to open database"};
  if (size < kHashSize) {
    const std::string seek = fmt::format("seek {}: invalid argument", path);
    report.restore = {RestoreOutcome::kRefuses, seek, seek};
  }
  return report;
}

// What --skip-hash-check cannot help against: bbolt of the release that wrote the file does not open it.
std::string WhyNotOpened(const member::MemberState& state) {
  const Bytes file = state.db_map->bytes();
  const Bytes pages = file.first(bolt::SizeWithoutTrailer(file.size()));
  const auto failure = startup::FailToOpen(*state.db, pages, startup::GuessVersion(state));
  if (!failure) return {};
  return failure->message.empty() ? "failed to open database" : failure->message;
}

RestorePrediction PredictRestore(const member::MemberState& state) {
  RestorePrediction restore;
  const member::Trailer& trailer = *state.trailer;
  if (!trailer.etcd_sees_hash) {
    restore.message = kNoHash;
  } else if (!trailer.etcd_accepts) {
    restore.message =
        fmt::format("expected sha256 {}, got {}", GoBytes(trailer.stored), GoBytes(trailer.computed));
  }
  restore.skipping = WhyNotOpened(state);
  if (restore.message.empty()) restore.message = restore.skipping;
  restore.outcome = !restore.skipping.empty() ? RestoreOutcome::kRefuses
                    : restore.message.empty() ? RestoreOutcome::kTakes
                                              : RestoreOutcome::kNeedsSkip;
  return restore;
}

void NoteMissingHash(const member::MemberState& state, std::vector<diag::Finding>& findings) {
  if (state.trailer->ending != member::Ending::kNoHash) return;
  findings.push_back(
      {Code::kSnapshotNoHash,
       {state.layout.db.front().name, state.db_map->bytes().size()},
       0,
       "it is a copy of a db, or its end is cut off: the pages and keys are checked, single values "
       "cannot be"});
}

// Another program's bbolt file has none of etcd's buckets.
bool IsOtherProgramsFile(const member::MemberState& state) {
  if (!state.db || !state.db->sound || state.db->buckets.empty()) return false;
  return std::ranges::none_of(state.db->buckets, [](const bolt::BucketInfo& bucket) {
    return bucket.name == "key" || bucket.name == "meta" || bucket.name == "members";
  });
}

member::ForeignFile OtherProgramsFile(const member::MemberState& state) {
  std::string names;
  for (const bolt::BucketInfo& bucket : state.db->buckets) {
    if (!bucket.name.empty() && names.size() < 60) names += (names.empty() ? "" : ", ") + bucket.name;
  }
  return {"bbolt",
          fmt::format("a bbolt file of another program (its buckets: {})", names.empty() ? "none" : names),
          ""};
}

// No meta page, and not one page that says where it belongs.
bool IsUnknown(const bolt::Metas& metas) {
  return !metas.active && !metas.big_endian && metas.source == bolt::SizeSource::kAssumed;
}

BackupReport Judge(const std::string& path, const member::MemberState& state) {
  if (auto foreign = member::RecogniseForeignFile(state.db_map->bytes()))
    return NoBackup(path, *foreign, state.db_map->bytes().size());
  if (state.db && IsUnknown(state.db->metas)) {
    return NoBackup(
        path, {"unknown", "bytes of no known format; the file may be encrypted, or was overwritten", ""},
        state.db_map->bytes().size());
  }
  if (IsOtherProgramsFile(state))
    return NoBackup(path, OtherProgramsFile(state), state.db_map->bytes().size());
  Report verified = Verify(state);
  BackupReport report;
  report.path = path;
  report.size = state.db_map->bytes().size();
  report.findings = std::move(verified.findings);
  // A backup may well be read-only.
  std::erase_if(report.findings, [](const auto& finding) { return finding.code == Code::kFilePermission; });
  if (state.backend) report.revision = state.backend->revision.value_or(1);
  if (state.backend)
    report.version = state.backend->storage_version.empty() ? state.backend->membership.cluster_version
                                                            : state.backend->storage_version;
  if (state.trailer) {
    NoteMissingHash(state, report.findings);
    report.restore = PredictRestore(state);
    report.kind = state.trailer->ending == member::Ending::kNoHash ? "db" : "snapshot";
  } else {
    report.kind = "db";
    report.restore = {RestoreOutcome::kNeedsSkip, std::string(kNoHash), ""};
  }
  diag::SortFindings(report.findings);
  const bool spoilt = std::ranges::any_of(report.findings, SpoilsBackup) ||
                      report.restore.outcome == RestoreOutcome::kRefuses;
  report.verdict = spoilt ? BackupVerdict::kDamaged : BackupVerdict::kUsable;
  return report;
}

BackupReport CannotUnpack(const std::string& path, const Error& error) {
  BackupReport report;
  report.path = path;
  report.kind = error.what.substr(0, error.what.find(' '));  // "zstd", "gzip", "xz"
  report.verdict = BackupVerdict::kDamaged;
  report.restore = {RestoreOutcome::kRefuses, std::string(kNoHash), "failed to open database"};
  report.findings.push_back({Code::kSnapshotPacked, {BaseName(path), error.where.offset}, 0, error.what});
  return report;
}

Result<member::Layout> LayoutOf(const std::string& path) {
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind == std::filesystem::file_type::directory) return member::Recognise(path);
  const bool missing = kind == std::filesystem::file_type::not_found;
  if (missing && member::SplitArchivePath(path)) return member::Recognise(path);
  if (path != "-" && kind != std::filesystem::file_type::fifo) return member::AsBackend(path);
  const auto spooled = SpoolInput(path);
  return spooled ? member::AsBackend(*spooled) : tl::make_unexpected(spooled.error());
}

// What an archive holds; nothing where the file is not one, or holds no backup.
Result<std::optional<member::Layout>> InArchive(const member::Layout& file,
                                                const member::MemberState& state) {
  if (!state.db_map || !Archive::Is(state.db_map->bytes())) return std::nullopt;
  auto layout = member::Recognise(file.db.front().path);
  if (!layout && layout.error().code == Errc::kUnsupported) return std::nullopt;
  if (!layout) return Propagate(layout);
  return std::move(*layout);
}

// Of a member only its db is looked at, as if it had been copied away.
member::Layout DbOf(const member::Layout& member) {
  member::Layout alone;
  alone.kind = member::Kind::kDb;
  alone.given = member.given;
  alone.root = member.root;
  alone.db = member.db;
  return alone;
}

}  // namespace

std::string_view NameOf(BackupVerdict verdict) {
  constexpr std::string_view kNames[] = {"usable", "damaged", "not-a-snapshot"};
  return kNames[static_cast<size_t>(verdict)];
}

std::string_view NameOf(RestoreOutcome outcome) {
  constexpr std::string_view kNames[] = {"takes", "needs-skip-hash-check", "refuses"};
  return kNames[static_cast<size_t>(outcome)];
}

bool SpoilsBackup(const diag::Finding& finding) {
  constexpr Code kStates[] = {Code::kMvccAlarmActive, Code::kMvccLeaseUnknown, Code::kMvccConfState};
  if (finding.severity >= Severity::kError) return true;
  return finding.severity == Severity::kWarning &&
         std::ranges::find(kStates, finding.code) == std::end(kStates);
}

Result<BackupReport> CheckBackup(const std::string& path) {
  if (const auto foreign = member::RecogniseForeignFolder(path)) return NoBackup(path, *foreign, 0);
  auto layout = LayoutOf(path);
  if (!layout) return Propagate(layout);
  if (layout->db.empty()) return Fail(Errc::kUnsupported, path, "holds no backend (member/snap/db)");
  const member::LoadOptions how{.snapshots = false, .keys = true};
  auto state = member::LoadMember(DbOf(*layout), how);
  if (state) {
    const auto inner = InArchive(*layout, *state);
    if (!inner) return Propagate(inner);
    if (*inner && (*inner)->db.empty())
      return Fail(Errc::kUnsupported, path, "holds no backend (member/snap/db)");
    if (*inner) state = member::LoadMember(DbOf(**inner), how);
  }
  if (!state && state.error().code == Errc::kMalformed) return CannotUnpack(path, state.error());
  if (!state) return Propagate(state);
  return Judge(path, *state);
}

}  // namespace etcdmedic::check
