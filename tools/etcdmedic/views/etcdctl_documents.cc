// SPDX-License-Identifier: Apache-2.0
// The small ones of etcdctl's documents.
#include <algorithm>

#include "diag/naming_sink.h"
#include "mvcc/backend.h"
#include "render/text.h"
#include "views/etcdctl_json.h"

namespace etcdmedic::tool {
namespace {

std::string Base64Of(std::string_view text) { return render::Base64(AsBytes(text)); }

// A document that begins with etcd's header; `fill` writes the rest.
template <class Fill>
void WriteAnswer(Context& context, const EtcdctlHeader& header, const Fill& fill) {
  WriteGoDocument(context, [&](render::Document& document) {
    document.Map("header", [&] { WriteHeader(document, header); });
    fill(document);
  });
}

// Go leaves an empty list out.
template <class Items, class Fill>
void ListIf(render::Document& document, std::string_view key, const Items& items, const Fill& fill) {
  if (!items.empty()) document.List(key, items, fill);
}
void TextsIf(render::Document& document, std::string_view key, const std::vector<std::string>& texts) {
  if (!texts.empty()) document.Texts(key, texts);
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
void WriteNames(Context& context, const OpenedStore& opened, std::string_view list,
                const std::vector<Named>& all) {
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(one.name);
  WriteAnswer(context, HeaderOf(opened), [&](render::Document& document) { TextsIf(document, list, names); });
}

}  // namespace

void WriteEtcdctlMembers(Context& context, const OpenedStore& opened, std::vector<cluster::Member> members) {
  std::ranges::sort(members, {}, &cluster::Member::id);
  EtcdctlHeader header = HeaderOf(opened);
  header.revision = 0;  // etcd's answers about members carry none
  WriteAnswer(context, header, [&](render::Document& document) {
    ListIf(document, "members", members, [&](const cluster::Member& member) {
      document.FieldIf("ID", member.id);
      document.FieldIf("name", member.name);
      TextsIf(document, "peerURLs", member.peer_urls);
      TextsIf(document, "clientURLs", member.client_urls);
      if (member.is_learner) document.Field("isLearner", true);
    });
  });
}

void WriteEtcdctlAlarms(Context& context, const OpenedStore& opened, const std::vector<mvcc::Alarm>& alarms) {
  WriteAnswer(context, HeaderOf(opened), [&](render::Document& document) {
    ListIf(document, "alarms", alarms, [&](const mvcc::Alarm& alarm) {
      document.FieldIf("memberID", alarm.member_id);
      document.FieldIf("alarm", static_cast<uint64_t>(alarm.type));
    });
  });
}

void WriteEtcdctlLeases(Context& context, const OpenedStore& opened, const std::vector<mvcc::Lease>& leases) {
  std::vector<mvcc::Lease> known;
  std::ranges::copy_if(leases, std::back_inserter(known), &mvcc::Lease::known);
  std::ranges::stable_sort(known, {}, TimeLeft);
  WriteGoDocument(context, [&](render::Document& document) {
    WriteHeader(document, HeaderOf(opened));
    document.List("leases", known, [&](const mvcc::Lease& lease) { document.Field("id", lease.id); });
  });
}

void WriteEtcdctlLease(Context& context, const OpenedStore& opened, const mvcc::Lease& lease) {
  WriteGoDocument(context, [&](render::Document& document) {
    WriteHeader(document, HeaderOf(opened));
    document.Field("id", lease.id);
    document.Field("ttl", lease.known ? TimeLeft(lease) : -1);
    document.Field("granted-ttl", lease.ttl);
    document.Key("keys");
    if (!lease.known || lease.keys.empty()) return document.Null();
    document.BeginList();
    for (const std::string& key : lease.keys) document.String(Base64Of(key));
    document.EndList();
  });
}

void WriteEtcdctlAuthStatus(Context& context, const OpenedStore& opened, const mvcc::Auth& auth) {
  WriteAnswer(context, HeaderOf(opened), [&](render::Document& document) {
    if (auth.enabled) document.Field("enabled", true);
    document.FieldIf("authRevision", auth.revision);
  });
}

void WriteEtcdctlUsers(Context& context, const OpenedStore& opened, const std::vector<mvcc::User>& users) {
  WriteNames(context, opened, "users", users);
}

void WriteEtcdctlRoles(Context& context, const OpenedStore& opened, const std::vector<mvcc::Role>& roles) {
  WriteNames(context, opened, "roles", roles);
}

void WriteEtcdctlUser(Context& context, const OpenedStore& opened, const mvcc::User& user) {
  WriteAnswer(context, HeaderOf(opened),
              [&](render::Document& document) { TextsIf(document, "roles", user.roles); });
}

void WriteEtcdctlRole(Context& context, const OpenedStore& opened, const mvcc::Role& role) {
  static const std::vector<mvcc::Permission> kEverything = {
      {mvcc::PermissionType::kReadWrite, "", std::string(1, '\0')}};
  const bool whole = role.name == "root" && AnswersAs36(opened);
  WriteAnswer(context, HeaderOf(opened), [&](render::Document& document) {
    ListIf(document, "perm", whole ? kEverything : role.permissions, [&](const mvcc::Permission& permission) {
      document.FieldIf("permType", static_cast<uint64_t>(permission.type));
      document.FieldIf("key", Base64Of(permission.key));
      document.FieldIf("range_end", Base64Of(permission.range_end));
    });
  });
}

void WriteEtcdctlHashKv(Context& context, const OpenedStore& opened, const mvcc::HashKv& hash) {
  render::Document document(context.out, render::Format::kGo);
  document.BeginList();
  document.BeginMap();
  document.Field("Endpoint", opened.layout.given);
  document.Map("HashKV", [&] {
    document.Map("header", [&] { WriteHeader(document, HeaderOf(opened)); });
    document.FieldIf("hash", hash.hash);
    document.FieldIf("compact_revision", hash.compact_revision);
    document.FieldIf("hash_revision", hash.revision);
  });
  document.EndMap();
  document.EndList();
}

}  // namespace etcdmedic::tool
