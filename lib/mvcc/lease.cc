// SPDX-License-Identifier: Apache-2.0
#include "mvcc/lease.h"

#include <fmt/format.h>

#include <map>

#include "base/try.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::mvcc {
namespace {

bool ParseLease(Bytes key, Bytes message, Lease& out) {
  using Fields = proto::leasepb::Lease;
  const bool whole = proto::ForEachField(message, [&out](const proto::WireField& field) {
    switch (field.number) {
      case Fields::kID:
        return field.Number(out.id);
      case Fields::kTTL:
        return field.Number(out.ttl);
      case Fields::kRemainingTTL:
        return field.Number(out.remaining_ttl);
      default:
        return true;
    }
  });
  const auto id = ByteReader(key).Big<uint64_t>();
  return whole && key.size() == 8 && static_cast<int64_t>(*id) == out.id;
}

std::map<int64_t, Lease> ReadEntries(const Store& store, diag::FindingSink& sink) {
  std::map<int64_t, Lease> leases;
  store.view().ForEach("lease", [&](Bytes key, Bytes value) {
    Lease lease;
    lease.offset = store.OffsetOf(key);
    if (ParseLease(key, value, lease)) {
      leases.emplace(lease.id, std::move(lease));
    } else {
      sink.Add({diag::Code::kMvccLease,
                {store.file(), store.OffsetOf(key)},
                key.size() + value.size(),
                "an entry in bucket lease is not a lease"});
    }
    return true;
  });
  return leases;
}

}  // namespace

bool IsLease(Bytes key, Bytes value) {
  Lease lease;
  return ParseLease(key, value, lease);
}

void CheckLeaseEntries(const Store& store, diag::FindingSink& sink) { ReadEntries(store, sink); }

Result<std::vector<Lease>> ReadLeases(const Store& store, int64_t revision, diag::FindingSink& sink) {
  const auto at = store.RevisionOr(revision);
  if (!at) return Propagate(at);
  const auto index = store.Index(EveryKey(), *at);
  if (!index) return Propagate(index);
  return ReadLeases(store, *index, sink);
}

std::vector<Lease> ReadLeases(const Store& store, const KeyIndex& index, diag::FindingSink& sink) {
  std::map<int64_t, Lease> leases = ReadEntries(store, sink);
  std::map<int64_t, Lease> unknown;
  index.ForEachKey([&](Numbers numbers) {
    if (index.IsTombstone(numbers.back())) return true;
    const KeyValue kv = index.At(numbers.back()).kv;
    if (kv.lease == 0) return true;
    const auto found = leases.find(kv.lease);
    Lease& lease = found != leases.end() ? found->second : unknown[kv.lease];
    lease.keys.emplace_back(kv.key);
    return true;
  });
  std::vector<Lease> all;
  for (auto& [id, lease] : leases) all.push_back(std::move(lease));
  for (auto& [id, lease] : unknown) {
    lease.id = id;
    lease.known = false;
    all.push_back(std::move(lease));
  }
  return all;
}

}  // namespace etcdmedic::mvcc
