// SPDX-License-Identifier: Apache-2.0
#include "replay/machine.h"

#include <algorithm>

#include "base/try.h"
#include "mvcc/lease.h"
#include "replay/entry_applier.h"

namespace etcdmedic::replay {
namespace {

Result<void> FillKeys(const mvcc::Store& store, int64_t revision, KeySpace& keys) {
  keys.Start(revision == 0 ? store.current_revision() : revision, store.compact_revision());
  return store.Range(mvcc::EveryKey(), revision, [&keys](const mvcc::KeyValue& kv) {
    keys.AddLive(kv.key, {kv.create_revision, kv.mod_revision, kv.version, kv.lease, kv.value});
    return true;
  });
}

}  // namespace

Result<Machine> Machine::From(const mvcc::Store& store, const MachineOptions& options,
                              diag::FindingSink& sink, int64_t revision) {
  Machine machine(options);
  const mvcc::BackendState backend = mvcc::ReadBackendState(store, sink);
  machine.index_ = backend.consistent_index.value_or(0);
  machine.term_ = backend.term.value_or(0);
  machine.auth_ = AuthStore(mvcc::ReadAuth(store, sink));
  machine.cluster_ = ClusterState(backend);
  const auto leases = mvcc::ReadLeases(store, 0, sink);
  if (!leases) return Propagate(leases);
  for (const mvcc::Lease& lease : *leases) {
    if (lease.known) machine.keys_.leases().Grant(lease.id, lease.ttl, lease.remaining_ttl);
  }
  RETURN_IF_ERROR(FillKeys(store, revision, machine.keys_));
  return machine;
}

Machine Machine::From(const Beginning& beginning, const MachineOptions& options) {
  Machine machine(options);
  machine.index_ = beginning.index;
  machine.term_ = beginning.term;
  machine.auth_ = AuthStore(beginning.auth);
  machine.keys_.Start(beginning.revision, beginning.compacted);
  machine.keys_.leases().AssumeAll();
  for (const auto& [key, state] : beginning.keys) machine.keys_.AddLive(key, state);
  return machine;
}

Applied Machine::Apply(const LogEntry& entry) {
  Applied applied{.first_record = keys_.records().size()};
  if (entry.index <= index_) return applied;
  applied = EntryApplier(*this).Apply(entry);
  index_ = entry.index;
  term_ = entry.term;
  return applied;
}

}  // namespace etcdmedic::replay
