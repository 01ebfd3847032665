// SPDX-License-Identifier: Apache-2.0
// Users, roles and permissions while entries are applied, and whom they let do what: docs/format/mvcc.md,
// "Auth".
#pragma once

#include <map>
#include <string>

#include "mvcc/auth.h"

namespace etcdmedic::replay {

// Who asks, as the header of a request says.
struct Identity {
  std::string_view user;
  uint64_t revision = 0;  // of the users and roles, when the request was checked first
};

class AuthStore {
 public:
  AuthStore() = default;
  explicit AuthStore(const mvcc::Auth& auth);

  bool enabled() const { return enabled_; }
  uint64_t revision() const { return revision_; }
  const std::map<std::string, mvcc::User, std::less<>>& users() const { return users_; }
  const std::map<std::string, mvcc::Role, std::less<>>& roles() const { return roles_; }
  // Whether anything differs from what it was made of.
  bool changed() const { return changed_; }

  // What etcd checks before it applies a request; everything is allowed where authentication is off.
  bool MayAdminister(const Identity& who) const;
  bool MayRead(const Identity& who, std::string_view key, std::string_view end) const;
  bool MayWrite(const Identity& who, std::string_view key, std::string_view end) const;

  // Each is false, and changes nothing, where etcd refuses.
  bool Enable();
  bool Disable();
  bool AddUser(mvcc::User user);
  bool DeleteUser(std::string_view name);
  // `password`: a bcrypt hash; empty leaves the user without one.
  bool ChangePassword(std::string_view name, std::string_view password);
  bool GrantRole(std::string_view user, std::string_view role);
  bool RevokeRole(std::string_view user, std::string_view role);
  bool AddRole(std::string_view name);
  bool DeleteRole(std::string_view name);
  bool GrantPermission(std::string_view role, mvcc::Permission permission);
  bool RevokePermission(std::string_view role, std::string_view key, std::string_view end);

 private:
  enum class Access : uint8_t { kRead, kWrite };
  bool May(const Identity& who, std::string_view key, std::string_view end, Access access) const;
  bool Covered(const mvcc::User& user, std::string_view key, std::string_view end, Access access) const;
  bool Done();  // true; the revision grows

  bool enabled_ = false;
  bool changed_ = false;
  uint64_t revision_ = 1;
  std::map<std::string, mvcc::User, std::less<>> users_;
  std::map<std::string, mvcc::Role, std::less<>> roles_;
};

// As the buckets authUsers and authRoles store them.
std::string EncodeUser(const mvcc::User& user);
std::string EncodeRole(const mvcc::Role& role);

}  // namespace etcdmedic::replay
