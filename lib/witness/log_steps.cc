// SPDX-License-Identifier: Apache-2.0
#include "witness/log_steps.h"

#include <algorithm>

#include "keyspace/record_sum.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::witness {
namespace {

using namespace proto::etcdserverpb;
using proto::ForEachField;
using proto::WireField;

constexpr int64_t kLongestLease = 9'000'000'000;  // seconds; etcd grants none beyond

class RequestReader {
 public:
  RequestReader(SegmentSteps& to, LogStep step) : to_(to), step_(step) {}

  void Read(Bytes request) {
    ForEachField(request, [this](const WireField& field) {
      return field.wire_type != proto::kDelimited || !Take(field.number, field.bytes);
    });
  }

 private:
  // False where the field is not an operation that matters here.
  bool Take(uint32_t number, Bytes body) {
    switch (number) {
      case InternalRaftRequest::kPut:
      case InternalRaftRequest::kDeleteRange:
      case InternalRaftRequest::kTxn:
        return Write(number, body);
      case InternalRaftRequest::kLeaseGrant:
        return Lease(body);
      case InternalRaftRequest::kLeaseRevoke:
        return Keep(StepKind::kLeaseRevoke, NumberOf(body, LeaseRevokeRequest::kID));
      case InternalRaftRequest::kAlarm:
        return Alarm(body);
      case InternalRaftRequest::kAuthEnable:
      case InternalRaftRequest::kAuthDisable:
        return Keep(StepKind::kAuth, 0);
      default:
        return false;
    }
  }

  bool Keep(StepKind kind, int64_t number) {
    step_.kind = kind;
    step_.number = number;
    to_.steps.push_back(step_);
    return true;
  }

  bool Write(uint32_t number, Bytes body) {
    step_.op = static_cast<uint32_t>(to_.ops.size());
    if (number == InternalRaftRequest::kPut) ReadPut(body);
    if (number == InternalRaftRequest::kDeleteRange) ReadDelete(body);
    if (number == InternalRaftRequest::kTxn) ReadTxn(body);
    step_.op_end = static_cast<uint32_t>(to_.ops.size());
    return Keep(StepKind::kWrite, 0);
  }

  bool Lease(Bytes body) {
    const int64_t id = NumberOf(body, LeaseGrantRequest::kID);
    return id == 0 || NumberOf(body, LeaseGrantRequest::kTTL) > kLongestLease ||
           Keep(StepKind::kLeaseGrant, id);
  }

  bool Alarm(Bytes body) {
    const int64_t action = NumberOf(body, AlarmRequest::kAction), kind = NumberOf(body, AlarmRequest::kAlarm);
    const int64_t who =
        static_cast<int64_t>(static_cast<uint64_t>(NumberOf(body, AlarmRequest::kMemberID)) * 4) + kind;
    if (kind == 0 || (action != 1 && action != 2)) return true;
    return Keep(action == 1 ? StepKind::kAlarmOn : StepKind::kAlarmOff, who);
  }

  static int64_t NumberOf(Bytes message, uint32_t number) {
    int64_t value = 0;
    ForEachField(message, [&](const WireField& field) {
      if (field.number == number) field.Number(value);
      return true;
    });
    return value;
  }

  void ReadPut(Bytes body) {
    LogOp op;
    ForEachField(body, [&op](const WireField& field) {
      if (field.number == PutRequest::kKey) field.Payload(op.key);
      if (field.number == PutRequest::kValue) field.Payload(op.value);
      if (field.number == PutRequest::kLease) field.Number(op.lease);
      if (field.number == PutRequest::kIgnoreValue) field.Number(op.ignore_value);
      if (field.number == PutRequest::kIgnoreLease) field.Number(op.ignore_lease);
      return true;
    });
    op.hash = mvcc::HashOfKey(AsText(op.key));
    op.sum = keyspace::SumOfPut(op.key, op.value, op.lease);
    to_.ops.push_back(op);
  }

  void ReadDelete(Bytes body) {
    LogOp op{.kind = OpKind::kDelete};
    ForEachField(body, [&op](const WireField& field) {
      if (field.number == DeleteRangeRequest::kKey) field.Payload(op.key);
      if (field.number == DeleteRangeRequest::kRangeEnd) field.Payload(op.value);
      return true;
    });
    if (!op.value.empty()) op.kind = OpKind::kDeleteRange;
    op.hash = mvcc::HashOfKey(AsText(op.key));
    op.sum = keyspace::SumOfTombstone(op.key);
    to_.ops.push_back(op);
  }

  void ReadTxn(Bytes body) {
    const auto at = to_.txns.size();
    to_.txns.emplace_back();
    to_.ops.push_back({.kind = OpKind::kTxn, .txn = static_cast<uint32_t>(at)});
    LogTxn txn{.compares = static_cast<uint32_t>(to_.compares.size())};
    ForEach(body, TxnRequest::kCompare, [this](Bytes compare) { ReadCompare(compare); });
    txn.compares_end = static_cast<uint32_t>(to_.compares.size());
    ForEach(body, TxnRequest::kSuccess, [this](Bytes op) { ReadOp(op); });
    txn.success_end = static_cast<uint32_t>(to_.ops.size());
    ForEach(body, TxnRequest::kFailure, [this](Bytes op) { ReadOp(op); });
    txn.failure_end = static_cast<uint32_t>(to_.ops.size());
    to_.txns[at] = txn;
  }

  template <class Each>
  static void ForEach(Bytes message, uint32_t number, const Each& each) {
    ForEachField(message, [&](const WireField& field) {
      if (field.number == number && field.wire_type == proto::kDelimited) each(field.bytes);
      return true;
    });
  }

  void ReadOp(Bytes body) {
    ForEachField(body, [this](const WireField& field) {
      if (field.wire_type != proto::kDelimited) return true;
      if (field.number == RequestOp::kRequestRange && NumberOf(field.bytes, RangeRequest::kRevision) != 0)
        step_.may_fail = true;
      if (field.number == RequestOp::kRequestPut) ReadPut(field.bytes);
      if (field.number == RequestOp::kRequestDeleteRange) ReadDelete(field.bytes);
      if (field.number == RequestOp::kRequestTxn) ReadTxn(field.bytes);
      return true;
    });
  }

  void ReadCompare(Bytes body) {
    LogCompare compare;
    ForEachField(body, [&compare](const WireField& field) { return ReadCompareField(field, compare); });
    compare.hash = mvcc::HashOfKey(AsText(compare.key));
    to_.compares.push_back(compare);
  }

  static bool ReadCompareField(const WireField& field, LogCompare& compare) {
    switch (field.number) {
      case Compare::kResult:
        return field.Number(compare.result);
      case Compare::kTarget:
        return field.Number(compare.target);
      case Compare::kKey:
        return field.Payload(compare.key);
      case Compare::kValue:
        return field.Payload(compare.value);
      case Compare::kVersion:
      case Compare::kCreateRevision:
      case Compare::kModRevision:
      case Compare::kLease:
        return field.Number(compare.number);
      case Compare::kRangeEnd:
        compare.ranged = !field.bytes.empty();
        return true;
      default:
        return true;
    }
  }

  SegmentSteps& to_;
  LogStep step_;
};

}  // namespace

void LogSteps::OnEntry(uint32_t segment, uint64_t offset, const raft::Entry& entry,
                       const raft::Request& request) {
  LogStep step{.index = entry.index, .offset = offset};
  if (request.form == raft::RequestForm::kInternal) {
    RequestReader(segments_[segment], step).Read(request.body);
  } else if (request.form == raft::RequestForm::kUndecodable) {
    step.kind = StepKind::kUnknown;
    segments_[segment].steps.push_back(step);
  }
}

std::pair<size_t, size_t> LogSteps::Of(const raft::Run& run) const {
  const std::vector<LogStep>& steps = segments_[run.segment].steps;
  const auto begin = std::ranges::lower_bound(steps, run.first_offset, {}, &LogStep::offset);
  auto end = std::ranges::lower_bound(begin, steps.end(), run.last_end, {}, &LogStep::offset);
  while (end != begin && std::prev(end)->index > run.last) --end;
  return {static_cast<size_t>(begin - steps.begin()), static_cast<size_t>(end - steps.begin())};
}

}  // namespace etcdmedic::witness
