// SPDX-License-Identifier: Apache-2.0
#include "startup/unapplied.h"

#include <algorithm>

#include "diag/naming_sink.h"
#include "mvcc/backend.h"
#include "raft/entry.h"
#include "startup/etcd_decoder.h"

namespace etcdmedic::startup {
namespace {

// What the last segment says, as far as it bears on what was applied.
struct Tail {
  uint64_t commit = 0;
  uint64_t first_entry = 0;  // 0: no entry
  // Indexes of entries that hold a request; the segment's entries are written in order, and again after a
  // change of leader.
  std::vector<uint64_t> requests;
};

void Note(const wal::Record& record, uint64_t applied, Tail& tail) {
  raft::HardState state;
  raft::Entry entry;
  if (record.type == wal::RecordType::kState && raft::ParseHardState(record.data, state))
    tail.commit = state.commit;
  if (record.type != wal::RecordType::kEntry || !raft::ParseEntry(record.data, entry)) return;
  if (tail.first_entry == 0) tail.first_entry = entry.index;
  if (entry.index > applied && entry.type == raft::EntryType::kNormal && !entry.data.empty())
    tail.requests.push_back(entry.index);
}

Tail ReadTail(Bytes segment, uint64_t applied) {
  EtcdDecoder decoder({segment}, {});
  Tail tail;
  for (Decoded next = decoder.Next(); next.end == DecodeEnd::kRecord; next = decoder.Next())
    Note(next.record, applied, tail);
  return tail;
}

}  // namespace

std::optional<Unapplied> FindUnapplied(const member::Layout& layout, Bytes db) {
  if (layout.segments.empty() || !layout.member_folder) return std::nullopt;
  diag::NoSink reported;  // by who reads the backend
  const auto backend = mvcc::ReadBackendState(db, {}, reported);
  const auto segment = MappedFile::Open(layout.segments.back().path);
  if (!backend || !segment) return std::nullopt;
  const uint64_t applied = backend->consistent_index.value_or(0);
  const Tail tail = ReadTail(segment->bytes(), applied);
  if (tail.commit <= applied) return std::nullopt;
  const bool reaches_back = tail.first_entry == 0 || tail.first_entry > applied + 1;
  const bool holds_requests =
      std::ranges::any_of(tail.requests, [&](uint64_t index) { return index <= tail.commit; });
  if (!reaches_back && !holds_requests) return std::nullopt;
  return Unapplied{applied + 1, tail.commit};
}

}  // namespace etcdmedic::startup
