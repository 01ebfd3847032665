// SPDX-License-Identifier: Apache-2.0
// The small ones of etcdctl's documents.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "diag/naming_sink.h"
#include "mvcc/backend.h"
#include "render/text.h"
#include "views/etcdctl_json.h"

namespace etcdmedic::tool {
namespace {

using Json = nlohmann::ordered_json;

// Adds a field unless it is zero or empty, as Go does where its type says omitempty.
template <class T>
void Add(Json& to, const char* name, const T& value) {
  if (value != T()) to[name] = value;
}

std::string Base64Of(std::string_view text) { return render::Base64(AsBytes(text)); }

Json FieldsOf(const EtcdctlHeader& header) {
  Json fields = Json::object();
  Add(fields, "cluster_id", header.cluster_id);
  Add(fields, "member_id", header.member_id);
  Add(fields, "revision", header.revision);
  Add(fields, "raft_term", header.raft_term);
  return fields;
}

Json WithHeader(const OpenedStore& opened) { return {{"header", FieldsOf(HeaderOf(opened))}}; }

// etcd's answers about members carry no revision.
Json WithMemberHeader(const OpenedStore& opened) {
  EtcdctlHeader header = HeaderOf(opened);
  header.revision = 0;
  return {{"header", FieldsOf(header)}};
}

void Write(Context& context, const Json& document) {
  context.out.Write(document.dump(-1, ' ', false, Json::error_handler_t::replace));
  context.out.Write("\n");
}

int64_t TimeLeft(const mvcc::Lease& lease) {
  return lease.remaining_ttl > 0 ? lease.remaining_ttl : lease.ttl;
}

// From 3.6 on, the first to write a storage version, etcd tells what the role root really may do: everything.
bool AnswersAs36(const OpenedStore& opened) {
  diag::NoSink reported;  // by the check
  return !mvcc::ReadBackendState(*opened.store, reported).storage_version.empty();
}

template <class Named>
void WriteNames(Context& context, const OpenedStore& opened, const char* list,
                const std::vector<Named>& all) {
  Json document = WithHeader(opened);
  for (const Named& one : all) document[list].push_back(one.name);
  Write(context, document);
}

}  // namespace

void WriteEtcdctlMembers(Context& context, const OpenedStore& opened, std::vector<cluster::Member> members) {
  std::ranges::sort(members, {}, &cluster::Member::id);
  Json document = WithMemberHeader(opened);
  for (const cluster::Member& member : members) {
    Json one = Json::object();
    Add(one, "ID", member.id);
    Add(one, "name", member.name);
    Add(one, "peerURLs", member.peer_urls);
    Add(one, "clientURLs", member.client_urls);
    Add(one, "isLearner", member.is_learner);
    document["members"].push_back(std::move(one));
  }
  Write(context, document);
}

void WriteEtcdctlAlarms(Context& context, const OpenedStore& opened, const std::vector<mvcc::Alarm>& alarms) {
  Json document = WithHeader(opened);
  for (const mvcc::Alarm& alarm : alarms) {
    Json one = Json::object();
    Add(one, "memberID", alarm.member_id);
    Add(one, "alarm", static_cast<uint64_t>(alarm.type));
    document["alarms"].push_back(std::move(one));
  }
  Write(context, document);
}

void WriteEtcdctlLeases(Context& context, const OpenedStore& opened, const std::vector<mvcc::Lease>& leases) {
  std::vector<const mvcc::Lease*> known;
  for (const mvcc::Lease& lease : leases) {
    if (lease.known) known.push_back(&lease);
  }
  std::ranges::stable_sort(known, {}, [](const mvcc::Lease* lease) { return TimeLeft(*lease); });
  Json document = FieldsOf(HeaderOf(opened));
  document["leases"] = Json::array();
  for (const mvcc::Lease* lease : known) document["leases"].push_back({{"id", lease->id}});
  Write(context, document);
}

void WriteEtcdctlLease(Context& context, const OpenedStore& opened, const mvcc::Lease& lease) {
  Json document = FieldsOf(HeaderOf(opened));
  document["id"] = lease.id;
  document["ttl"] = lease.known ? TimeLeft(lease) : -1;
  document["granted-ttl"] = lease.ttl;
  document["keys"] = nullptr;
  if (lease.known) {
    for (const std::string& key : lease.keys) document["keys"].push_back(Base64Of(key));
  }
  Write(context, document);
}

void WriteEtcdctlAuthStatus(Context& context, const OpenedStore& opened, const mvcc::Auth& auth) {
  Json document = WithHeader(opened);
  Add(document, "enabled", auth.enabled);
  Add(document, "authRevision", auth.revision);
  Write(context, document);
}

void WriteEtcdctlUsers(Context& context, const OpenedStore& opened, const std::vector<mvcc::User>& users) {
  WriteNames(context, opened, "users", users);
}

void WriteEtcdctlRoles(Context& context, const OpenedStore& opened, const std::vector<mvcc::Role>& roles) {
  WriteNames(context, opened, "roles", roles);
}

void WriteEtcdctlUser(Context& context, const OpenedStore& opened, const mvcc::User& user) {
  Json document = WithHeader(opened);
  Add(document, "roles", user.roles);
  Write(context, document);
}

void WriteEtcdctlRole(Context& context, const OpenedStore& opened, const mvcc::Role& role) {
  static const std::vector<mvcc::Permission> kEverything = {
      {mvcc::PermissionType::kReadWrite, "", std::string(1, '\0')}};
  const bool whole = role.name == "root" && AnswersAs36(opened);
  Json document = WithHeader(opened);
  for (const mvcc::Permission& permission : whole ? kEverything : role.permissions) {
    Json one = Json::object();
    Add(one, "permType", static_cast<uint64_t>(permission.type));
    Add(one, "key", Base64Of(permission.key));
    Add(one, "range_end", Base64Of(permission.range_end));
    document["perm"].push_back(std::move(one));
  }
  Write(context, document);
}

void WriteEtcdctlHashKv(Context& context, const OpenedStore& opened, const mvcc::HashKv& hash) {
  Json answer = WithHeader(opened);
  Add(answer, "hash", hash.hash);
  Add(answer, "compact_revision", hash.compact_revision);
  Add(answer, "hash_revision", hash.revision);
  Write(context, Json::array({{{"Endpoint", opened.layout.given}, {"HashKV", std::move(answer)}}}));
}

}  // namespace etcdmedic::tool
