// SPDX-License-Identifier: Apache-2.0
// Users, roles and permissions: docs/format/mvcc.md, "Auth".
#pragma once

#include <string>
#include <vector>

#include "mvcc/store.h"

namespace etcdmedic::mvcc {

enum class PermissionType : int32_t { kRead = 0, kWrite = 1, kReadWrite = 2 };
std::string_view NameOf(PermissionType type);

struct Permission {
  PermissionType type = PermissionType::kRead;
  std::string key;
  std::string range_end;  // as in KeyRange
};

struct User {
  std::string name;
  std::string password;  // a bcrypt hash: a secret
  std::vector<std::string> roles;
  bool no_password = false;  // may log in by certificate only
};

struct Role {
  std::string name;
  std::vector<Permission> permissions;
};

struct Auth {
  bool enabled = false;
  uint64_t revision = 0;  // 0 where the bucket has none
  std::vector<User> users;
  std::vector<Role> roles;
};

// Whether an entry of bucket `authUsers` or `authRoles` is a user or a role, under its own name. Of another
// bucket every entry is taken.
bool IsAuthEntry(std::string_view bucket, Bytes key, Bytes value);

// Reads buckets auth, authUsers and authRoles. Reports MVCC-AUTH-MALFORMED and what bolt::View reports.
Auth ReadAuth(const Store& store, diag::FindingSink& sink);

}  // namespace etcdmedic::mvcc
