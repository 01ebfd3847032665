// SPDX-License-Identifier: Apache-2.0
// Applying a plan in place behind an undo journal, undoing it, and applying it to a copy:
// docs/design/repair-safety.md. The only code that writes to a member.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

struct ApplyOptions {
  std::string journal;  // path of the journal to make; must not exist
  // Called before each system call that changes the disk; tests stop the process here. May be empty.
  std::function<void()> before_write;
};

// Writes the journal (all old bytes, sizes, modes, SHA-256 before and after), fsyncs it and its directory,
// then applies every step and fsyncs files and directories. Refuses (kRefused) where a file is not as the
// plan found it or the journal exists. After an error or a crash the journal undoes whatever was done.
Result<void> ApplyInPlace(const Plan& plan, const ApplyOptions& options);

// Copies the plan's root to `output` (absent or empty, not inside the root) and applies the plan there.
Result<void> ApplyToCopy(const Plan& plan, const std::string& output);

// Puts everything back bit for bit, also when an apply or an earlier undo was interrupted; verifies each
// file's SHA-256; the journal stays, marked as undone, so that a second undo is refused unless the first was
// interrupted.
struct UndoReport {
  size_t files_restored = 0;
  uint64_t bytes_restored = 0;
};
Result<UndoReport> Undo(const std::string& journal, const std::function<void()>& before_write = {});

}  // namespace etcdmedic::plan
