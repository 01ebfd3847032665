// SPDX-License-Identifier: Apache-2.0
#include "cluster/members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace etcdmedic::cluster {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MemberDocument, IsTheBackendsWholeMember) {
  const auto read = ParseMemberDocument(
      R"({"id":10501334649042878790,"peerURLs":["http://a:2380"],"name":"m1","clientURLs":["http://a:2379"],)"
      R"("isLearner":true})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, 10501334649042878790U);
  EXPECT_EQ(read->member.name, "m1");
  EXPECT_THAT(read->member.peer_urls, ElementsAre("http://a:2380"));
  EXPECT_THAT(read->member.client_urls, ElementsAre("http://a:2379"));
  EXPECT_TRUE(read->member.is_learner);
  EXPECT_FALSE(read->is_promote);
}

TEST(MemberDocument, OfTheLogSaysWhetherALearnerBecomesAVoter) {
  EXPECT_TRUE(ParseMemberDocument(R"({"id":7,"isPromote":true})")->is_promote);
}

TEST(MemberDocument, TakesFieldsOfAnotherTypeForAbsent) {
  const auto read = ParseMemberDocument(
      R"({"id":"7","name":7,"peerURLs":["a",1,{"b":[]}],"clientURLs":"c","isLearner":"true"})");
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->id);
  EXPECT_EQ(read->member.name, "");
  EXPECT_THAT(read->member.peer_urls, ElementsAre("a"));
  EXPECT_THAT(read->member.client_urls, IsEmpty());
  EXPECT_FALSE(read->member.is_learner);
  EXPECT_FALSE(ParseMemberDocument(R"({"id":-7})")->id);
}

TEST(MemberDocument, IsRefusedAtEveryCut) {
  const std::string whole = R"({"id":7,"name":"m1","peerURLs":["http://a"]})";
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(ParseMemberDocument(whole.substr(0, size)));
  for (const char* other : {"[]", "7", "null", "{} {}"}) EXPECT_FALSE(ParseMemberDocument(other)) << other;
}

TEST(MemberDocument, MayNestAsDeepAsItLikes) {
  const std::string deep(100000, '[');
  EXPECT_FALSE(ParseMemberDocument("{\"name\":" + deep));
  const auto closed = ParseMemberDocument("{\"id\":7,\"x\":" + deep + std::string(deep.size(), ']') + "}");
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->id, 7U);
}

TEST(ConfStateDocument, HasDecimalIds) {
  const auto read =
      ParseConfStateDocument(R"({"voters":[2,1],"learners":[3],"voters_outgoing":[4],"auto_leave":true})");
  EXPECT_EQ(read, (ConfState{{2, 1}, {3}, {4}, {}, true}));
  EXPECT_TRUE(read->Holds(4));
  EXPECT_FALSE(read->Holds(5));
  EXPECT_FALSE(ParseConfStateDocument("[1]"));
}

TEST(ConfState, IsMadeOfMembers) {
  const ConfState state =
      ConfStateOf({{9, "", {}, {}, true}, {3, "", {}, {}, false}, {1, "", {}, {}, false}});
  EXPECT_THAT(state.voters, ElementsAre(1U, 3U));
  EXPECT_THAT(state.learners, ElementsAre(9U));
}

TEST(Membership, NamesMembersWithoutADocumentToo) {
  Membership membership;
  membership.members = {{1, "a", {}, {}, true}, {2, "b", {}, {}, false}};
  membership.incomplete = {3};
  membership.removed = {4};
  EXPECT_TRUE(membership.Names(1));
  EXPECT_TRUE(membership.Names(3));
  EXPECT_FALSE(membership.Names(4));
  EXPECT_TRUE(membership.Removed(4));
  EXPECT_EQ(membership.Count(), 3U);
  EXPECT_EQ(membership.Learners(), 1U);
}

TEST(DowngradeTarget, CountsOnlyWhereEnabled) {
  EXPECT_EQ(DowngradeTarget(R"({"target-version":"3.5.0","enabled":true})"), "3.5.0");
  EXPECT_EQ(DowngradeTarget(R"({"target-version":"3.5.0","enabled":false})"), "");
  EXPECT_EQ(DowngradeTarget(R"({"target-version":"3.5.0","enabled":1})"), "");
  EXPECT_EQ(DowngradeTarget("{"), "");
}

TEST(Members, WritesDocumentsAsEtcdDoes) {
  EXPECT_EQ(
      EncodeMember({0xFFFFFFFFFFFFFFFF, "<m&1>", {"http://a:1"}, {}, false}),
      "{\"id\":18446744073709551615,\"peerURLs\":[\"http://a:1\"],\"name\":\"\\u003cm\\u00261\\u003e\"}");
  const Member full{7, "m", {"http://a:1", "http://b:1"}, {"http://c:1"}, true};
  EXPECT_EQ(EncodeMember(full),
            "{\"id\":7,\"peerURLs\":[\"http://a:1\",\"http://b:1\"],\"isLearner\":true,"
            "\"name\":\"m\",\"clientURLs\":[\"http://c:1\"]}");
  const ConfState state{{1, 2}, {3}, {}, {}, false};
  EXPECT_EQ(EncodeConfStateDocument(state), "{\"voters\":[1,2],\"learners\":[3],\"auto_leave\":false}");
  EXPECT_EQ(ParseConfStateDocument(EncodeConfStateDocument(state)), state);
}

TEST(ConfStateDocument, IsRefusedAtEveryCut) {
  const std::string whole = R"({"voters":[1,18446744073709551615],"learners":[3],"auto_leave":false})";
  ASSERT_TRUE(ParseConfStateDocument(whole));
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(ParseConfStateDocument(whole.substr(0, size)));
}

}  // namespace
}  // namespace etcdmedic::cluster
