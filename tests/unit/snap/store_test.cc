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

TEST(Membership, IsReadAsItIsWritten) {
  const cluster::Membership written{
      {{7, "m1", {"http://a", "http://b"}, {"http://c"}, false}, {0x1f, "", {"http://d"}, {}, true}},
      {},
      {3, 9},
      "3.6.0"};
  const auto read = ParseMembership(EncodeStore(written));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->members.size(), 2U);
  EXPECT_EQ(read->members[0].name, "m1");
  EXPECT_THAT(read->members[0].peer_urls, ElementsAre("http://a", "http://b"));
  EXPECT_THAT(read->members[0].client_urls, ElementsAre("http://c"));
  EXPECT_FALSE(read->members[0].is_learner);
  EXPECT_EQ(read->members[1].id, 0x1fU);
  EXPECT_TRUE(read->members[1].is_learner);
  EXPECT_THAT(read->removed, ElementsAre(3U, 9U));
  EXPECT_EQ(read->cluster_version, "3.6.0");
  EXPECT_TRUE(read->incomplete.empty());
}

TEST(Membership, IsNothingAtAnyCut) {
  const std::string whole = EncodeStore({{{7, "m1", {"http://a"}, {}, false}}, {}, {3}, "3.6.0"});
  for (size_t length = 0; length < whole.size(); length += 7) {
    EXPECT_FALSE(ParseMembership(whole.substr(0, length))) << length;
    EXPECT_FALSE(FindClientKeys(whole.substr(0, length)).refused);
  }
}

TEST(Membership, TakesOddDocumentsAsTheyAre) {
  for (const char* odd :
       {"[]", "null", "7", "{}", R"({"Root":7})", R"({"Root":{"Children":[]}})",
        R"({"Root":{"Children":{"0":7}}})", R"({"Root":{"Children":{"0":{"Children":{"members":7}}}}})"}) {
    const auto read = ParseMembership(odd);
    EXPECT_TRUE(!read || read->members.empty()) << odd;
    EXPECT_FALSE(FindClientKeys(odd).refused) << odd;
  }
  const std::string members =
      Folder("members", Folder("7", Value("raftAttributes")) + "," + Folder("not hex", ""));
  const auto read = ParseMembership(Store(Folder("0", members)));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->members.size(), 1U) << "a name that is not an id names no member";
  EXPECT_TRUE(read->members[0].peer_urls.empty()) << "attributes that are not JSON";
}

}  // namespace
}  // namespace etcdmedic::snap
