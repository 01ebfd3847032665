// SPDX-License-Identifier: Apache-2.0
// What the small buckets hold: leases, users and roles, members and alarms, meta.
#include "mvcc/auth.h"
#include "mvcc/backend.h"
#include "mvcc/lease.h"
#include "mvcc/membership.h"
#include "open_store.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

bool ForPeople(const Context& context) {
  return context.format == render::Format::kTable || context.format == render::Format::kName;
}

void WriteTexts(render::Document& document, std::string_view name, const std::vector<std::string>& texts) {
  document.Key(name);
  document.BeginList();
  for (const std::string& text : texts) document.String(text);
  document.EndList();
}

void WriteLease(render::Document& document, const mvcc::Lease& lease) {
  document.Field("id", lease.id);
  document.Field("id_hex", Hex(static_cast<uint64_t>(lease.id)));
  document.Field("known", lease.known);
  document.Field("ttl", lease.ttl);
  document.Field("remaining_ttl", lease.remaining_ttl);
  WriteTexts(document, "keys", lease.keys);
}

void PrintLease(Context& context, const mvcc::Lease& lease) {
  const std::string id = Hex(static_cast<uint64_t>(lease.id));
  if (context.format == render::Format::kName) return context.out.Print("{}\n", id);
  context.out.Print("{:<16} {:>8} {:>10} {:>6}{}\n", id,
                    lease.known ? fmt::format("{}", lease.ttl) : "unknown",
                    lease.remaining_ttl == 0 ? "-" : fmt::format("{}", lease.remaining_ttl),
                    lease.keys.size(), lease.known ? "" : "  no such lease: its keys never expire");
  for (const std::string& key : lease.keys) context.out.Print("    {}\n", render::Printable(key));
}

std::string TextOf(const mvcc::Permission& permission) {
  const std::string key = render::Printable(permission.key);
  if (permission.range_end.empty()) return fmt::format("{} {}", NameOf(permission.type), key);
  const bool open = permission.range_end == std::string_view("\0", 1);
  return fmt::format("{} [{}, {})", NameOf(permission.type), key,
                     open ? "the end" : render::Printable(permission.range_end));
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + render::Printable(text);
  return out.empty() ? "-" : out;
}

void PrintAuth(Context& context, const mvcc::Auth& auth) {
  context.out.Print("authentication {}, revision {}\n", auth.enabled ? "enabled" : "disabled", auth.revision);
  for (const mvcc::User& user : auth.users) {
    const std::string password = user.no_password        ? "no password"
                                 : user.password.empty() ? "empty password"
                                 : context.show_secrets  ? render::Printable(user.password)
                                                         : "password hidden";
    context.out.Print("user {}: roles {}, {}\n", render::Printable(user.name), Joined(user.roles), password);
  }
  for (const mvcc::Role& role : auth.roles) {
    context.out.Print("role {}:{}\n", render::Printable(role.name),
                      role.permissions.empty() ? (role.name == "root" ? " everything" : " nothing") : "");
    for (const mvcc::Permission& permission : role.permissions)
      context.out.Print("    {}\n", TextOf(permission));
  }
}

void WriteAuth(render::Document& document, const mvcc::Auth& auth, bool secrets) {
  document.Field("enabled", auth.enabled);
  document.Field("revision", auth.revision);
  document.Key("users");
  document.BeginList();
  for (const mvcc::User& user : auth.users) {
    document.BeginMap();
    document.FieldBytes("name", AsBytes(user.name));
    WriteTexts(document, "roles", user.roles);
    document.Field("no_password", user.no_password);
    document.Field("password", secrets ? std::string_view(user.password) : std::string_view("hidden"));
    document.EndMap();
  }
  document.EndList();
  document.Key("roles");
  document.BeginList();
  for (const mvcc::Role& role : auth.roles) {
    document.BeginMap();
    document.FieldBytes("name", AsBytes(role.name));
    document.Key("permissions");
    document.BeginList();
    for (const mvcc::Permission& permission : role.permissions) {
      document.BeginMap();
      document.Field("type", NameOf(permission.type));
      document.FieldBytes("key", AsBytes(permission.key));
      document.FieldBytes("range_end", AsBytes(permission.range_end));
      document.EndMap();
    }
    document.EndList();
    document.EndMap();
  }
  document.EndList();
}

void WriteMember(render::Document& document, const mvcc::Member& member) {
  document.Field("id", Hex(member.id));
  document.Field("name", member.name);
  WriteTexts(document, "peer_urls", member.peer_urls);
  WriteTexts(document, "client_urls", member.client_urls);
  document.Field("learner", member.learner);
}

void WriteMembership(render::Document& document, const mvcc::Membership& membership) {
  document.Key("members");
  document.BeginList();
  for (const mvcc::Member& member : membership.members) {
    document.BeginMap();
    WriteMember(document, member);
    document.EndMap();
  }
  document.EndList();
  std::vector<std::string> removed;
  for (const uint64_t id : membership.removed) removed.push_back(Hex(id));
  WriteTexts(document, "removed", removed);
  document.Key("alarms");
  document.BeginList();
  for (const mvcc::Alarm& alarm : membership.alarms) {
    document.BeginMap();
    document.Field("member", Hex(alarm.member_id));
    document.Field("alarm", NameOf(alarm.type));
    document.EndMap();
  }
  document.EndList();
  document.Field("cluster_version", membership.cluster_version);
  document.Field("downgrade_target", membership.downgrade_target);
}

void PrintMembership(Context& context, const mvcc::Membership& membership) {
  for (const mvcc::Member& member : membership.members) {
    if (context.format == render::Format::kName) {
      context.out.Print("{}\n", Hex(member.id));
      continue;
    }
    context.out.Print("{:<16} {:<12} {:<8} {} {}\n", Hex(member.id), render::Printable(member.name),
                      member.learner ? "learner" : "voter", Joined(member.peer_urls),
                      Joined(member.client_urls));
  }
  if (context.format == render::Format::kName) return;
  for (const uint64_t id : membership.removed) context.out.Print("{:<16} removed\n", Hex(id));
  for (const mvcc::Alarm& alarm : membership.alarms)
    context.out.Print("{:<16} alarm {}\n", Hex(alarm.member_id), NameOf(alarm.type));
}

using Facts = std::vector<std::pair<std::string, std::string>>;

Facts MetaFacts(const OpenedStore& opened, const mvcc::Membership& membership) {
  diag::FindingList unused;
  const mvcc::Store& store = *opened.store;
  const auto backend = mvcc::ReadBackendState(store.db(), store.file(), unused);
  const auto ids = [](const std::vector<uint64_t>& all) {
    std::vector<std::string> texts;
    for (const uint64_t id : all) texts.push_back(Hex(id));
    return Joined(texts);
  };
  Facts facts;
  const auto add = [&](std::string name, std::string value) {
    facts.emplace_back(std::move(name), std::move(value));
  };
  const auto number = [&](std::string name, int64_t value) {
    add(std::move(name), value < 0 ? "never" : fmt::format("{}", value));
  };
  add("revision", fmt::format("{}", store.current_revision()));
  add("oldest_readable_revision", fmt::format("{}", store.oldest_revision()));
  number("scheduled_compaction", store.scheduled_compaction());
  number("finished_compaction", store.finished_compaction());
  if (backend && backend->consistent_index)
    add("consistent_index", fmt::format("{}", *backend->consistent_index));
  if (backend && backend->term) add("term", fmt::format("{}", *backend->term));
  if (membership.conf_state) {
    add("voters", ids(membership.conf_state->voters));
    add("learners", ids(membership.conf_state->learners));
  }
  if (backend) add("storage_version", backend->storage_version.empty() ? "-" : backend->storage_version);
  add("cluster_version", membership.cluster_version.empty() ? "-" : membership.cluster_version);
  if (!membership.downgrade_target.empty()) add("downgrade_target", membership.downgrade_target);
  for (const mvcc::Alarm& alarm : membership.alarms)
    add("alarm", fmt::format("{} of member {}", NameOf(alarm.type), Hex(alarm.member_id)));
  return facts;
}

// One document that is no list of rows.
template <class Fill>
void WriteOne(Context& context, std::string_view noun, const Fill& fill) {
  render::Document document(context.out, context.format);
  document.BeginMap();
  document.Field("schema", fmt::format("etcdmedic.{}/v1", noun));
  fill(document);
  document.EndMap();
}

}  // namespace

int RunLeases(Context& context, const Args& args) {
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const auto leases = mvcc::ReadLeases(*(*opened)->store, 0, (*opened)->found);
  if (!leases) return Report(context, leases.error());
  if (!ForPeople(context)) {
    ListDocument rows(context, "leases", "leases");
    for (const mvcc::Lease& lease : *leases)
      rows.Add([&](render::Document& document) { WriteLease(document, lease); });
    rows.End();
    return Finish(context, **opened, kClean);
  }
  if (context.format == render::Format::kTable)
    context.out.Print("{:<16} {:>8} {:>10} {:>6}\n", "LEASE", "TTL", "REMAINING", "KEYS");
  for (const mvcc::Lease& lease : *leases) PrintLease(context, lease);
  return Finish(context, **opened, kClean);
}

int RunAuth(Context& context, const Args& args) {
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const mvcc::Auth auth = mvcc::ReadAuth(*(*opened)->store, (*opened)->found);
  if (ForPeople(context)) {
    PrintAuth(context, auth);
  } else {
    WriteOne(context, "auth",
             [&](render::Document& document) { WriteAuth(document, auth, context.show_secrets); });
  }
  return Finish(context, **opened, kClean);
}

int RunMembers(Context& context, const Args& args) {
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const mvcc::Membership membership = mvcc::ReadMembership(*(*opened)->store, (*opened)->found);
  if (ForPeople(context)) {
    PrintMembership(context, membership);
  } else {
    WriteOne(context, "members", [&](render::Document& document) { WriteMembership(document, membership); });
  }
  return Finish(context, **opened, kClean);
}

int RunMeta(Context& context, const Args& args) {
  auto opened = OpenStore(context, args.positional()[0]);
  if (!opened) return Report(context, opened.error());
  const mvcc::Membership membership = mvcc::ReadMembership(*(*opened)->store, (*opened)->found);
  const Facts facts = MetaFacts(**opened, membership);
  if (ForPeople(context)) {
    for (const auto& [name, value] : facts) context.out.Print("{:<26} {}\n", name, render::Printable(value));
  } else {
    WriteOne(context, "meta", [&](render::Document& document) {
      for (const auto& [name, value] : facts) document.Field(name, value);
    });
  }
  return Finish(context, **opened, kClean);
}

}  // namespace etcdmedic::tool
