// SPDX-License-Identifier: Apache-2.0
#include "cluster/new_cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace etcdmedic::cluster {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Refusal(std::string_view cluster, const std::vector<std::string>& learners = {}) {
  const auto made = ParseNewCluster(cluster, "etcd-cluster", learners);
  return made ? "" : made.error().what;
}

// Ids as etcdutl 3.6 makes them.
TEST(NewCluster, HasTheIdsThatEtcdComputes) {
  const auto one = ParseNewCluster("default=http://localhost:2380", "etcd-cluster");
  ASSERT_TRUE(one);
  ASSERT_EQ(one->members.size(), 1U);
  EXPECT_EQ(one->members[0].id, 0x8e9e05c52164694dU);
  EXPECT_EQ(one->id, 0xcdf818194e3a8c32U);
  EXPECT_EQ(one->Named("default"), &one->members[0]);
  EXPECT_EQ(one->Named("other"), nullptr);
}

TEST(NewCluster, SortsUrlsAndMembersAndKnowsLearners) {
  const auto made = ParseNewCluster("b=http://b:1,a=HTTP://z:2,,a= http://a:2 ", "t", {"b"});
  ASSERT_TRUE(made);
  ASSERT_EQ(made->members.size(), 2U);
  EXPECT_LT(made->members[0].id, made->members[1].id);
  EXPECT_THAT(made->Named("a")->peer_urls, ElementsAre("http://a:2", "http://z:2"));
  EXPECT_TRUE(made->Named("b")->is_learner);
  EXPECT_EQ(made->Named("b")->id, MemberId({"http://b:1"}, "t"));
}

TEST(NewCluster, RefusesWhatEtcdRefuses) {
  EXPECT_THAT(Refusal("a=ftp://a:1"), HasSubstr("scheme must be http"));
  EXPECT_THAT(Refusal("a"), HasSubstr("scheme must be http"));
  EXPECT_THAT(Refusal("a=http://a"), HasSubstr("host:port"));
  EXPECT_THAT(Refusal("a=http://a:x"), HasSubstr("host:port"));
  EXPECT_THAT(Refusal("a=http://::1:2380"), HasSubstr("host:port"));
  EXPECT_THAT(Refusal("a=http://a:1/x"), HasSubstr("path"));
  EXPECT_THAT(Refusal("a=http://a:1,b=http://a:1"), HasSubstr("duplicate"));
  EXPECT_THAT(Refusal(""), HasSubstr("no member"));
  EXPECT_THAT(Refusal("a=http://a:1", {"b"}), HasSubstr("learner"));
  EXPECT_THAT(Refusal("a=http://a:1", {"a"}), HasSubstr("not a learner"));
  EXPECT_EQ(Refusal("a=http://[::1]:2380,b=unix://x"), "");
}

TEST(NewCluster, ReadsAListOfUrls) {
  const auto urls = ParseUrls("http://b:1,https://a:2");
  ASSERT_TRUE(urls);
  EXPECT_THAT(*urls, ElementsAre("http://b:1", "https://a:2"));
  EXPECT_FALSE(ParseUrls(""));
}

}  // namespace
}  // namespace etcdmedic::cluster
