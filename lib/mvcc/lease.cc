// SPDX-License-Identifier: Apache-2.0
#include "mvcc/lease.h"

#include <fmt/format.h>

#include <map>

#include "proto/message_reader.h"

namespace etcdmedic::mvcc {
namespace {

// leasepb.Lease: 1 ID, 2 TTL, 3 RemainingTTL.
bool ParseLease(Bytes key, Bytes message, Lease& out) {
  proto::MessageReader reader(message);
  proto::Field field;
  while (reader.Next(field)) {
    if (field.number < 1 || field.number > 3) continue;
    if (!field.is_number) return false;
    (field.number == 1   ? out.id
     : field.number == 2 ? out.ttl
                         : out.remaining_ttl) = static_cast<int64_t>(field.value);
  }
  const auto id = ByteReader(key).Big<uint64_t>();
  return reader.sound() && key.size() == 8 && static_cast<int64_t>(*id) == out.id;
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
                "an entry of bucket lease is no lease"});
    }
    return true;
  });
  return leases;
}

}  // namespace

void CheckLeaseEntries(const Store& store, diag::FindingSink& sink) { ReadEntries(store, sink); }

Result<std::vector<Lease>> ReadLeases(const Store& store, int64_t revision, diag::FindingSink& sink) {
  std::map<int64_t, Lease> leases = ReadEntries(store, sink);
  std::map<int64_t, Lease> unknown;
  const auto done = store.Range(EveryKey(), revision, [&](const KeyValue& kv) {
    if (kv.lease == 0) return true;
    const auto found = leases.find(kv.lease);
    Lease& lease = found != leases.end() ? found->second : unknown[kv.lease];
    lease.keys.emplace_back(kv.key);
    return true;
  });
  if (!done) return tl::make_unexpected(done.error());
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
