// SPDX-License-Identifier: Apache-2.0
// Applying a plan in place with an undo journal, and applying it to a copy: docs/design/repair-safety.md,
// docs/design/undo-journal.md. undo.h takes it back.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/journal_format.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

struct ApplyOptions {
  std::string journal;  // path of the journal to make; must not exist
  // Called before each system call that changes the disk; tests stop the process here. May be empty.
  std::function<void()> before_write;
};

struct Applied {
  // Files that could not be given to their owner, each as `chown` takes it: "UID:GID PATH".
  std::vector<std::string> not_given;
};

// Runs every edit in memory, writes the journal (all old bytes, every file's size, owner, mode and SHA-256
// before and after), fsyncs it and its directory, then applies every step and fsyncs files and directories.
// Errors: kInUse where a process holds a file of the plan's root, kRefused where a file is not as the plan
// expects it or the journal exists, kIo, kLimit. After an error or a crash the journal, if it is there,
// undoes whatever was done.
Result<Applied> ApplyInPlace(const Plan& plan, const ApplyOptions& options);

// Copies the plan's root to `output` (absent or empty, not inside the root) with the owner, mode and times of
// every file, and applies the plan there. The copy gets its name when it is whole: after an error there is
// none, after a kill only OUTPUT.partial. Errors: kRefused, kIo, kLimit.
Result<Applied> ApplyToCopy(const Plan& plan, const std::string& output);

// The files of the log that are not among `names`, with size and time.
std::vector<FileState> OtherLogFiles(const std::string& root, const std::string& wal_dir,
                                     const std::vector<std::string>& names);

// What holds a file of the member at `root` (its log in `wal_dir` where that is not empty), or one of
// `names`, by its locks; empty where nothing does.
std::string HeldBy(const std::string& root, const std::string& wal_dir,
                   const std::vector<std::string>& names);

}  // namespace etcdmedic::plan
