// SPDX-License-Identifier: Apache-2.0
#include "salvage/anchors.h"

#include <functional>

#include "mvcc/key_value.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::salvage {
namespace {

using replay::PutOp;
using Fields = proto::etcdserverpb::InternalRaftRequest;

std::optional<PutOp> FirstPutOf(const replay::Txn& txn) {
  if (txn.success.empty() || txn.success.front().kind != replay::Op::Kind::kPut) return std::nullopt;
  return txn.success.front().put;
}

uint64_t HashOf(std::string_view key, std::string_view value, int64_t lease) {
  const std::hash<std::string_view> hash;
  return hash(key) * 31 + hash(value) * 17 + static_cast<uint64_t>(lease);
}

bool Holds(const mvcc::KeyValue& kv, const PutOp& put) {
  return kv.key == put.key && kv.value == put.value && kv.lease == put.lease;
}

}  // namespace

std::optional<PutOp> FirstPutOf(const replay::LogEntry& entry) {
  std::optional<PutOp> put;
  if (entry.form != raft::RequestForm::kInternal) return put;
  proto::ForEachField(entry.body, [&](const proto::WireField& field) {
    Bytes body;
    if (field.number == Fields::kPut && field.Payload(body)) put = replay::ParsePut(body);
    if (field.number == Fields::kTxn && field.Payload(body)) {
      const auto txn = replay::ParseTxn(body);
      if (txn) put = FirstPutOf(*txn);
    }
    return !put;
  });
  // What such a put stores depends on what was there.
  if (put && (put->ignore_value || put->ignore_lease)) return std::nullopt;
  return put;
}

Anchors::Anchors(const std::vector<DbSource>& sources, std::span<const Copy> copies, int64_t floor)
    : sources_(sources) {
  mvcc::KeyValue kv;
  for (const Copy& copy : copies) {
    if (copy.main < floor || copy.tombstone || copy.sub != 0 || copy.unframed) continue;
    if (!mvcc::ParseKeyValue(ValueOf(copy, sources_[copy.source].bytes), kv)) continue;
    const auto [place, is_new] = puts_.try_emplace(HashOf(kv.key, kv.value, kv.lease), &copy);
    if (!is_new && place->second != nullptr && place->second->main != copy.main) place->second = nullptr;
  }
}

std::optional<int64_t> Anchors::RevisionOf(const replay::LogEntry& entry) const {
  const auto put = FirstPutOf(entry);
  if (!put) return std::nullopt;
  const auto found = puts_.find(HashOf(put->key, put->value, put->lease));
  if (found == puts_.end() || found->second == nullptr) return std::nullopt;
  const Copy& copy = *found->second;
  mvcc::KeyValue kv;
  if (!mvcc::ParseKeyValue(ValueOf(copy, sources_[copy.source].bytes), kv) || !Holds(kv, *put))
    return std::nullopt;
  return copy.main;
}

}  // namespace etcdmedic::salvage
