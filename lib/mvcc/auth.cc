// SPDX-License-Identifier: Apache-2.0
#include "mvcc/auth.h"

#include <fmt/format.h>

#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::mvcc {
namespace {

using proto::ForEachField;
using proto::WireField;
using OptionFields = proto::authpb::UserAddOptions;
using UserFields = proto::authpb::User;
using PermissionFields = proto::authpb::Permission;
using RoleFields = proto::authpb::Role;

bool ParseOptions(Bytes message, User& user) {
  return ForEachField(message, [&user](const WireField& field) {
    return field.number != OptionFields::kNoPassword || field.Number(user.no_password);
  });
}

bool ParseUser(Bytes message, User& user) {
  return ForEachField(message, [&user](const WireField& field) {
    Bytes options;
    switch (field.number) {
      case UserFields::kName:
        return field.Payload(user.name);
      case UserFields::kPassword:
        return field.Payload(user.password);
      case UserFields::kRoles:
        return field.Payload(user.roles.emplace_back());
      case UserFields::kOptions:
        return field.Payload(options) && ParseOptions(options, user);
      default:
        return true;
    }
  });
}

bool ParsePermission(Bytes message, Permission& permission) {
  return ForEachField(message, [&permission](const WireField& field) {
    switch (field.number) {
      case PermissionFields::kPermType:
        return field.Number(permission.type);
      case PermissionFields::kKey:
        return field.Payload(permission.key);
      case PermissionFields::kRangeEnd:
        return field.Payload(permission.range_end);
      default:
        return true;
    }
  });
}

bool ParseRole(Bytes message, Role& role) {
  return ForEachField(message, [&role](const WireField& field) {
    Bytes permission;
    switch (field.number) {
      case RoleFields::kName:
        return field.Payload(role.name);
      case RoleFields::kKeyPermission:
        return field.Payload(permission) && ParsePermission(permission, role.permissions.emplace_back());
      default:
        return true;
    }
  });
}

template <class T>
bool Reads(Bytes key, Bytes value, bool (*parse)(Bytes, T&), T& item) {
  return parse(value, item) && item.name == AsText(key);
}

template <class T>
void ReadBucket(const Store& store, std::string_view bucket, bool (*parse)(Bytes, T&), std::vector<T>& out,
                diag::FindingSink& sink) {
  store.view().ForEach(bucket, [&](Bytes key, Bytes value) {
    T item;
    if (Reads(key, value, parse, item)) {
      out.push_back(std::move(item));
    } else {
      sink.Add({diag::Code::kMvccAuth,
                {store.file(), store.OffsetOf(key)},
                key.size() + value.size(),
                fmt::format("an entry of bucket {} does not parse or carries another name", bucket)});
    }
    return true;
  });
}

}  // namespace

std::string_view NameOf(PermissionType type) {
  constexpr std::string_view kNames[] = {"read", "write", "readwrite"};
  const auto at = static_cast<uint64_t>(type);
  return at < std::size(kNames) ? kNames[at] : "unknown";
}

bool IsAuthEntry(std::string_view bucket, Bytes key, Bytes value) {
  User user;
  Role role;
  if (bucket == "authUsers") return Reads(key, value, ParseUser, user);
  return bucket != "authRoles" || Reads(key, value, ParseRole, role);
}

Auth ReadAuth(const Store& store, diag::FindingSink& sink) {
  Auth auth;
  store.view().ForEach("auth", [&](Bytes key, Bytes value) {
    if (AsText(key) == "authEnabled") auth.enabled = value.size() == 1 && value[0] == std::byte{1};
    if (AsText(key) == "authRevision") auth.revision = ByteReader(value).Big<uint64_t>().value_or(0);
    return true;
  });
  ReadBucket(store, "authUsers", ParseUser, auth.users, sink);
  ReadBucket(store, "authRoles", ParseRole, auth.roles, sink);
  return auth;
}

}  // namespace etcdmedic::mvcc
