// SPDX-License-Identifier: Apache-2.0
#include "inputs/log_records.h"

#include "base/try.h"
#include "mvcc/backend.h"
#include "recover/sources.h"
#include "startup/unapplied.h"

namespace etcdmedic::tool {

Result<LogRecords> ReadLogRecords(OpenedStore& opened) {
  LogRecords read;
  const mvcc::Store& store = *opened.store;
  read.changes.newest = store.current_revision();
  const bool more = store.compact_revision() > 0 || startup::FindUnapplied(opened.layout, store.db());
  const auto backend = mvcc::ReadBackendState(store, opened.found);
  if (opened.layout.segments.empty() || !more) return read;
  auto member = member::LoadMember(opened.layout, {0, false, false});
  if (!member) return Propagate(member);
  read.member.emplace(std::move(*member));
  std::vector<raft::SegmentInput> inputs;
  for (const raft::Segment& segment : read.member->log.segments)
    inputs.push_back({segment.file, segment.bytes});
  replay::EntryList entries;
  raft::ReadLog(inputs, 0, &entries);
  const uint64_t applied = backend.consistent_index.value_or(0);
  const uint64_t committed = std::max(applied, recover::ExtentOf(*read.member).committed);
  auto changes = replay::ChangesOf({read.member->log, entries, store, applied, committed}, opened.found);
  if (!changes) return Propagate(changes);
  read.changes = std::move(*changes);
  return read;
}

}  // namespace etcdmedic::tool
