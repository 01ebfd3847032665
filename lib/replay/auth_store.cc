// SPDX-License-Identifier: Apache-2.0
#include "replay/auth_store.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::replay {
namespace {

constexpr std::string_view kRoot = "root";
constexpr std::string_view kOpenEnd("\0", 1);

bool HasRole(const mvcc::User& user, std::string_view role) {
  return std::ranges::find(user.roles, role) != user.roles.end();
}

bool Gives(mvcc::PermissionType type, bool write) {
  return type == mvcc::PermissionType::kReadWrite ||
         type == (write ? mvcc::PermissionType::kWrite : mvcc::PermissionType::kRead);
}

// [begin, end), without an upper bound where `end` is absent.
struct Interval {
  std::string begin;
  std::optional<std::string> end;
};

Interval IntervalOf(std::string_view key, std::string_view end) {
  if (end == kOpenEnd) return {std::string(key), std::nullopt};
  // A single key ends before the next one there could be.
  return {std::string(key), end.empty() ? std::string(key) + '\0' : std::string(end)};
}

bool IsRange(std::string_view key, std::string_view end) {
  return !key.empty() && (end.empty() || end == kOpenEnd || key < end);
}

// Whether `wanted` lies in the union of `intervals`, those that touch being one.
bool Contains(std::vector<Interval> intervals, const Interval& wanted) {
  std::ranges::sort(intervals, {}, &Interval::begin);
  std::string reached = wanted.begin;
  for (const Interval& each : intervals) {
    if (each.begin > reached) return false;
    if (!each.end) return true;
    reached = std::max(reached, *each.end);
    if (wanted.end && reached >= *wanted.end) return true;
  }
  return false;
}

}  // namespace

AuthStore::AuthStore(const mvcc::Auth& auth)
    : enabled_(auth.enabled), revision_(std::max<uint64_t>(auth.revision, 1)) {
  for (const mvcc::User& user : auth.users) users_.emplace(user.name, user);
  for (const mvcc::Role& role : auth.roles) roles_.emplace(role.name, role);
}

bool AuthStore::Done() {
  ++revision_;
  return changed_ = true;
}

bool AuthStore::MayAdminister(const Identity& who) const {
  if (!enabled_) return true;
  const auto user = users_.find(who.user);
  return user != users_.end() && HasRole(user->second, kRoot);
}

bool AuthStore::MayRead(const Identity& who, std::string_view key, std::string_view end) const {
  return May(who, key, end, Access::kRead);
}

bool AuthStore::MayWrite(const Identity& who, std::string_view key, std::string_view end) const {
  return May(who, key, end, Access::kWrite);
}

bool AuthStore::May(const Identity& who, std::string_view key, std::string_view end, Access access) const {
  if (!enabled_) return true;
  if (who.revision == 0 || who.revision < revision_) return false;
  const auto user = users_.find(who.user);
  return user != users_.end() && (HasRole(user->second, kRoot) || Covered(user->second, key, end, access));
}

bool AuthStore::Covered(const mvcc::User& user, std::string_view key, std::string_view end,
                        Access access) const {
  std::vector<Interval> granted;
  for (const std::string& name : user.roles) {
    const auto role = roles_.find(name);
    if (role == roles_.end()) continue;
    for (const mvcc::Permission& permission : role->second.permissions) {
      if (Gives(permission.type, access == Access::kWrite))
        granted.push_back(IntervalOf(permission.key, permission.range_end));
    }
  }
  return Contains(std::move(granted), IntervalOf(key, end));
}

bool AuthStore::Enable() {
  if (enabled_) return true;
  const auto root = users_.find(kRoot);
  if (root == users_.end() || !HasRole(root->second, kRoot)) return false;
  return changed_ = enabled_ = true;
}

bool AuthStore::Disable() {
  if (!enabled_) return true;
  enabled_ = false;
  return Done();
}

bool AuthStore::AddUser(mvcc::User user) {
  if (user.name.empty() || users_.contains(user.name)) return false;
  const std::string name = user.name;
  users_.emplace(name, std::move(user));
  return Done();
}

bool AuthStore::DeleteUser(std::string_view name) {
  const auto user = users_.find(name);
  if (user == users_.end() || (enabled_ && name == kRoot)) return false;
  users_.erase(user);
  return Done();
}

bool AuthStore::ChangePassword(std::string_view name, std::string_view password) {
  const auto user = users_.find(name);
  if (user == users_.end()) return false;
  if (!user->second.no_password) user->second.password = password;
  return Done();
}

bool AuthStore::GrantRole(std::string_view user, std::string_view role) {
  const auto found = users_.find(user);
  if (found == users_.end() || (role != kRoot && !roles_.contains(role)) || HasRole(found->second, role))
    return false;
  found->second.roles.emplace_back(role);
  std::ranges::sort(found->second.roles);
  return Done();
}

bool AuthStore::RevokeRole(std::string_view user, std::string_view role) {
  const auto found = users_.find(user);
  if ((enabled_ && user == kRoot && role == kRoot) || found == users_.end() || !HasRole(found->second, role))
    return false;
  std::erase(found->second.roles, role);
  return Done();
}

bool AuthStore::AddRole(std::string_view name) {
  if (name.empty() || roles_.contains(name)) return false;
  roles_[std::string(name)].name = name;
  return Done();
}

bool AuthStore::DeleteRole(std::string_view name) {
  const auto role = roles_.find(name);
  if ((enabled_ && name == kRoot) || role == roles_.end()) return false;
  roles_.erase(role);
  for (auto& [user_name, user] : users_) std::erase(user.roles, name);
  return Done();
}

bool AuthStore::GrantPermission(std::string_view role, mvcc::Permission permission) {
  const auto found = roles_.find(role);
  if (found == roles_.end() || !IsRange(permission.key, permission.range_end)) return false;
  std::vector<mvcc::Permission>& permissions = found->second.permissions;
  // etcd looks at the first permission of the key only, so a second range of it may be there twice.
  const auto first = std::ranges::lower_bound(permissions, permission.key, {}, &mvcc::Permission::key);
  if (first != permissions.end() && first->key == permission.key &&
      first->range_end == permission.range_end) {
    first->type = permission.type;
  } else {
    permissions.push_back(std::move(permission));
  }
  std::ranges::stable_sort(permissions, {}, &mvcc::Permission::key);
  return Done();
}

bool AuthStore::RevokePermission(std::string_view role, std::string_view key, std::string_view end) {
  const auto found = roles_.find(role);
  if (found == roles_.end()) return false;
  const auto erased = std::erase_if(found->second.permissions, [&](const mvcc::Permission& each) {
    return each.key == key && each.range_end == end;
  });
  return erased > 0 && Done();
}

std::string EncodeUser(const mvcc::User& user) {
  using Fields = proto::authpb::User;
  std::string out;
  if (!user.name.empty()) proto::AppendDelimited(Fields::kName, user.name, out);
  if (!user.password.empty()) proto::AppendDelimited(Fields::kPassword, user.password, out);
  for (const std::string& role : user.roles) proto::AppendDelimited(Fields::kRoles, role, out);
  // etcd stores the options also where they say nothing.
  std::string options;
  if (user.no_password) proto::AppendNumber(proto::authpb::UserAddOptions::kNoPassword, 1, options);
  proto::AppendDelimited(Fields::kOptions, options, out);
  return out;
}

std::string EncodeRole(const mvcc::Role& role) {
  using Fields = proto::authpb::Role;
  using PermissionFields = proto::authpb::Permission;
  std::string out;
  if (!role.name.empty()) proto::AppendDelimited(Fields::kName, role.name, out);
  for (const mvcc::Permission& permission : role.permissions) {
    std::string each;
    if (permission.type != mvcc::PermissionType::kRead)
      proto::AppendNumber(PermissionFields::kPermType, static_cast<uint64_t>(permission.type), each);
    if (!permission.key.empty()) proto::AppendDelimited(PermissionFields::kKey, permission.key, each);
    if (!permission.range_end.empty())
      proto::AppendDelimited(PermissionFields::kRangeEnd, permission.range_end, each);
    proto::AppendDelimited(Fields::kKeyPermission, each, out);
  }
  return out;
}

}  // namespace etcdmedic::replay
