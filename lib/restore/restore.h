// SPDX-License-Identifier: Apache-2.0
// Makes members of a new cluster from a backup, as `etcdutl snapshot restore` does, and checks the backup
// first. docs/format/mvcc.md, "Saved snapshots".
#pragma once

#include <string>
#include <vector>

#include "check/backup.h"
#include "restore/new_members.h"

namespace etcdmedic::restore {

struct Options : Placement {
  bool skip_hash_check = false;  // take a backup whose SHA-256 is missing or differs
  uint64_t bump = 0;             // by which the revision is raised and marked as compacted
};

struct Restored {
  check::BackupReport source;
  std::string refusal;  // why nothing was restored; empty where it was
  int64_t revision = 0;
  int64_t raised_to = 0;                    // where the revision was raised
  std::vector<std::string> not_given = {};  // as NewMembers::not_given
};

// Why the backup may not be restored: it is none, its SHA-256 is missing or wrong and that was not allowed,
// or anything else is wrong with it. Empty where it may.
std::string WhyRefused(const check::BackupReport& report, bool skip_hash_check);

// Restores the plain file `backup` (member::PlainBackup). The output comes into being as a whole: where the
// backup turns out to be damaged, or writing fails, nothing of it is left. Errors: kRefused where the output
// exists or the revision cannot be raised so far; kIo, kLimit.
Result<Restored> Restore(const std::string& backup, const Options& options);

}  // namespace etcdmedic::restore
