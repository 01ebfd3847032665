// SPDX-License-Identifier: Apache-2.0
// Who voted for whom and who led, as the logs of one or more members record. docs/format/wal.md, "Elections".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "raft/log.h"

namespace etcdmedic::raft {

// What one member's log says of a term.
struct Vote {
  uint64_t member = 0;     // whose log
  uint64_t candidate = 0;  // node id, 0: no vote in this term
};

struct Term {
  uint64_t term = 0;
  uint64_t leader = 0;          // node id; 0 where no log tells
  bool leader_certain = false;  // a majority of the voters that are available voted for it
  uint64_t first_index = 0;     // the empty entry with which the leader began; 0 where none is held
  uint64_t first_entry = 0;     // lowest index of an entry of this term
  uint64_t last_entry = 0;
  std::vector<Vote> votes;
};

struct MembershipChange {
  uint64_t index = 0;
  uint64_t term = 0;
  std::string_view
      change;  // "add", "add-learner", "remove", "update", "promote"; "joint"; "unknown": does not decode
  uint64_t member = 0;  // 0 for the last two
  std::string name;
  std::vector<std::string> peer_urls;
};

struct Elections {
  std::vector<Term> terms;                   // ascending
  std::vector<MembershipChange> membership;  // ascending by index, each once
};

// Reads the logs of members of one cluster. A member votes for the candidate of its HardState; an entry of a
// term exists only where a leader was elected, so the candidate with most votes available led it.
Elections FindElections(const std::vector<const Log*>& logs);

}  // namespace etcdmedic::raft
