// SPDX-License-Identifier: Apache-2.0
// The entries of the log that can change the key space, as far as a comparison with the backend needs them:
// keys as hashes, values as sums. Collected while the log is read; about 90 bytes a put.
// docs/format/wal.md, "Requests"; docs/format/mvcc.md, "How entries become revisions".
#pragma once

#include <span>
#include <vector>

#include "mvcc/newest.h"
#include "raft/log.h"

namespace etcdmedic::witness {

enum class OpKind : uint8_t { kPut, kDelete, kDeleteRange, kTxn };

// One operation of a request.
struct LogOp {
  OpKind kind = OpKind::kPut;
  bool ignore_value = false;
  bool ignore_lease = false;
  uint32_t sum = 0;  // as it would be stored; of a put with neither of the two above
  uint32_t txn = 0;  // kTxn: its position in SegmentSteps::txns
  Bytes key = {};
  Bytes value = {};  // kDeleteRange: the end, {0} for none
  int64_t lease = 0;
  mvcc::KeyHash hash = {};  // of the key
};

struct LogCompare {
  uint8_t result = 0;  // EQUAL, GREATER, LESS, NOT_EQUAL
  uint8_t target = 0;  // VERSION, CREATE, MOD, VALUE, LEASE
  bool ranged = false;
  int64_t number = 0;
  Bytes key = {}, value = {};
  mvcc::KeyHash hash = {};
};

// Operations and compares lie one after another; those of a nested transaction follow its operation.
struct LogTxn {
  uint32_t compares = 0, compares_end = 0;
  uint32_t success_end = 0;  // the success branch begins after the operation
  uint32_t failure_end = 0;  // the failure branch begins at success_end
};

enum class StepKind : uint8_t { kWrite, kLeaseGrant, kLeaseRevoke, kAlarmOn, kAlarmOff, kAuth, kUnknown };

struct LogStep {
  uint64_t index = 0;
  uint64_t offset = 0;  // of the frame
  int64_t number = 0;   // a lease; of an alarm the member and its kind
  uint32_t op = 0, op_end = 0;
  StepKind kind = StepKind::kWrite;
  bool may_fail = false;  // it asks for a revision to read from, which may be compacted
};

struct SegmentSteps {
  std::vector<LogStep> steps;
  std::vector<LogOp> ops;
  std::vector<LogCompare> compares;
  std::vector<LogTxn> txns;
};

class LogSteps final : public raft::EntryVisitor {
 public:
  void Begin(size_t segments) override { segments_.assign(segments, {}); }
  void BeginSegment(uint32_t segment) override { segments_[segment] = {}; }
  void OnEntry(uint32_t segment, uint64_t offset, const raft::Entry& entry,
               const raft::Request& request) override;

  const SegmentSteps& of(uint32_t segment) const { return segments_[segment]; }

  // Of one surviving run the steps, by position in of(run.segment).steps: [begin, end).
  std::pair<size_t, size_t> Of(const raft::Run& run) const;

 private:
  std::vector<SegmentSteps> segments_;
};

}  // namespace etcdmedic::witness
