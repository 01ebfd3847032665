// SPDX-License-Identifier: Apache-2.0
// Records that name their entry: what the log writes once only and the backend holds once only. By them the
// witness finds its way back after it has lost count. Built when first asked for; 12 bytes a put.
#pragma once

#include <optional>
#include <vector>

#include "witness/log_steps.h"
#include "witness/record_match.h"

namespace etcdmedic::witness {

class Anchors {
 public:
  // `runs`: the entries that count, with their steps. All outlive it.
  Anchors(const LogSteps& steps, const std::vector<raft::Run>& runs, const keyspace::RevisionTable& table,
          const RecordMatch& match)
      : steps_(steps), runs_(runs), table_(table), match_(match) {}

  // The revision of the one record that is what `op` writes; nothing where there is none, or `op` is not the
  // only one in the log that writes it.
  std::optional<int64_t> RevisionOf(const LogOp& op);
  // Whether a put of that sum is held at any revision.
  bool Holds(uint32_t sum);

 private:
  void Build();

  const LogSteps& steps_;
  const std::vector<raft::Run>& runs_;
  const keyspace::RevisionTable& table_;
  const RecordMatch& match_;
  bool built_ = false;
  std::vector<uint32_t> written_;                    // sums, sorted
  std::vector<std::pair<uint32_t, uint32_t>> held_;  // sum and row, sorted
};

}  // namespace etcdmedic::witness
