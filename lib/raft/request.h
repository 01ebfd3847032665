// SPDX-License-Identifier: Apache-2.0
// What a raft entry asks for: docs/format/wal.md, "Requests". Views last as long as the entry.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "proto/message.h"
#include "raft/entry.h"

namespace etcdmedic::raft {

enum class RequestForm : uint8_t {
  kEmpty,       // the no-op of a new leader
  kInternal,    // InternalRaftRequest
  kV2,          // Request of the v2 API, as etcd 2.x to 3.5 write it
  kConfChange,  // raftpb.ConfChange
  kConfChangeV2,
  kUndecodable,  // etcd panics on it
};

struct Request {
  RequestForm form = RequestForm::kEmpty;
  std::string_view kind;  // "put", "txn", "lease_grant", "v2", "conf_change", "empty", "undecodable"
  const proto::MessageInfo* info = nullptr;  // of `body`; null for kEmpty and kUndecodable
  Bytes body;                                // the whole message
  uint64_t id = 0;                           // of the request, from the header where there is one
  std::string_view username;                 // where authentication was on
  uint64_t auth_revision = 0;
};

// Tells v2 and v3 requests apart as etcd does: by strict parsing.
Request DecodeRequest(const Entry& entry);

// Whether a request is of the type `name`: one of our kinds ("put"), or one of etcd-dump-logs' entry types
// (Normal, ConfigChange, Request, InternalRaftRequest, IRRPut, …). Case does not matter. Nothing where no
// such type exists.
std::optional<bool> IsOfType(const Request& request, std::string_view name);

// All such names, for people: "put, txn, …".
std::string TypeNames();

// Calls `each` with every key and range end that the request names, those in nested transactions included.
using EachKey = std::function<void(Bytes key, Bytes range_end)>;
void ForEachKey(const Request& request, const EachKey& each);

// Calls `each` with key and value of every put that the request makes, in its order, those in transactions
// included.
using EachPut = std::function<void(Bytes key, Bytes value)>;
void ForEachPut(const Request& request, const EachPut& each);

// A request of the v2 API, also one wrapped in an InternalRaftRequest.
struct V2Request {
  std::string_view method;
  std::string_view path;
  std::string_view value;
  // A member's attributes or the cluster version, which etcd 3.4 and 3.5 write themselves; the rest is of
  // clients.
  bool OfCluster() const;
};
std::optional<V2Request> AsV2(const Request& request);

// Whether a request sets the name and client URLs of a member, in either form.
bool SetsAttributes(const Request& request);

// The cluster version that a request sets, "3.6.0", in the v2 form or the later one; empty where it sets
// none.
std::string_view ClusterVersionOf(const Request& request);

// One line: `put "/registry/pods/default/keepr" 1.2 KiB`. Secrets are replaced unless asked for.
std::string Summarize(const Request& request, bool show_secrets, bool show_values = true);

// Whether a field is what a request of the v2 store writes or expects there.
bool IsV2Value(const proto::FieldInfo& field);

}  // namespace etcdmedic::raft
