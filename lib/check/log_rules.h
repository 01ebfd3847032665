// SPDX-License-Identifier: Apache-2.0
// The log's own rules: damage inside segments, order and completeness of segments, raft's invariants.
#pragma once

#include "member/member_state.h"

namespace etcdmedic::check {

// Entry indexes that a damaged range took with it. `last` is 0 where it is unknown how far it went.
struct LostRange {
  uint64_t first = 0;
  uint64_t last = 0;
};

// The code of the finding that a damage becomes.
diag::Code CodeOf(const wal::Damage& damage);

// What the damage at that place of the log took; nothing where no entry is missing because of it.
std::optional<LostRange> LostEntries(const raft::Log& log, size_t segment, const wal::Damage& damage);

// Why the end of the log, although sound, does not show whether more once followed; empty where it does. Only
// a loss that ends on the border of a record is of this kind, every other leaves damage behind.
std::string DoubtAboutEnd(const raft::Log& log);

// Reports everything that concerns the log alone. Codes: WAL-*, RAFT-*.
void CheckLog(const raft::Log& log, diag::FindingSink& sink);

}  // namespace etcdmedic::check
