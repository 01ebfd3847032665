// SPDX-License-Identifier: Apache-2.0
#include "mvcc/auth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/opened_store.h"
#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::mvcc {
namespace {

using support::BigEndian64;
using support::DbBuilder;
using support::OpenedStore;
using test::Delimited;
using test::Number;
using testing::ElementsAre;

std::string UserOf(const std::string& name) {
  return Delimited(1, name) + Delimited(2, "$2a$10$hash") + Delimited(3, "root") + Delimited(3, "reader");
}
std::string RoleOf(const std::string& name) {
  return Delimited(1, name) + Delimited(2, Number(1, 2) + Delimited(2, "/a") + Delimited(3, "/b")) +
         Delimited(2, Delimited(2, "/c"));
}

DbBuilder Db() {
  DbBuilder db;
  for (const char* bucket : {"auth", "authUsers", "authRoles", "key", "meta"}) db.Bucket(bucket);
  return db;
}

TEST(Auth, ReadsUsersRolesAndTheSwitch) {
  OpenedStore opened(Db().Add("auth", "authEnabled", "\x01")
                         .Add("auth", "authRevision", BigEndian64(9))
                         .Add("authUsers", "alice", UserOf("alice"))
                         .Add("authUsers", "bob", Delimited(1, "bob") + Delimited(4, Number(1, 1)))
                         .Add("authRoles", "root", RoleOf("root"))
                         .Build());
  const Auth auth = ReadAuth(*opened.store, opened.found);
  EXPECT_TRUE(opened.found.items.empty());
  EXPECT_TRUE(auth.enabled);
  EXPECT_EQ(auth.revision, 9U);
  ASSERT_EQ(auth.users.size(), 2U);
  EXPECT_EQ(auth.users[0].name, "alice");
  EXPECT_EQ(auth.users[0].password, "$2a$10$hash");
  EXPECT_THAT(auth.users[0].roles, ElementsAre("root", "reader"));
  EXPECT_FALSE(auth.users[0].no_password);
  EXPECT_TRUE(auth.users[1].no_password);
  ASSERT_EQ(auth.roles.size(), 1U);
  ASSERT_EQ(auth.roles[0].permissions.size(), 2U);
  EXPECT_EQ(auth.roles[0].permissions[0].type, PermissionType::kReadWrite);
  EXPECT_EQ(auth.roles[0].permissions[0].key, "/a");
  EXPECT_EQ(auth.roles[0].permissions[0].range_end, "/b");
  EXPECT_EQ(auth.roles[0].permissions[1].type, PermissionType::kRead) << "zero is not written";
}

TEST(Auth, IsOffWhereNothingSaysOtherwise) {
  OpenedStore opened(Db().Build());
  EXPECT_FALSE(ReadAuth(*opened.store, opened.found).enabled);
  OpenedStore odd(Db().Add("auth", "authEnabled", "\x01\x01").Add("auth", "authRevision", "short").Build());
  const Auth auth = ReadAuth(*odd.store, odd.found);
  EXPECT_FALSE(auth.enabled);
  EXPECT_EQ(auth.revision, 0U);
}

TEST(Auth, ReportsWhatIsNotAUserOrCarriesAnotherName) {
  OpenedStore opened(Db().Add("authRoles", "a", RoleOf("b"))
                         .Add("authRoles", "c", Delimited(1, "c") + Number(2, 1))
                         .Add("authUsers", "a", UserOf("b"))
                         .Add("authUsers", "c", Number(1, 5))
                         .Add("authUsers", "d", "\xFF")
                         .Add("authUsers", "e", UserOf("e"))
                         .Build());
  const Auth auth = ReadAuth(*opened.store, opened.found);
  EXPECT_EQ(auth.users.size(), 1U);
  EXPECT_TRUE(auth.roles.empty());
  ASSERT_EQ(opened.found.items.size(), 5U);
  for (const diag::Finding& finding : opened.found.items) {
    EXPECT_EQ(finding.code, diag::Code::kMvccAuth);
    EXPECT_GT(finding.where.offset, 8192U) << "where the entry is";
  }
}

TEST(Auth, KnowsItsEntries) {
  const auto is = [](std::string_view bucket, std::string_view key, const std::string& value) {
    return IsAuthEntry(bucket, AsBytes(key), AsBytes(value));
  };
  EXPECT_TRUE(is("authUsers", "a", UserOf("a")));
  EXPECT_TRUE(is("authRoles", "a", RoleOf("a")));
  EXPECT_TRUE(is("cluster", "clusterVersion", "3.6.0"));
  EXPECT_FALSE(is("authUsers", "a", UserOf("b")));
  EXPECT_FALSE(is("authUsers", "a", "\xFF"));
  EXPECT_FALSE(is("authRoles", "a", Delimited(1, "a") + Number(2, 1)));
}

// Every user and role cut at every length is reported, or has lost whole fields.
TEST(Auth, NeverTakesAHalfField) {
  for (size_t length = 0; length < RoleOf("root").size(); ++length) {
    OpenedStore opened(Db().Add("authRoles", "root", RoleOf("root").substr(0, length)).Build());
    const Auth auth = ReadAuth(*opened.store, opened.found);
    EXPECT_EQ(auth.roles.size() + opened.found.items.size(), 1U) << length;
    for (const Role& role : auth.roles) EXPECT_LT(role.permissions.size(), 2U) << length;
  }
}

TEST(PermissionType, HasNames) {
  EXPECT_EQ(NameOf(PermissionType::kRead), "read");
  EXPECT_EQ(NameOf(PermissionType::kWrite), "write");
  EXPECT_EQ(NameOf(PermissionType::kReadWrite), "readwrite");
  EXPECT_EQ(NameOf(static_cast<PermissionType>(3)), "unknown");
}

}  // namespace
}  // namespace etcdmedic::mvcc
