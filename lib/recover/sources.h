// SPDX-License-Identifier: Apache-2.0
// The states of a member from which its log can be replayed: nothing, a .snap.db, the backend.
#pragma once

#include <string>
#include <vector>

#include "member/member_state.h"
#include "replay/entries.h"

namespace etcdmedic::recover {

enum class Origin : uint8_t { kLog, kSnapDb, kBackend };

struct Source {
  Origin origin = Origin::kLog;
  std::string file;    // empty for kLog
  Bytes db;            // the same
  uint64_t index = 0;  // it holds what the entries up to this one did
  uint64_t reach = 0;  // the last entry that can be applied to it
};

// What the log proves, and what it holds.
struct Extent {
  uint64_t committed = 0;                 // the last entry that the cluster is known to have committed
  uint64_t last = 0;                      // the last entry that is held
  std::vector<std::string> foreign = {};  // segments of another member, in place of some of this one
};

// An entry is committed where the log or a snapshot says so, where the backend has applied it, and, of a
// single member, where it is held.
Extent ExtentOf(const member::MemberState& state);

struct Sources {
  std::vector<Source> usable;  // in the order of their indexes; of equal ones the backend comes last
  // Why the backend is not among them although it is there: a phrase after "the backend"; else empty.
  std::string backend_unusable;
};

// What `state` has; entries up to `last` count. A file with damage is not used: what was read of it could be
// wrong, and would be carried on.
Sources SourcesOf(const member::MemberState& state, uint64_t last);

}  // namespace etcdmedic::recover
