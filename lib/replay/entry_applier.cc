// SPDX-License-Identifier: Apache-2.0
#include "replay/entry_applier.h"

#include <algorithm>

#include "base/hex.h"
#include "cluster/members.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"
#include "replay/transaction.h"

namespace etcdmedic::replay {
namespace {

namespace pb = proto::etcdserverpb;
using Fields = pb::InternalRaftRequest;
using proto::ForEachField;
using proto::WireField;

constexpr int64_t kLongestLease = 9'000'000'000;  // seconds
constexpr int64_t kShortestLease = 2;             // seconds, with etcd's default timeouts
constexpr std::string_view kMembers = "/0/members/";
constexpr std::string_view kAttributes = "/attributes";

Effect DoneIf(bool done) { return done ? Effect::kDone : Effect::kRefused; }

// The number of a member in "/0/members/ID/attributes"; nothing for another path.
std::optional<uint64_t> MemberOf(std::string_view path) {
  if (!path.starts_with(kMembers) || !path.ends_with(kAttributes)) return std::nullopt;
  path.remove_prefix(kMembers.size());
  path.remove_suffix(std::min(path.size(), kAttributes.size()));
  return ParseHex(path);
}

}  // namespace

const EntryApplier::Row EntryApplier::kRows[] = {
    {.number = Fields::kV2, .handler = &EntryApplier::V2},
    {.number = Fields::kRange, .handler = &EntryApplier::Nothing},
    {.number = Fields::kPut, .handler = &EntryApplier::Put, .not_corrupt = true},
    {.number = Fields::kDeleteRange, .handler = &EntryApplier::Delete, .not_corrupt = true},
    {.number = Fields::kTxn, .handler = &EntryApplier::Transact, .not_corrupt = true},
    {.number = Fields::kCompaction, .handler = &EntryApplier::Compact, .not_corrupt = true},
    {.number = Fields::kLeaseGrant, .handler = &EntryApplier::GrantLease, .not_corrupt = true},
    {.number = Fields::kLeaseRevoke, .handler = &EntryApplier::RevokeLease, .not_corrupt = true},
    {.number = Fields::kLeaseCheckpoint, .handler = &EntryApplier::CheckpointLeases},
    {.number = Fields::kAlarm, .handler = &EntryApplier::SetAlarm},
    {.number = Fields::kClusterVersionSet, .handler = &EntryApplier::SetVersion},
    {.number = Fields::kClusterMemberAttrSet, .handler = &EntryApplier::SetAttributes},
    {.number = Fields::kDowngradeInfoSet, .handler = &EntryApplier::SetDowngrade},
    {.number = Fields::kDowngradeVersionTest, .handler = &EntryApplier::Nothing},
    {.number = Fields::kAuthenticate, .handler = &EntryApplier::Nothing},
    {.number = Fields::kAuthStatus, .handler = &EntryApplier::Nothing},
    {.number = Fields::kAuthUserGet, .handler = &EntryApplier::Nothing},
    {.number = Fields::kAuthUserList, .handler = &EntryApplier::Nothing},
    {.number = Fields::kAuthRoleGet, .handler = &EntryApplier::Nothing},
    {.number = Fields::kAuthRoleList, .handler = &EntryApplier::Nothing},
    {.number = Fields::kAuthEnable, .handler = &EntryApplier::EnableAuth, .admin = true},
    {.number = Fields::kAuthDisable, .handler = &EntryApplier::DisableAuth, .admin = true},
    {.number = Fields::kAuthUserAdd, .handler = &EntryApplier::AddUser, .admin = true},
    {.number = Fields::kAuthUserDelete, .handler = &EntryApplier::DeleteUser, .admin = true},
    {.number = Fields::kAuthUserChangePassword, .handler = &EntryApplier::ChangePassword, .admin = true},
    {.number = Fields::kAuthUserGrantRole, .handler = &EntryApplier::GrantRole, .admin = true},
    {.number = Fields::kAuthUserRevokeRole, .handler = &EntryApplier::RevokeRole, .admin = true},
    {.number = Fields::kAuthRoleAdd, .handler = &EntryApplier::AddRole, .admin = true},
    {.number = Fields::kAuthRoleDelete, .handler = &EntryApplier::DeleteRole, .admin = true},
    {.number = Fields::kAuthRoleGrantPermission, .handler = &EntryApplier::GrantPermission, .admin = true},
    {.number = Fields::kAuthRoleRevokePermission, .handler = &EntryApplier::RevokePermission, .admin = true},
};

Applied EntryApplier::Apply(const LogEntry& entry) {
  KeySpace& keys = machine_.keys_;
  Applied applied{.first_record = keys.records().size()};
  keys.Begin();
  switch (entry.form) {
    case raft::RequestForm::kEmpty:
      break;
    case raft::RequestForm::kInternal:
      applied.effect = ApplyInternal(entry.body);
      break;
    case raft::RequestForm::kV2:
      applied.effect = V2(entry.body);
      break;
    case raft::RequestForm::kConfChange:
      applied.effect = ApplyConfChange(entry);
      break;
    default:
      applied.effect = Effect::kUnknown;
  }
  applied.revision = keys.End();
  return applied;
}

Effect EntryApplier::ApplyInternal(Bytes request) {
  const Row* row = nullptr;
  Bytes body;
  const bool whole = ForEachField(request, [&](const WireField& field) {
    Bytes header;
    if (field.number == Fields::kHeader && field.Payload(header)) ReadHeader(header);
    if (row != nullptr) return true;
    const auto found = std::ranges::find(kRows, field.number, &Row::number);
    if (found == std::end(kRows)) return true;
    row = found;
    return field.Payload(body);
  });
  if (!whole || row == nullptr) return Effect::kUnknown;
  if (row->not_corrupt && machine_.cluster_.HasAlarm(mvcc::AlarmType::kCorrupt)) return Effect::kRefused;
  if (row->admin && !machine_.auth_.MayAdminister(who_)) return Effect::kRefused;
  return (this->*row->handler)(body);
}

void EntryApplier::ReadHeader(Bytes header) {
  ForEachField(header, [this](const WireField& field) {
    if (field.number == pb::RequestHeader::kUsername) return field.Payload(who_.user);
    return field.number != pb::RequestHeader::kAuthRevision || field.Number(who_.revision);
  });
}

// The v2 store is not part of the backend, except for what etcd itself writes there.
Effect EntryApplier::V2(Bytes body) {
  std::string_view method, path, value;
  ForEachField(body, [&](const WireField& field) {
    if (field.number == pb::Request::kMethod) return field.Payload(method);
    if (field.number == pb::Request::kPath) return field.Payload(path);
    return field.number != pb::Request::kVal || field.Payload(value);
  });
  return method == "PUT" ? ApplyV2(path, value) : Effect::kNone;
}

Effect EntryApplier::ApplyV2(std::string_view path, std::string_view value) {
  if (path == "/0/version") {
    machine_.cluster_.SetVersion(value);
    return Effect::kDone;
  }
  const auto id = MemberOf(path);
  auto document = cluster::ParseMemberDocument(value);
  if (!id || !document) return Effect::kNone;
  return DoneIf(machine_.cluster_.SetAttributes(*id, std::move(document->member.name),
                                                std::move(document->member.client_urls)));
}

Effect EntryApplier::ApplyConfChange(const LogEntry& entry) {
  const auto change = raft::ParseConfChange({.index = entry.index,
                                             .term = entry.term,
                                             .type = raft::EntryType::kConfChange,
                                             .data = std::string(AsText(entry.body))});
  if (!change) return Effect::kUnknown;
  return DoneIf(machine_.cluster_.Apply(*change));
}

Effect EntryApplier::Put(Bytes body) {
  const auto put = ParsePut(body);
  if (!put) return Effect::kUnknown;
  return DoneIf(!capped() && MayPut(*put) && ApplyPut(*put, machine_.keys_));
}

Effect EntryApplier::Delete(Bytes body) {
  const auto remove = ParseDelete(body);
  if (!remove) return Effect::kUnknown;
  if (!MayDelete(*remove)) return Effect::kRefused;
  machine_.keys_.DeleteRange(remove->key, remove->end);
  return Effect::kDone;
}

Effect EntryApplier::Transact(Bytes body) {
  const auto txn = ParseTxn(body);
  if (!txn) return Effect::kUnknown;
  if (capped() && CostOf(*txn) > 0) return Effect::kRefused;
  const bool check_top_ranges = machine_.options_.minor >= 7;
  return DoneIf(MayTransact(*txn) && ApplyTxn(*txn, check_top_ranges, machine_.keys_));
}

Effect EntryApplier::Compact(Bytes body) {
  int64_t revision = 0;
  ForEachField(body, [&](const WireField& field) {
    return field.number != pb::CompactionRequest::kRevision || field.Number(revision);
  });
  return DoneIf(machine_.keys_.Compact(revision));
}

Effect EntryApplier::GrantLease(Bytes body) {
  int64_t id = 0, ttl = 0;
  ForEachField(body, [&](const WireField& field) {
    if (field.number == pb::LeaseGrantRequest::kID) return field.Number(id);
    return field.number != pb::LeaseGrantRequest::kTTL || field.Number(ttl);
  });
  Lessor& leases = machine_.keys_.leases();
  if (capped() || id == 0 || ttl > kLongestLease || leases.Find(id) != nullptr) return Effect::kRefused;
  leases.Grant(id, std::max(ttl, kShortestLease));
  machine_.leases_changed_ = true;
  return Effect::kDone;
}

Effect EntryApplier::RevokeLease(Bytes body) {
  int64_t id = 0;
  ForEachField(body, [&](const WireField& field) {
    return field.number != pb::LeaseRevokeRequest::kID || field.Number(id);
  });
  KeySpace& keys = machine_.keys_;
  const Lease* const lease = keys.leases().Find(id);
  if (lease == nullptr || !MayTouchKeysOf(id)) return Effect::kRefused;
  const std::vector<std::string_view> attached(lease->keys.begin(), lease->keys.end());
  for (const std::string_view key : attached) keys.Delete(key);
  keys.leases().Revoke(id);
  machine_.leases_changed_ = true;
  return Effect::kDone;
}

Effect EntryApplier::CheckpointLeases(Bytes body) {
  // From 3.6 on the time left is stored; before that only with an experimental flag.
  if (machine_.options_.minor < 6) return Effect::kNone;
  ForEachField(body, [&](const WireField& field) {
    Bytes checkpoint;
    if (field.number != pb::LeaseCheckpointRequest::kCheckpoints || !field.Payload(checkpoint)) return true;
    int64_t id = 0, remaining = 0;
    ForEachField(checkpoint, [&](const WireField& inner) {
      if (inner.number == pb::LeaseCheckpoint::kID) return inner.Number(id);
      return inner.number != pb::LeaseCheckpoint::kRemainingTTL || inner.Number(remaining);
    });
    if (machine_.keys_.leases().Holds(id)) machine_.keys_.leases().Checkpoint(id, remaining);
    return true;
  });
  machine_.leases_changed_ = true;
  return Effect::kDone;
}

Effect EntryApplier::SetAlarm(Bytes body) {
  constexpr uint64_t kActivate = 1, kDeactivate = 2;
  uint64_t action = 0, member = 0;
  auto type = mvcc::AlarmType::kNone;
  ForEachField(body, [&](const WireField& field) {
    if (field.number == pb::AlarmRequest::kAction) return field.Number(action);
    if (field.number == pb::AlarmRequest::kMemberID) return field.Number(member);
    return field.number != pb::AlarmRequest::kAlarm || field.Number(type);
  });
  if (action == kActivate) machine_.cluster_.RaiseAlarm(member, type);
  if (action == kDeactivate) machine_.cluster_.ClearAlarm(member, type);
  return action == kActivate || action == kDeactivate ? Effect::kDone : Effect::kNone;
}

Effect EntryApplier::SetVersion(Bytes body) {
  std::string_view version;
  ForEachField(body, [&](const WireField& field) {
    return field.number != proto::membershippb::ClusterVersionSetRequest::kVer || field.Payload(version);
  });
  machine_.cluster_.SetVersion(version);
  return Effect::kDone;
}

Effect EntryApplier::SetAttributes(Bytes body) {
  using Request = proto::membershippb::ClusterMemberAttrSetRequest;
  using Attributes = proto::membershippb::Attributes;
  uint64_t id = 0;
  std::string name;
  std::vector<std::string> urls;
  ForEachField(body, [&](const WireField& field) {
    Bytes attributes;
    if (field.number == Request::kMemberID) return field.Number(id);
    if (field.number != Request::kMemberAttributes || !field.Payload(attributes)) return true;
    return ForEachField(attributes, [&](const WireField& inner) {
      if (inner.number == Attributes::kName) return inner.Payload(name);
      return inner.number != Attributes::kClientUrls || inner.Payload(urls.emplace_back());
    });
  });
  return DoneIf(machine_.cluster_.SetAttributes(id, std::move(name), std::move(urls)));
}

Effect EntryApplier::SetDowngrade(Bytes body) {
  using Request = proto::membershippb::DowngradeInfoSetRequest;
  bool enabled = false;
  std::string_view version;
  ForEachField(body, [&](const WireField& field) {
    if (field.number == Request::kEnabled) return field.Number(enabled);
    return field.number != Request::kVer || field.Payload(version);
  });
  machine_.cluster_.SetDowngrade(enabled, version);
  return Effect::kDone;
}

bool EntryApplier::MayPut(const PutOp& put) const {
  const AuthStore& auth = machine_.auth_;
  if (!auth.enabled()) return true;
  return auth.MayWrite(who_, put.key, {}) && (!put.prev_kv || auth.MayRead(who_, put.key, {})) &&
         MayTouchKeysOf(put.lease);
}

bool EntryApplier::MayDelete(const DeleteOp& remove) const {
  const AuthStore& auth = machine_.auth_;
  return auth.MayWrite(who_, remove.key, remove.end) &&
         (!remove.prev_kv || auth.MayRead(who_, remove.key, remove.end));
}

bool EntryApplier::MayTouchKeysOf(int64_t id) const {
  const AuthStore& auth = machine_.auth_;
  const Lease* const lease = machine_.keys_.leases().Find(id);
  if (lease == nullptr || auth.MayAdminister(who_)) return true;
  return std::ranges::all_of(lease->keys, [&](std::string_view key) { return auth.MayWrite(who_, key, {}); });
}

bool EntryApplier::MayTransact(const Txn& txn) const {
  const AuthStore& auth = machine_.auth_;
  if (!auth.enabled()) return true;
  return std::ranges::all_of(txn.compares,
                             [&](const Compare& each) { return auth.MayRead(who_, each.key, each.end); }) &&
         MayAll(txn.success) && MayAll(txn.failure);
}

bool EntryApplier::MayAll(const std::vector<Op>& ops) const {
  const AuthStore& auth = machine_.auth_;
  return std::ranges::all_of(ops, [&](const Op& op) {
    switch (op.kind) {
      case Op::Kind::kRange:
        return auth.MayRead(who_, op.range.key, op.range.end);
      case Op::Kind::kPut:
        return auth.MayWrite(who_, op.put.key, {});
      case Op::Kind::kDelete:
        return MayDelete(op.remove);
      case Op::Kind::kTxn:
        return MayTransact(*op.txn);
      case Op::Kind::kEmpty:
        break;
    }
    return true;
  });
}

}  // namespace etcdmedic::replay
