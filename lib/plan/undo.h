// SPDX-License-Identifier: Apache-2.0
// Taking a repair back, where nothing else has happened to its files since: docs/design/undo-journal.md.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace etcdmedic::plan {

struct UndoOptions {
  // Also where files have changed since the repair: what was written since then is lost. Never where a
  // process holds them.
  bool force = false;
  std::function<void()> before_write = {};  // as in ApplyOptions
};

struct UndoReport {
  size_t files_restored = 0;
  uint64_t bytes_restored = 0;
  std::vector<std::string> different;  // with `force`: files that are not as they were before the repair
  std::vector<std::string> not_given;  // as in Applied
};

// Puts everything back bit for bit, also when an apply or an earlier undo was interrupted; checks each file's
// SHA-256. The undo is tried in memory first, and nothing is written where it would not give what the journal
// describes. The journal stays, marked as undone: a second undo is refused unless the first was interrupted.
// Errors: kInUse where a process holds a file; kRefused where a file that the repair touched is not as the
// repair left it (`what` lists them, a line each), or nothing is left to undo; kMalformed, kIo, kLimit.
Result<UndoReport> Undo(const std::string& journal, const UndoOptions& options = {});

// The journal in a data directory (or in its member/) of a repair or an undo that was interrupted: some of
// its edits are done and others are not. What the files hold then is neither the old state nor the new one.
std::optional<std::string> FindUnfinished(const std::string& folder);

// The newest journal in a data directory (or in its member/) that is not undone yet. Errors: kRefused where
// there is none, or where it is about another directory (a copied one, for example).
Result<std::string> FindJournal(const std::string& folder);

}  // namespace etcdmedic::plan
