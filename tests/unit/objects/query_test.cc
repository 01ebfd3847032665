// SPDX-License-Identifier: Apache-2.0
#include "objects/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/objects_fixture.h"

namespace etcdmedic::objects {
namespace {

using support::ObjectsFixture;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ObjectQuery, TakesKindsAndNames) {
  ObjectsFixture fixture;
  const auto kinds = fixture.Ask({"po,ct"});
  ASSERT_TRUE(kinds);
  ASSERT_EQ(kinds->wanted.size(), 2U);
  EXPECT_EQ(kinds->wanted[1].resource->kind, "CronTab");
  EXPECT_FALSE(kinds->by_name);
  const auto one = fixture.Ask({"pod", "a"});
  ASSERT_TRUE(one);
  EXPECT_TRUE(one->one && one->by_name);
  const auto pairs = fixture.Ask({"pod/a", "ct/c"});
  ASSERT_TRUE(pairs);
  EXPECT_FALSE(pairs->one);
  EXPECT_THAT(pairs->wanted[1].names, ElementsAre("c"));
  const auto all = fixture.Ask({});
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->every_kind);
}

TEST(ObjectQuery, RefusesWhatItCannotMean) {
  ObjectsFixture fixture;
  EXPECT_THAT(fixture.Ask({"podz"}).error().what, HasSubstr("did you mean pods?"));
  EXPECT_THAT(fixture.Ask({"pod/a", "b"}).error().what, HasSubstr("b is not"));
  EXPECT_THAT(fixture.Ask({","}).error().what, HasSubstr("a kind is missing"));
  const std::vector<std::string> words{"pod", "a"};
  EXPECT_FALSE(ParseObjectQuery({.words = words, .all_namespaces = true}, *fixture.catalog));
  EXPECT_FALSE(ParseObjectQuery({.words = words, .labels = "a=b"}, *fixture.catalog));
  EXPECT_FALSE(ParseObjectQuery({.words = std::span(words).first(1), .labels = "a in"}, *fixture.catalog));
}

TEST(ObjectQuery, TakesSelectorsNamespaceAndOrder) {
  ObjectsFixture fixture;
  const std::vector<std::string> words{"pods"};
  const auto query = ParseObjectQuery(
      {.words = words, .namespace_name = "demo", .labels = "app=x", .sort_by = ".metadata.name"},
      *fixture.catalog);
  ASSERT_TRUE(query);
  EXPECT_TRUE(query->filters());
  EXPECT_TRUE(query->sort_by);
  EXPECT_FALSE(query->by_name || query->every_kind);
  kubectl::RegistryKey key;
  key.namespace_name = "demo";
  EXPECT_TRUE(query->InNamespace(key));
  key.namespace_name = "default";
  EXPECT_FALSE(query->InNamespace(key));
  key.namespace_name = "";
  EXPECT_TRUE(query->InNamespace(key)) << "of the cluster";
  EXPECT_FALSE(ParseObjectQuery({.words = words, .fields = "a"}, *fixture.catalog));
  EXPECT_FALSE(ParseObjectQuery({.words = words, .sort_by = ".a["}, *fixture.catalog));
}

TEST(ObjectQuery, AsksForDefaultWhereNothingIsSaid) {
  ObjectsFixture fixture;
  EXPECT_EQ(fixture.Ask({"pods"})->namespace_name, "default");
  EXPECT_FALSE(fixture.Ask({"pods"})->filters());
  EXPECT_TRUE(ParseObjectQuery({.all_namespaces = true}, *fixture.catalog)->all_namespaces);
}

TEST(ObjectQuery, TakesACategoryForItsKinds) {
  ObjectsFixture fixture;
  const auto all = fixture.Ask({"all"});
  ASSERT_TRUE(all);
  EXPECT_GT(all->wanted.size(), 5U);
  EXPECT_EQ(all->wanted.front().resource->kind, "Pod");
}

}  // namespace
}  // namespace etcdmedic::objects
