// SPDX-License-Identifier: Apache-2.0
// Which entries etcd may have refused, so that they had no effect: while authentication is on, while an alarm
// is active. docs/format/mvcc.md, "How entries become revisions".
#pragma once

#include <set>

#include "mvcc/store.h"
#include "witness/log_steps.h"

namespace etcdmedic::witness {

class Refusals {
 public:
  // `from_start`: the log begins with the first entry of an empty member.
  Refusals(const LogSteps& steps, const std::vector<raft::Run>& runs, const mvcc::Store& store,
           bool from_start);

  // An alarm, or authentication turned on or off; other steps change nothing.
  void Take(const LogStep& step);
  bool May(const LogStep& step) const {
    return auth_ || alarms_unknown_ || !alarms_.empty() || step.may_fail;
  }

 private:
  std::set<int64_t> alarms_;  // that are active
  bool alarms_unknown_ = false;
  uint64_t last_auth_ = 0;  // the last entry that turned authentication on or off
  bool auth_ = false, auth_at_end_ = false;
};

}  // namespace etcdmedic::witness
