// SPDX-License-Identifier: Apache-2.0
// What one entry does to the state machine: etcd's chain of appliers (corrupt, capped, auth, backend) as one
// table of requests. docs/format/mvcc.md, "How entries become revisions".
#pragma once

#include "replay/machine.h"
#include "replay/request_tree.h"

namespace etcdmedic::replay {

class EntryApplier {
 public:
  explicit EntryApplier(Machine& machine) : machine_(machine) {}

  Applied Apply(const LogEntry& entry);

 private:
  using Handler = Effect (EntryApplier::*)(Bytes body);
  // A request of InternalRaftRequest, by its field.
  struct Row {
    uint32_t number;
    Handler handler;
    bool admin = false;        // of users and roles: for users with role root alone
    bool not_corrupt = false;  // refused while a CORRUPT alarm is raised
  };
  static const Row kRows[];

  Effect ApplyInternal(Bytes request);
  Effect ApplyV2(std::string_view path, std::string_view value);
  Effect ApplyConfChange(const LogEntry& entry);
  void ReadHeader(Bytes header);

  Effect Put(Bytes body);
  Effect Delete(Bytes body);
  Effect Transact(Bytes body);
  Effect Compact(Bytes body);
  Effect GrantLease(Bytes body);
  Effect RevokeLease(Bytes body);
  Effect CheckpointLeases(Bytes body);
  Effect SetAlarm(Bytes body);
  Effect SetVersion(Bytes body);
  Effect SetAttributes(Bytes body);
  Effect SetDowngrade(Bytes body);
  Effect Nothing(Bytes) { return Effect::kNone; }
  Effect V2(Bytes body);

  Effect EnableAuth(Bytes body);
  Effect DisableAuth(Bytes body);
  Effect AddUser(Bytes body);
  Effect DeleteUser(Bytes body);
  Effect ChangePassword(Bytes body);
  Effect GrantRole(Bytes body);
  Effect RevokeRole(Bytes body);
  Effect AddRole(Bytes body);
  Effect DeleteRole(Bytes body);
  Effect GrantPermission(Bytes body);
  Effect RevokePermission(Bytes body);

  bool MayPut(const PutOp& put) const;
  bool MayDelete(const DeleteOp& remove) const;
  bool MayTouchKeysOf(int64_t lease) const;
  bool MayTransact(const Txn& txn) const;
  bool MayAll(const std::vector<Op>& ops) const;
  bool capped() const { return machine_.cluster_.HasAlarm(mvcc::AlarmType::kNoSpace); }

  Machine& machine_;
  Identity who_;
};

}  // namespace etcdmedic::replay
