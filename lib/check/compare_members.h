// SPDX-License-Identifier: Apache-2.0
// Rules over several members of one cluster: whether they belong together, who holds what, who can be
// elected, and from which one to start. docs/format/startup.md, "Several members".
#pragma once

#include "check/member_facts.h"
#include "raft/elections.h"

namespace etcdmedic::check {

enum class Chance : uint8_t { kNo, kDepends, kYes };
std::string_view NameOf(Chance chance);  // "no", "depends", "yes"

enum class Role : uint8_t { kVoter, kLearner, kRemoved, kForeign, kUnknown };
std::string_view NameOf(Role role);  // "voter", "learner", "removed", "foreign", "unknown"

// What the comparison makes of one member.
struct Standing {
  Role role = Role::kUnknown;
  Chance election = Chance::kNo;  // whether it could be elected with the logs as they are
  uint64_t behind = 0;            // committed entries that it lacks and another one holds
  bool lost_entries = false;      // it had acknowledged entries that it no longer holds
  bool contradicts = false;       // its log or its keys differ from those of the majority
  bool replace = false;           // remove it from the cluster and add it again
};

struct Comparison {
  std::vector<MemberFacts> members;
  std::vector<Standing> standings;      // in the same order
  std::vector<diag::Finding> findings;  // their file is the path of the member
  bool same_cluster = true;
  uint64_t cluster_id = 0;
  std::vector<uint64_t> voters;      // of the newest known membership
  uint64_t commit = 0;               // the greatest index that any of them proves to be committed
  std::optional<size_t> start_from;  // position in `members`
  // No error, no warning, and every member is sound.
  bool sound() const;
};

// Identity, membership, who lacks what. Reports CLUSTER-ID-MISMATCH, CLUSTER-MEMBER-DUPLICATE,
// CLUSTER-MEMBER-REMOVED, CLUSTER-MEMBER-BEHIND.
Comparison CompareFacts(std::vector<MemberFacts> members, const raft::Elections& elections);

// After everything is known, that of the contents included: who can be elected, which member to start from,
// which ones to replace. Reports CLUSTER-QUORUM-LOST.
void Conclude(Comparison& comparison);

// Loads nothing: compares what was loaded, contents included. `reports` in the order of `states`.
Comparison CompareMembers(const std::vector<const member::MemberState*>& states,
                          const std::vector<Report>& reports);

// What to do, in plain words, the most urgent first; each ends in a command where there is one.
std::vector<std::string> Advice(const Comparison& comparison);

}  // namespace etcdmedic::check
