// SPDX-License-Identifier: Apache-2.0
// Whether a file can be trusted as a backup: every rule of Verify that holds for a lone db, what the file is
// when it is not one, and what `etcdutl snapshot restore` makes of it. docs/format/mvcc.md,
// "Saved snapshots".
#pragma once

#include <string>
#include <vector>

#include "check/verify.h"

namespace etcdmedic::check {

enum class BackupVerdict : uint8_t {
  kUsable,    // it restores, and a restored etcd serves what is in it
  kDamaged,   // a backend or snapshot with errors in it
  kNoBackup,  // another kind of file
};
std::string_view NameOf(BackupVerdict verdict);  // "usable", "damaged", "not-a-snapshot"

enum class RestoreOutcome : uint8_t {
  kTakes,
  kNeedsSkip,  // only with --skip-hash-check
  kRefuses,    // exits or panics in any case
};
std::string_view NameOf(RestoreOutcome outcome);  // "takes", "needs-skip-hash-check", "refuses"

// What `etcdutl snapshot restore` of the release that wrote the file does with it, unpacked where it is
// compressed.
struct RestorePrediction {
  RestoreOutcome outcome = RestoreOutcome::kTakes;
  std::string message;   // etcdutl's own, where it refuses without the flag
  std::string skipping;  // etcdutl's own, where it refuses with --skip-hash-check too
};

struct BackupReport {
  std::string path;
  std::string kind;  // "snapshot" (with a SHA-256), "db" (without), or what else it is: "zip", "html", …
  BackupVerdict verdict = BackupVerdict::kUsable;
  RestorePrediction restore;
  std::vector<diag::Finding> findings;  // sorted; not folded
  uint64_t size = 0;                    // unpacked
  std::optional<int64_t> revision;
  std::string version;  // etcd's release, as far as the backend says
};

// Reads one file: a db or a saved snapshot, also compressed; of a directory of etcd's its db. Memory is given
// back before it returns. Errors: kIo, kLimit where the file cannot be read; what is wrong with its content
// is in the findings: SNAPSHOT-*, and those of Verify.
Result<BackupReport> CheckBackup(const std::string& path);

// Whether a finding makes a backup unusable. An active alarm or a lease that is missing is a state of the
// cluster, which the backup records faithfully.
bool SpoilsBackup(const diag::Finding& finding);

}  // namespace etcdmedic::check
