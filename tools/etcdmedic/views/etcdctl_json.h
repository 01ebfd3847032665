// SPDX-License-Identifier: Apache-2.0
// The documents that etcdctl prints with -w json, for programs that read those: bytes as base64, most of what
// is zero left out.
#pragma once

#include "inputs/key_query.h"
#include "inputs/open_store.h"
#include "mvcc/auth.h"
#include "mvcc/backend.h"
#include "mvcc/hash.h"
#include "mvcc/lease.h"

namespace etcdmedic::tool {

// A document as Go's encoder writes it: one line without blanks.
template <class Fill>
void WriteGoDocument(Context& context, const Fill& fill) {
  render::Document document(context.out, render::Format::kGo);
  document.BeginMap();
  fill(document);
  document.EndMap();
}

// What every answer of etcd begins with. The ids come from the log's metadata; 0 where PATH has no log.
struct EtcdctlHeader {
  uint64_t cluster_id = 0;
  uint64_t member_id = 0;
  int64_t revision = 0;
  uint64_t raft_term = 0;  // of the last applied entry; 0 where the backend does not tell it
};
EtcdctlHeader HeaderOf(const OpenedStore& opened);
// Its fields, but for those that are 0.
void WriteHeader(render::Document& document, const EtcdctlHeader& header);

// `get`; gives how many keys the range has. Errors: as VisitKeys.
Result<uint64_t> WriteEtcdctlRange(Context& context, const OpenedStore& opened, const KeyQuery& query);

// `watch KEY --rev OLDEST`: all changes in one answer. Other than a watch it can begin before the compacted
// revision, with what was kept.
void WriteEtcdctlHistory(Context& context, const OpenedStore& opened,
                         const std::vector<mvcc::Change>& changes);

// `member list`.
void WriteEtcdctlMembers(Context& context, const OpenedStore& opened, std::vector<cluster::Member> members);
// `alarm list`.
void WriteEtcdctlAlarms(Context& context, const OpenedStore& opened, const std::vector<mvcc::Alarm>& alarms);
// `lease list`: those that exist, the one that ends first in front.
void WriteEtcdctlLeases(Context& context, const OpenedStore& opened, const std::vector<mvcc::Lease>& leases);
// `lease timetolive --keys`. Time stands still in a file: what is left is what a started etcd would give.
void WriteEtcdctlLease(Context& context, const OpenedStore& opened, const mvcc::Lease& lease);
// `auth status`.
void WriteEtcdctlAuthStatus(Context& context, const OpenedStore& opened, const mvcc::Auth& auth);
// `user list` and `role list`.
void WriteEtcdctlUsers(Context& context, const OpenedStore& opened, const std::vector<mvcc::User>& users);
void WriteEtcdctlRoles(Context& context, const OpenedStore& opened, const std::vector<mvcc::Role>& roles);
// `user get` and `role get`.
void WriteEtcdctlUser(Context& context, const OpenedStore& opened, const mvcc::User& user);
void WriteEtcdctlRole(Context& context, const OpenedStore& opened, const mvcc::Role& role);
// `endpoint hashkv`, with the path as the endpoint.
void WriteEtcdctlHashKv(Context& context, const OpenedStore& opened, const mvcc::HashKv& hash);

}  // namespace etcdmedic::tool
