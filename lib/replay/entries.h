// SPDX-License-Identifier: Apache-2.0
// The entries of a log in the order in which etcd applies them, collected while the log is read: 64 bytes an
// entry. docs/format/wal.md, "From records to log state".
#pragma once

#include <vector>

#include "raft/log.h"

namespace etcdmedic::replay {

// One entry. `body` views the log.
struct LogEntry {
  uint64_t index = 0;
  uint64_t term = 0;
  uint64_t offset = 0;  // of its frame
  raft::RequestForm form = raft::RequestForm::kEmpty;
  Bytes body;  // the data of the entry: the whole request, or the raftpb message of a configuration change
};

// To be handed to raft::ReadLog (or member::LoadMember).
class EntryList final : public raft::EntryVisitor {
 public:
  void Begin(size_t segments) override { segments_.assign(segments, {}); }
  void BeginSegment(uint32_t segment) override { segments_[segment].clear(); }
  void OnEntry(uint32_t segment, uint64_t offset, const raft::Entry& entry,
               const raft::Request& request) override {
    segments_[segment].push_back({entry.index, entry.term, offset, request.form, entry.data});
  }

  // Nothing was collected.
  bool empty() const { return segments_.empty(); }

  // The surviving entries of `log` after index `after`, up to and including `last`, ascending. Stops at the
  // first index that is missing, so it may end early, or be empty.
  std::vector<LogEntry> Between(const raft::Log& log, uint64_t after, uint64_t last) const;

 private:
  std::vector<std::vector<LogEntry>> segments_;
};

}  // namespace etcdmedic::replay
