// SPDX-License-Identifier: Apache-2.0
#include "witness/refusals.h"

namespace etcdmedic::witness {

Refusals::Refusals(const LogSteps& steps, const std::vector<raft::Run>& runs, const mvcc::Store& store,
                   bool from_start) {
  bool alarms = false;
  for (const raft::Run& run : runs) {
    const SegmentSteps& of = steps.of(run.segment);
    const auto [begin, end] = steps.Of(run);
    for (size_t i = begin; i < end; ++i) {
      const LogStep& step = of.steps[i];
      if (step.kind == StepKind::kAuth) last_auth_ = step.index;
      alarms = alarms || step.kind == StepKind::kAlarmOn || step.kind == StepKind::kAlarmOff;
    }
  }
  store.view().ForEach("auth", [&](Bytes key, Bytes value) {
    if (AsText(key) == "authEnabled" && !value.empty() && value[0] == std::byte{1}) auth_at_end_ = true;
    return true;
  });
  store.view().ForEach("alarm", [&](Bytes, Bytes) { return alarms = true, false; });
  alarms_unknown_ = alarms && !from_start;
  auth_ = !from_start && (last_auth_ != 0 || auth_at_end_);
}

void Refusals::Take(const LogStep& step) {
  if (step.kind == StepKind::kAlarmOn) alarms_.insert(step.number);
  if (step.kind == StepKind::kAlarmOff) alarms_.erase(step.number);
  // Whether an entry turned it on is not known; after the last one it is as the backend says.
  if (step.kind == StepKind::kAuth) auth_ = step.index < last_auth_ || auth_at_end_;
}

}  // namespace etcdmedic::witness
