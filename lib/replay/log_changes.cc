// SPDX-License-Identifier: Apache-2.0
#include "replay/log_changes.h"

#include <algorithm>

#include "base/try.h"
#include "raft/conf_change.h"

namespace etcdmedic::replay {
namespace {

// All that the log ever wrote; nothing where a replay does not come to the backend's own revision.
std::optional<Machine> ReplayAll(const LogInput& input) {
  const std::vector<LogEntry> entries = input.entries.Between(input.log, 0, input.committed);
  for (const unsigned minor : kMinors) {
    Machine machine({.minor = minor});
    bool agrees = true;
    for (const LogEntry& entry : entries) {
      machine.Apply(entry);
      if (entry.index == input.applied) agrees = machine.keys().revision() == input.store.current_revision();
      if (!agrees) break;
    }
    if (agrees && machine.index() >= input.applied) return machine;
  }
  return std::nullopt;
}

}  // namespace

Result<LogChanges> ChangesOf(const LogInput& input, diag::FindingSink& sink) {
  LogChanges changes;
  changes.newest = input.store.current_revision();
  const bool compacted = input.store.compact_revision() > 0;
  if (compacted && raft::BeginsEmpty(input.log)) {
    if (auto machine = ReplayAll(input)) {
      changes.records = machine->keys().records();
      changes.newest = machine->keys().revision();
      return changes;
    }
  }
  if (compacted && input.log.first_index() != 0 && input.log.first_index() <= input.applied) {
    changes.unplaced_first = input.log.first_index();
    changes.unplaced_last = input.applied;
  }
  const std::vector<LogEntry> entries = input.entries.Between(input.log, input.applied, input.committed);
  const bool any = std::ranges::any_of(entries, [](const LogEntry& entry) { return !entry.body.empty(); });
  if (!any) return changes;
  auto machine = Machine::From(input.store, {}, sink);
  if (!machine) return Propagate(machine);
  for (const LogEntry& entry : entries) machine->Apply(entry);
  changes.records = machine->keys().records();
  changes.newest = machine->keys().revision();
  return changes;
}

}  // namespace etcdmedic::replay
