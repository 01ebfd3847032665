// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/secret_mask.h"
#include "cli/flags.h"
#include "inputs/present_state.h"
#include "render/text.h"
#include "views/etcdctl_json.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kPresentRevFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"auth DIR", "users, roles and permissions"},
    {"auth DIR users -o etcdctl-json", "as `etcdctl user list -w json`; also roles, user NAME, role NAME"},
};

// What can be asked for, alone and by name, as etcdctl's commands have it.
struct Part {
  std::string_view what;  // empty: all there is
  bool named = false;     // one of that name
  bool users = false;
  bool roles = false;
  void (*as_etcdctl)(Context& context, const OpenedStore& opened, const mvcc::Auth& auth);
};

constexpr Part kParts[] = {
    {"", false, true, true, WriteEtcdctlAuthStatus},
    {"users", false, true, false,
     [](Context& context, const OpenedStore& opened, const mvcc::Auth& auth) {
       WriteEtcdctlUsers(context, opened, auth.users);
     }},
    {"roles", false, false, true,
     [](Context& context, const OpenedStore& opened, const mvcc::Auth& auth) {
       WriteEtcdctlRoles(context, opened, auth.roles);
     }},
    {"user", true, true, false,
     [](Context& context, const OpenedStore& opened, const mvcc::Auth& auth) {
       WriteEtcdctlUser(context, opened, auth.users.front());
     }},
    {"role", true, false, true,
     [](Context& context, const OpenedStore& opened, const mvcc::Auth& auth) {
       WriteEtcdctlRole(context, opened, auth.roles.front());
     }},
};

// Errors: kUsage.
Result<Part> PartOf(const Args& args) {
  const auto& words = args.positional();
  const auto part = std::ranges::find(kParts, words.size() > 1 ? words[1] : "", &Part::what);
  if (part == std::end(kParts) || words.size() != (part->what.empty() ? 1U : part->named ? 3U : 2U))
    return Fail(Errc::kUsage, "", "auth takes PATH, and then users, roles, user NAME or role NAME");
  return *part;
}

// Leaves what was asked for. False where there is none of that name.
bool Choose(const Part& part, const Args& args, mvcc::Auth& auth) {
  if (!part.users) auth.users.clear();
  if (!part.roles) auth.roles.clear();
  if (!part.named) return true;
  const auto other = [&](const auto& one) { return one.name != args.positional()[2]; };
  std::erase_if(auth.users, other);
  std::erase_if(auth.roles, other);
  return !auth.users.empty() || !auth.roles.empty();
}

std::string TextOf(const mvcc::Permission& permission) {
  const std::string key = render::Printable(permission.key);
  if (permission.range_end.empty()) return fmt::format("{} {}", NameOf(permission.type), key);
  const bool open = permission.range_end == std::string_view("\0", 1);
  return fmt::format("{} [{}, {})", NameOf(permission.type), key,
                     open ? "the end" : render::Printable(permission.range_end));
}

void PrintAuth(Context& context, const Part& part, const mvcc::Auth& auth) {
  if (part.what.empty())
    context.out.Print("authentication {}, revision {}\n", auth.enabled ? "enabled" : "disabled",
                      auth.revision);
  for (const mvcc::User& user : auth.users) {
    const std::string password = user.no_password            ? "no password"
                                 : user.password.empty()     ? "empty password"
                                 : context.hides_passwords() ? fmt::format("password {}", kSecretMask)
                                                             : render::Printable(user.password);
    context.out.Print("user {}: roles {}, {}\n", render::Printable(user.name), Joined(user.roles), password);
  }
  for (const mvcc::Role& role : auth.roles) {
    context.out.Print("role {}:{}\n", render::Printable(role.name),
                      role.name == "root"        ? " everything, whatever was granted"
                      : role.permissions.empty() ? " nothing"
                                                 : "");
    for (const mvcc::Permission& permission : role.permissions)
      context.out.Print("    {}\n", TextOf(permission));
  }
}

void WriteUser(render::Document& document, const mvcc::User& user, bool secrets) {
  document.Field("name", user.name);
  document.Texts("role_names", user.roles);
  document.Field("no_password", user.no_password);
  document.FieldIf("password",
                   secrets || user.password.empty() ? std::string_view(user.password) : kSecretMask);
}

void WriteRole(render::Document& document, const mvcc::Role& role) {
  document.Field("name", role.name);
  document.List("permissions", role.permissions, [&](const mvcc::Permission& permission) {
    document.Field("permission", NameOf(permission.type));
    document.Field("key", permission.key);
    document.FieldIf("range_end", permission.range_end);
  });
}

void WriteAuth(render::Document& document, const Part& part, const mvcc::Auth& auth, bool secrets) {
  document.Field("enabled", auth.enabled);
  document.Field("auth_revision", auth.revision);
  if (part.users)
    document.List("users", auth.users, [&](const mvcc::User& user) { WriteUser(document, user, secrets); });
  if (part.roles)
    document.List("roles", auth.roles, [&](const mvcc::Role& role) { WriteRole(document, role); });
}

void Write(Context& context, const PresentState& state, const Part& part, const mvcc::Auth& auth) {
  if (AsEtcdctl(context)) return part.as_etcdctl(context, *state.opened, auth);
  if (context.format == render::Format::kTable) return PrintAuth(context, part, auth);
  if (context.format == render::Format::kName) {
    for (const mvcc::User& user : auth.users) context.out.Print("user/{}\n", render::Printable(user.name));
    for (const mvcc::Role& role : auth.roles) context.out.Print("role/{}\n", render::Printable(role.name));
    return;
  }
  WritePresent(context, state, "auth", [&](render::Document& document) {
    WriteAuth(document, part, auth, !context.hides_passwords());
  });
}

int Run(Context& context, const Args& args) {
  const auto part = PartOf(args);
  if (!part) return Report(context, part.error());
  const auto state = OpenPresent(context, args, "users and roles");
  if (!state) return Report(context, state.error());
  mvcc::Auth auth = mvcc::ReadAuth(state->store(), state->opened->found);
  if (!Choose(*part, args, auth)) {
    if (!ForPeople(context)) Write(context, *state, *part, auth);
    context.err.Print("etcdmedic: there is no {} {}\n", part->what, render::Printable(args.positional()[2]));
    return Finish(context, *state->opened, kNotable);
  }
  Write(context, *state, *part, auth);
  return Finish(context, *state->opened, kClean);
}

}  // namespace

extern const Command kAuth = {
    .name = "auth",
    .positional = "PATH [WHAT [NAME]]",
    .summary = "users, roles, permissions; or only users, roles, user NAME, role NAME",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
