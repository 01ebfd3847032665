// SPDX-License-Identifier: Apache-2.0
// The log as witness of the backend: every put, deletion and transaction that the log holds and that the
// backend says to have applied is compared with the revisions in bucket `key`, both ways. The log's entries
// are under their CRC, so where the two differ the log is right. docs/design/log-as-witness.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "keyspace/key_checker.h"
#include "witness/log_steps.h"

namespace etcdmedic::witness {

struct WitnessInput {
  const raft::Log& log;
  const LogSteps& steps;
  const mvcc::Store& store;
  const keyspace::RevisionTable& table;
  uint64_t applied = 0;  // the backend's consistent_index
};

struct WitnessReport {
  std::vector<diag::Finding> findings;
  // Revisions whose retained records are, each of them, what the log wrote; in order, apart.
  std::vector<keyspace::RevisionSpan> proven;
  // Why an etcd that starts on it would serve, or write, what is wrong; in words for people.
  std::optional<std::string> wrong;
};

// Compares. Reports MVCC-LOG-MISMATCH, DB-REVISION-BEHIND, DB-INDEX-BEHIND, DB-HISTORY-FOREIGN. Where the log
// does not reach back to the first entry, or a compaction has removed what would tell, it looks for the first
// revision that it knows for sure, and continues from there; of what is before it says nothing. Takes the
// memory of KeyStates beside its input.
WitnessReport CompareWithLog(const WitnessInput& input);

// "revisions 2 to 601 and 603 to 801 are proven by the log"; empty where none is.
std::string DescribeProven(const WitnessReport& report);

// Whether the member's parts tell histories that differ, so that no plan may join them.
bool HistoriesDiffer(const std::vector<diag::Finding>& findings);

}  // namespace etcdmedic::witness
