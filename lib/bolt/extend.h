// SPDX-License-Identifier: Apache-2.0
// A copy of a file with a transaction on top: its pages as they stand, then those that the transaction
// writes. docs/format/bolt.md, "Writing a file".
#pragma once

#include <map>
#include <string>

#include "bolt/builder.h"
#include "bolt/view.h"

namespace etcdmedic::bolt {

using EntriesByKey = std::map<std::string, std::string, std::less<>>;

struct Changes {
  std::map<std::string, EntriesByKey, std::less<>>
      replaced;  // by bucket, its whole content; made where missing
  std::map<std::string, EntriesByKey, std::less<>> appended;  // by bucket, what comes after its last entry
};

// Writes the state that `view` shows, with the changes. No free list is written; bbolt makes it at open.
// Errors: those of Builder and the sink, kMalformed where the file is shorter than its high water mark says
// or the directory cannot be read whole.
Result<BuildSummary> CopyWithChanges(const View& view, const Changes& changes, PageSink& sink);

}  // namespace etcdmedic::bolt
