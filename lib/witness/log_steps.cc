// SPDX-License-Identifier: Apache-2.0
#include "witness/log_steps.h"

#include <algorithm>

#include "keyspace/record_sum.h"
#include "proto/message_reader.h"

namespace etcdmedic::witness {
namespace {

using proto::Field;
using proto::MessageReader;

// Numbers of fields: docs/format/wal.md, "Requests".
constexpr uint64_t kPut = 4, kDeleteRange = 5, kTxn = 6, kLeaseGrant = 8, kLeaseRevoke = 9, kAlarm = 10,
                   kAuthEnable = 1000, kAuthDisable = 1011;
constexpr int64_t kLongestLease = 9'000'000'000;  // seconds; etcd grants none beyond

class RequestReader {
 public:
  RequestReader(SegmentSteps& to, LogStep step) : to_(to), step_(step) {}

  void Read(Bytes request) {
    MessageReader reader(request);
    for (Field field; reader.Next(field);) {
      if (!field.is_number && Take(field.number, AsBytes(field.bytes))) return;
    }
  }

 private:
  // False where the field is no operation that matters here.
  bool Take(uint64_t number, Bytes body) {
    switch (number) {
      case kPut:
      case kDeleteRange:
      case kTxn:
        return Write(number, body);
      case kLeaseGrant:
        return Lease(body);
      case kLeaseRevoke:
        return Keep(StepKind::kLeaseRevoke, NumberOf(body, 1));
      case kAlarm:
        return Alarm(body);
      case kAuthEnable:
      case kAuthDisable:
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

  bool Write(uint64_t number, Bytes body) {
    step_.op = static_cast<uint32_t>(to_.ops.size());
    if (number == kPut) ReadPut(body);
    if (number == kDeleteRange) ReadDelete(body);
    if (number == kTxn) ReadTxn(body);
    step_.op_end = static_cast<uint32_t>(to_.ops.size());
    return Keep(StepKind::kWrite, 0);
  }

  bool Lease(Bytes body) {
    const int64_t id = NumberOf(body, 2);
    return id == 0 || NumberOf(body, 1) > kLongestLease || Keep(StepKind::kLeaseGrant, id);
  }

  bool Alarm(Bytes body) {
    const int64_t action = NumberOf(body, 1), kind = NumberOf(body, 3);
    const int64_t who = static_cast<int64_t>(static_cast<uint64_t>(NumberOf(body, 2)) * 4) + kind;
    if (kind == 0 || (action != 1 && action != 2)) return true;
    return Keep(action == 1 ? StepKind::kAlarmOn : StepKind::kAlarmOff, who);
  }

  static int64_t NumberOf(Bytes message, uint64_t number) {
    int64_t value = 0;
    MessageReader reader(message);
    for (Field field; reader.Next(field);) {
      if (field.number == number && field.is_number) value = static_cast<int64_t>(field.value);
    }
    return value;
  }

  void ReadPut(Bytes body) {
    LogOp op;
    MessageReader reader(body);
    for (Field field; reader.Next(field);) {
      if (field.number == 1) op.key = AsBytes(field.bytes);
      if (field.number == 2) op.value = AsBytes(field.bytes);
      if (field.number == 3) op.lease = static_cast<int64_t>(field.value);
      if (field.number == 5) op.ignore_value = field.value != 0;
      if (field.number == 6) op.ignore_lease = field.value != 0;
    }
    op.hash = mvcc::HashOfKey(AsText(op.key));
    op.sum = keyspace::SumOfPut(op.key, op.value, op.lease);
    to_.ops.push_back(op);
  }

  void ReadDelete(Bytes body) {
    LogOp op{.kind = OpKind::kDelete};
    MessageReader reader(body);
    for (Field field; reader.Next(field);) {
      if (field.number == 1) op.key = AsBytes(field.bytes);
      if (field.number == 2) op.value = AsBytes(field.bytes);
    }
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
    ForEach(body, 1, [&](Bytes compare) { ReadCompare(compare); });
    txn.compares_end = static_cast<uint32_t>(to_.compares.size());
    ForEach(body, 2, [&](Bytes op) { ReadOp(op); });
    txn.success_end = static_cast<uint32_t>(to_.ops.size());
    ForEach(body, 3, [&](Bytes op) { ReadOp(op); });
    txn.failure_end = static_cast<uint32_t>(to_.ops.size());
    to_.txns[at] = txn;
  }

  template <class Each>
  static void ForEach(Bytes message, uint64_t number, const Each& each) {
    MessageReader reader(message);
    for (Field field; reader.Next(field);) {
      if (field.number == number && !field.is_number) each(AsBytes(field.bytes));
    }
  }

  void ReadOp(Bytes body) {
    MessageReader reader(body);
    for (Field field; reader.Next(field);) {
      const Bytes part = AsBytes(field.bytes);
      if (field.number == 1 && NumberOf(part, 4) != 0) step_.may_fail = true;
      if (field.number == 2) ReadPut(part);
      if (field.number == 3) ReadDelete(part);
      if (field.number == 4) ReadTxn(part);
    }
  }

  void ReadCompare(Bytes body) {
    LogCompare compare;
    MessageReader reader(body);
    for (Field field; reader.Next(field);) {
      if (field.number == 1) compare.result = static_cast<uint8_t>(field.value);
      if (field.number == 2) compare.target = static_cast<uint8_t>(field.value);
      if (field.number == 3) compare.key = AsBytes(field.bytes);
      if (field.number == 7) compare.value = AsBytes(field.bytes);
      if (field.number >= 4 && field.number <= 8 && field.is_number)
        compare.number = static_cast<int64_t>(field.value);
      if (field.number == 64) compare.ranged = !field.bytes.empty();
    }
    compare.hash = mvcc::HashOfKey(AsText(compare.key));
    to_.compares.push_back(compare);
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
