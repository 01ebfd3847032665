// SPDX-License-Identifier: Apache-2.0
// The requests that concern users and roles.
#include "proto/etcd_messages.h"
#include "proto/wire.h"
#include "replay/entry_applier.h"
#include "text/text_codec.h"

namespace etcdmedic::replay {
namespace {

namespace pb = proto::etcdserverpb;
using proto::ForEachField;
using proto::WireField;

Effect DoneIf(bool done) { return done ? Effect::kDone : Effect::kRefused; }

// The texts of two fields.
std::pair<std::string_view, std::string_view> Pair(Bytes body, uint32_t first, uint32_t second) {
  std::pair<std::string_view, std::string_view> texts;
  ForEachField(body, [&](const WireField& field) {
    if (field.number == first) return field.Payload(texts.first);
    return field.number != second || field.Payload(texts.second);
  });
  return texts;
}

// Since 3.5 the request carries the bcrypt hash, in base64.
std::string HashOf(std::string_view base64) { return text::FromBase64(base64).value_or(""); }

}  // namespace

Effect EntryApplier::EnableAuth(Bytes) { return DoneIf(machine_.auth_.Enable()); }

Effect EntryApplier::DisableAuth(Bytes) { return DoneIf(machine_.auth_.Disable()); }

Effect EntryApplier::AddUser(Bytes body) {
  using Fields = pb::AuthUserAddRequest;
  mvcc::User user;
  std::string_view hash, clear;
  ForEachField(body, [&](const WireField& field) {
    Bytes options;
    if (field.number == Fields::kName) return field.Payload(user.name);
    if (field.number == Fields::kPassword) return field.Payload(clear);
    if (field.number == Fields::kHashedPassword) return field.Payload(hash);
    if (field.number != Fields::kOptions || !field.Payload(options)) return true;
    return ForEachField(options, [&](const WireField& inner) {
      return inner.number != proto::authpb::UserAddOptions::kNoPassword || inner.Number(user.no_password);
    });
  });
  if (!user.no_password) user.password = HashOf(hash);
  if (hash.empty() && !clear.empty()) machine_.lost_passwords_.push_back(user.name);
  return DoneIf(machine_.auth_.AddUser(std::move(user)));
}

Effect EntryApplier::DeleteUser(Bytes body) {
  return DoneIf(machine_.auth_.DeleteUser(Pair(body, pb::AuthUserDeleteRequest::kName, 0).first));
}

Effect EntryApplier::ChangePassword(Bytes body) {
  using Fields = pb::AuthUserChangePasswordRequest;
  const auto [name, hash] = Pair(body, Fields::kName, Fields::kHashedPassword);
  if (hash.empty()) machine_.lost_passwords_.emplace_back(name);
  return DoneIf(machine_.auth_.ChangePassword(name, HashOf(hash)));
}

Effect EntryApplier::GrantRole(Bytes body) {
  using Fields = pb::AuthUserGrantRoleRequest;
  const auto [user, role] = Pair(body, Fields::kUser, Fields::kRole);
  return DoneIf(machine_.auth_.GrantRole(user, role));
}

Effect EntryApplier::RevokeRole(Bytes body) {
  using Fields = pb::AuthUserRevokeRoleRequest;
  const auto [user, role] = Pair(body, Fields::kName, Fields::kRole);
  return DoneIf(machine_.auth_.RevokeRole(user, role));
}

Effect EntryApplier::AddRole(Bytes body) {
  return DoneIf(machine_.auth_.AddRole(Pair(body, pb::AuthRoleAddRequest::kName, 0).first));
}

Effect EntryApplier::DeleteRole(Bytes body) {
  return DoneIf(machine_.auth_.DeleteRole(Pair(body, pb::AuthRoleDeleteRequest::kRole, 0).first));
}

Effect EntryApplier::GrantPermission(Bytes body) {
  using Fields = pb::AuthRoleGrantPermissionRequest;
  using PermissionFields = proto::authpb::Permission;
  std::string_view role;
  mvcc::Permission permission;
  ForEachField(body, [&](const WireField& field) {
    Bytes inner;
    if (field.number == Fields::kName) return field.Payload(role);
    if (field.number != Fields::kPerm || !field.Payload(inner)) return true;
    return ForEachField(inner, [&](const WireField& each) {
      if (each.number == PermissionFields::kPermType) return each.Number(permission.type);
      if (each.number == PermissionFields::kKey) return each.Payload(permission.key);
      return each.number != PermissionFields::kRangeEnd || each.Payload(permission.range_end);
    });
  });
  return DoneIf(machine_.auth_.GrantPermission(role, std::move(permission)));
}

Effect EntryApplier::RevokePermission(Bytes body) {
  using Fields = pb::AuthRoleRevokePermissionRequest;
  std::string_view role, key, end;
  ForEachField(body, [&](const WireField& field) {
    if (field.number == Fields::kRole) return field.Payload(role);
    if (field.number == Fields::kKey) return field.Payload(key);
    return field.number != Fields::kRangeEnd || field.Payload(end);
  });
  return DoneIf(machine_.auth_.RevokePermission(role, key, end));
}

}  // namespace etcdmedic::replay
