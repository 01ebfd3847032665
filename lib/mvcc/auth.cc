// SPDX-License-Identifier: Apache-2.0
#include "mvcc/auth.h"

#include <fmt/format.h>

#include "proto/message_reader.h"

namespace etcdmedic::mvcc {
namespace {

// authpb.UserAddOptions: 1 no_password.
bool ParseOptions(std::string_view message, User& user) {
  proto::MessageReader reader(AsBytes(message));
  for (proto::Field field; reader.Next(field);) {
    if (field.number == 1) user.no_password = field.value != 0;
  }
  return reader.sound();
}

// authpb.User: 1 name, 2 password, 3 roles, 4 options.
bool ParseUser(Bytes message, User& user) {
  proto::MessageReader reader(message);
  for (proto::Field field; reader.Next(field);) {
    if (field.number > 4) continue;
    if (field.is_number) return false;
    if (field.number == 1) user.name = field.bytes;
    if (field.number == 2) user.password = field.bytes;
    if (field.number == 3) user.roles.emplace_back(field.bytes);
    if (field.number == 4 && !ParseOptions(field.bytes, user)) return false;
  }
  return reader.sound();
}

// authpb.Permission: 1 permType, 2 key, 3 range_end.
bool ParsePermission(std::string_view message, Permission& permission) {
  proto::MessageReader reader(AsBytes(message));
  for (proto::Field field; reader.Next(field);) {
    if (field.number > 3) continue;
    if (field.is_number != (field.number == 1)) return false;
    if (field.number == 1) permission.type = static_cast<PermissionType>(field.value);
    if (field.number == 2) permission.key = field.bytes;
    if (field.number == 3) permission.range_end = field.bytes;
  }
  return reader.sound();
}

// authpb.Role: 1 name, 2 keyPermission.
bool ParseRole(Bytes message, Role& role) {
  proto::MessageReader reader(message);
  for (proto::Field field; reader.Next(field);) {
    if (field.number > 2) continue;
    if (field.is_number) return false;
    if (field.number == 1) role.name = field.bytes;
    if (field.number == 2 && !ParsePermission(field.bytes, role.permissions.emplace_back())) return false;
  }
  return reader.sound();
}

template <class T>
void ReadBucket(const Store& store, std::string_view bucket, bool (*parse)(Bytes, T&), std::vector<T>& out,
                diag::FindingSink& sink) {
  store.view().ForEach(bucket, [&](Bytes key, Bytes value) {
    T item;
    if (parse(value, item) && item.name == AsText(key)) {
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
