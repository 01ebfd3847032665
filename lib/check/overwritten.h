// SPDX-License-Identifier: Apache-2.0
// Entries that later ones replaced. A new leader does that to entries that were not committed, and it is of a
// higher term; docs/format/wal.md, "From records to log state".
#pragma once

#include "diag/finding.h"
#include "raft/log.h"

namespace etcdmedic::check {

// Reports RAFT-ENTRY-OVERWRITTEN where a later leader, or a forced new cluster, replaced them, or they were
// written twice, and RAFT-HISTORY-MIXED where none of that explains it.
void CheckOverwritten(const raft::Log& log, diag::FindingSink& sink);

}  // namespace etcdmedic::check
