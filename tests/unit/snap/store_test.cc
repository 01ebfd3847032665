// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "snap/snap.h"

namespace etcdmedic::snap {
namespace {

using testing::ElementsAre;

std::string Store(const std::string& trees) { return R"({"Root":{"Path":"/","Children":{)" + trees + "}}}"; }
std::string Folder(const std::string& name, const std::string& children) {
  return '"' + name + R"(":{"Path":"x","Children":{)" + children + "}}";
}
std::string Value(const std::string& name) {
  return '"' + name + R"(":{"Path":"x","Value":"v","Children":null})";
}

TEST(ClientKeys, AreNotWhatTheClusterKeeps) {
  const ClientKeys keys =
      FindClientKeys(EncodeStore({{{7, "m1", {"http://a"}, {}, false}}, {}, {}, "3.6.0"}));
  EXPECT_EQ(keys.count, 0U);
  EXPECT_FALSE(keys.refused);
}

TEST(ClientKeys, AreCountedInAllFolders) {
  const ClientKeys keys = FindClientKeys(
      Store(Folder("0", Value("version")) + "," +
            Folder("1", Folder("a", Value("b") + "," + Folder("c", Value("d"))) + "," + Value("e"))));
  EXPECT_EQ(keys.count, 3U);
  EXPECT_TRUE(keys.refused);
  EXPECT_THAT(keys.first, ElementsAre("/1/e", "/1/a/b", "/1/a/c/d"));
}

TEST(ClientKeys, AreRefusedAsEmptyFoldersToo) {
  EXPECT_TRUE(FindClientKeys(Store(Folder("1", Folder("a", "")))).refused);
  EXPECT_FALSE(FindClientKeys(Store(Folder("1", ""))).refused);
}

TEST(ClientKeys, OfAuthenticationCountWhereAnyAreLeft) {
  const std::string none = Value("enabled") + "," + Folder("users", "") + "," + Folder("roles", "");
  EXPECT_FALSE(FindClientKeys(Store(Folder("2", none))).refused);
  const ClientKeys keys = FindClientKeys(Store(Folder("2", Folder("users", Value("root")))));
  EXPECT_TRUE(keys.refused);
  EXPECT_EQ(keys.count, 1U);
}

TEST(Membership, NamesAMemberWithoutRaftAttributes) {
  const std::string members = Folder("members", Folder("7", Value("attributes")));
  EXPECT_THAT(ParseMembership(Store(Folder("0", members)))->incomplete, ElementsAre(7U));
}

}  // namespace
}  // namespace etcdmedic::snap
