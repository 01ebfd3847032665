// SPDX-License-Identifier: Apache-2.0
// What the files of one member say that another member's can be compared with: its identity, how far its log
// and its backend go, whom it takes for voters.
#pragma once

#include <string>
#include <vector>

#include "check/verify.h"

namespace etcdmedic::check {

// A place in raft's log. The greater one is the more up to date, as raft's election rule has it.
struct LogPlace {
  uint64_t term = 0;
  uint64_t index = 0;
  friend auto operator<=>(const LogPlace&, const LogPlace&) = default;
};

struct MemberFacts {
  std::string path;
  std::string name;  // of the member; the path where the backend does not have it
  uint64_t id = 0;   // 0: the log has no metadata
  uint64_t cluster_id = 0;
  uint64_t first_index = 0;  // of the entries that the log holds; 0 for none
  LogPlace last;             // the last entry, or the snapshot where none follows it
  uint64_t term = 0;         // HardState
  uint64_t commit = 0;       // greatest index that these files prove to be committed
  uint64_t applied = 0;      // consistent_index; 0 where there is no backend
  int64_t revision = 0;      // 0 where there is no backend
  startup::Outcome outcome = startup::Outcome::kUnknown;
  bool sound = false;  // by Verify
  // Membership as of `config_index`.
  std::vector<uint64_t> voters;
  std::vector<uint64_t> learners;
  std::vector<uint64_t> removed;
  uint64_t config_index = 0;
  std::vector<std::pair<uint64_t, std::string>> names;  // of the members, by id
};

MemberFacts FactsOf(const member::MemberState& state, const Report& report);

}  // namespace etcdmedic::check
