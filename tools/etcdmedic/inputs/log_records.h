// SPDX-License-Identifier: Apache-2.0
// The changes that only the log of a member holds, for commands that otherwise read its backend.
#pragma once

#include "inputs/open_store.h"
#include "replay/log_changes.h"

namespace etcdmedic::tool {

struct LogRecords {
  std::optional<member::MemberState> member;  // keeps the log that the changes view
  replay::LogChanges changes;
};

// Reads the log where it may hold more than the backend. Errors: as LoadMember and replay::ChangesOf.
Result<LogRecords> ReadLogRecords(OpenedStore& opened);

}  // namespace etcdmedic::tool
