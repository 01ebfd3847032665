// SPDX-License-Identifier: Apache-2.0
#include "replay/auth_store.h"

#include <gtest/gtest.h>

#include "support/protobuf_text.h"

namespace etcdmedic::replay {
namespace {

using mvcc::PermissionType;

// Authentication is on; `user` may read [a, c) and [c, e), and write the key b.
AuthStore WithUser() {
  AuthStore auth;
  EXPECT_TRUE(auth.AddUser({.name = "root", .password = "", .roles = {}}));
  EXPECT_TRUE(auth.AddRole("root"));
  EXPECT_TRUE(auth.GrantRole("root", "root"));
  EXPECT_TRUE(auth.AddUser({.name = "user", .password = "hash", .roles = {}}));
  EXPECT_TRUE(auth.AddRole("r"));
  EXPECT_TRUE(auth.GrantRole("user", "r"));
  EXPECT_TRUE(auth.GrantPermission("r", {PermissionType::kRead, "a", "c"}));
  EXPECT_TRUE(auth.GrantPermission("r", {PermissionType::kRead, "c", "e"}));
  EXPECT_TRUE(auth.GrantPermission("r", {PermissionType::kWrite, "b", ""}));
  EXPECT_TRUE(auth.Enable());
  return auth;
}

TEST(AuthStore, AllowsEverythingWhereAuthenticationIsOff) {
  const AuthStore auth;
  EXPECT_TRUE(auth.MayAdminister({}));
  EXPECT_TRUE(auth.MayWrite({}, "a", ""));
}

TEST(AuthStore, RangesMustBeCoveredByWhatIsGranted) {
  const AuthStore auth = WithUser();
  const Identity user{"user", auth.revision()};
  EXPECT_TRUE(auth.MayRead(user, "a", ""));
  EXPECT_TRUE(auth.MayRead(user, "a", "e")) << "intervals that touch are one";
  EXPECT_FALSE(auth.MayRead(user, "a", "ea"));
  EXPECT_FALSE(auth.MayRead(user, "a", std::string_view("\0", 1)));
  EXPECT_FALSE(auth.MayRead(user, "A", "c"));
  EXPECT_TRUE(auth.MayWrite(user, "b", ""));
  EXPECT_FALSE(auth.MayWrite(user, "b", "c"));
  EXPECT_FALSE(auth.MayWrite(user, "a", ""));
  EXPECT_FALSE(auth.MayAdminister(user));
}

TEST(AuthStore, OpenEndedPermissionsReachToTheEnd) {
  AuthStore auth = WithUser();
  ASSERT_TRUE(auth.GrantPermission("r", {PermissionType::kReadWrite, "m", std::string(1, '\0')}));
  const Identity user{"user", auth.revision()};
  EXPECT_TRUE(auth.MayWrite(user, "z", ""));
  EXPECT_TRUE(auth.MayRead(user, "m", std::string_view("\0", 1)));
  EXPECT_FALSE(auth.MayRead(user, "l", std::string_view("\0", 1)));
}

TEST(AuthStore, RefusesWhoAskedBeforeTheLastChange) {
  AuthStore auth = WithUser();
  const uint64_t old = auth.revision();
  ASSERT_TRUE(auth.AddRole("another"));
  EXPECT_FALSE(auth.MayRead({"user", old}, "a", ""));
  EXPECT_FALSE(auth.MayRead({"user", 0}, "a", ""));
  EXPECT_FALSE(auth.MayRead({"root", old}, "a", ""));
  EXPECT_TRUE(auth.MayAdminister({"root", old})) << "administration asks for the role alone";
  EXPECT_FALSE(auth.MayRead({"nobody", auth.revision()}, "a", ""));
}

TEST(AuthStore, CountsItsRevisionWhereSomethingChanges) {
  AuthStore auth = WithUser();
  const uint64_t before = auth.revision();
  EXPECT_TRUE(auth.Enable());
  EXPECT_FALSE(auth.AddUser({.name = "user", .password = "", .roles = {}}));
  EXPECT_FALSE(auth.AddRole("r"));
  EXPECT_FALSE(auth.GrantRole("user", "r"));
  EXPECT_FALSE(auth.GrantRole("user", "none"));
  EXPECT_FALSE(auth.RevokePermission("r", "x", ""));
  EXPECT_FALSE(auth.RevokeRole("root", "root"));
  EXPECT_FALSE(auth.DeleteRole("root"));
  EXPECT_FALSE(auth.DeleteUser("root"));
  EXPECT_EQ(auth.revision(), before);
  EXPECT_TRUE(auth.DeleteRole("r"));
  EXPECT_TRUE(auth.users().at("user").roles.empty());
  EXPECT_TRUE(auth.Disable());
  EXPECT_EQ(auth.revision(), before + 2);
}

TEST(AuthStore, RepeatedGrantsCountToo) {
  AuthStore auth = WithUser();
  const uint64_t before = auth.revision();
  EXPECT_TRUE(auth.GrantPermission("r", {PermissionType::kWrite, "b", ""})) << "granted before";
  EXPECT_EQ(auth.revision(), before + 1);
  EXPECT_EQ(auth.roles().at("r").permissions.size(), 3U);
  EXPECT_TRUE(auth.GrantPermission("r", {PermissionType::kRead, "b", "c"}));
  EXPECT_TRUE(auth.GrantPermission("r", {PermissionType::kRead, "b", "c"}));
  EXPECT_EQ(auth.roles().at("r").permissions.size(), 5U) << "only the first of a key is looked at";
  EXPECT_FALSE(auth.GrantPermission("r", {PermissionType::kRead, "", "c"}));
  EXPECT_FALSE(auth.GrantPermission("r", {PermissionType::kRead, "d", "c"}));
  EXPECT_FALSE(auth.GrantPermission("none", {PermissionType::kRead, "d", ""}));
  EXPECT_EQ(auth.revision(), before + 3);
}

TEST(AuthStore, IsNotEnabledWithoutRoot) {
  AuthStore auth;
  EXPECT_FALSE(auth.Enable());
  EXPECT_FALSE(auth.changed());
}

TEST(AuthStore, EncodesUsersAndRoles) {
  using test::Delimited;
  using test::Number;
  EXPECT_EQ(EncodeUser({.name = "u", .password = "p", .roles = {"a", "b"}, .no_password = true}),
            Delimited(1, "u") + Delimited(2, "p") + Delimited(3, "a") + Delimited(3, "b") +
                Delimited(4, Number(1, 1)));
  EXPECT_EQ(EncodeRole({.name = "r", .permissions = {{PermissionType::kReadWrite, "k", "l"}}}),
            Delimited(1, "r") + Delimited(2, Number(1, 2) + Delimited(2, "k") + Delimited(3, "l")));
}

}  // namespace
}  // namespace etcdmedic::replay
