// SPDX-License-Identifier: Apache-2.0
#include "objects/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "objects/query.h"
#include "objects/reader.h"
#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::OpenedStore;
using testing::ElementsAre;
using testing::HasSubstr;

std::string Object(const std::string& api_version, const std::string& kind, const std::string& name,
                   const std::string& more = "") {
  return R"({"apiVersion":")" + api_version + R"(","kind":")" + kind + R"(","metadata":{"name":")" + name +
         "\"}" + more + "}";
}

std::string Definition() {
  return Object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "crontabs.stable.example.com",
                R"(,"spec":{"group":"stable.example.com","scope":"Namespaced","names":{"plural":"crontabs",)"
                R"("singular":"crontab","kind":"CronTab","shortNames":["ct"]},"versions":[{"name":"v1"}]})");
}

std::string Image() {
  return KeySpace()
      .Put("/registry/pods/default/a", Object("v1", "Pod", "a"))
      .Put("/registry/pods/demo/b", Object("v1", "Pod", "b"))
      .Put("/registry/apiextensions.k8s.io/customresourcedefinitions/crontabs.stable.example.com",
           Definition())
      .Put("/registry/stable.example.com/crontabs/demo/c", Object("stable.example.com/v1", "CronTab", "c"))
      .Put("/registry/pods/demo/gone", Object("v1", "Pod", "gone"))
      .Delete("/registry/pods/demo/gone")
      .Put("compact_rev_key", "1")
      .Build();
}

struct Fixture {
  OpenedStore opened{Image()};
  ObjectReader reader{{"db", "", false}, {}, opened.found};
  std::unique_ptr<ObjectCatalog> catalog =
      std::move(*ObjectCatalog::Read(*opened.store, 0, "", reader.stored()));

  std::vector<std::string> Sections() const {
    std::vector<std::string> all;
    for (const Section& section : catalog->sections())
      all.push_back(section.resource->QualifiedName() + "=" + std::to_string(section.end - section.begin));
    return all;
  }
  Result<ObjectQuery> Ask(std::vector<std::string> words) {
    words_ = std::move(words);
    return ParseObjectQuery({.words = words_}, *catalog);
  }
  std::vector<std::string> words_;
};

TEST(ObjectCatalog, ListsWhatExistsByResource) {
  const Fixture fixture;
  EXPECT_THAT(fixture.Sections(), ElementsAre("customresourcedefinitions.apiextensions.k8s.io=1", "pods=2",
                                              "crontabs.stable.example.com=1"));
  EXPECT_EQ(fixture.catalog->other_keys(), 1U);
  EXPECT_EQ(fixture.catalog->first_other_key(), "compact_rev_key");
  EXPECT_EQ(fixture.catalog->revision(), fixture.opened.store->current_revision());
}

TEST(ObjectCatalog, LearnsDefinitions) {
  const Fixture fixture;
  const auto found = fixture.catalog->resources().Resolve("ct");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]->kind, "CronTab");
  EXPECT_TRUE(fixture.catalog->Holds(*found[0]));
}

TEST(ObjectCatalog, FindsAnObjectByItsName) {
  const Fixture fixture;
  const Section& pods = fixture.catalog->sections()[1];
  const auto at = fixture.catalog->Find(pods, "demo", "b");
  ASSERT_TRUE(at);
  EXPECT_EQ(fixture.catalog->At(*at).kv.key, "/registry/pods/demo/b");
  EXPECT_FALSE(fixture.catalog->Find(pods, "demo", "a"));
  EXPECT_FALSE(fixture.catalog->Find(pods, "demo", "gone"));
}

TEST(ObjectReader, AppendsTextAndTree) {
  Fixture fixture;
  const StoredObject object = fixture.catalog->At(fixture.catalog->sections()[1].begin);
  std::string text;
  EXPECT_TRUE(fixture.reader.AppendText(object, k8s::TextFormat::kYaml, false, text));
  EXPECT_THAT(text, HasSubstr("kind: Pod"));
  EXPECT_EQ(fixture.reader.Tree(object).At("metadata.name").text(), "a");
}

TEST(ObjectReader, ReportsWhatHoldsNoObject) {
  const OpenedStore opened(KeySpace()
                               .Put("/registry/pods/default/a", "text")
                               .Put("/registry/secrets/default/s", "k8s:enc:aescbc:v1:cbc1:xxxxxxxxxxxxxxxx")
                               .Build());
  diag::FindingList found;
  ObjectReader reader({"db", "", false}, {}, found);
  const auto catalog = ObjectCatalog::Read(*opened.store, 0, "", reader.stored());
  ASSERT_TRUE(catalog);
  std::string text;
  EXPECT_FALSE(reader.AppendText((*catalog)->At(0), k8s::TextFormat::kYaml, false, text));
  EXPECT_FALSE(reader.AppendText((*catalog)->At(1), k8s::TextFormat::kYaml, false, text));
  EXPECT_EQ(text, "");
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].code, diag::Code::kK8sValueNotObject);
  EXPECT_EQ(reader.closed(), 1U);
  EXPECT_THAT(reader.remarks(), ElementsAre(HasSubstr("--encryption-config names")));
}

TEST(ObjectQuery, TakesKindsAndNames) {
  Fixture fixture;
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
  Fixture fixture;
  EXPECT_THAT(fixture.Ask({"podz"}).error().what, HasSubstr("did you mean pods?"));
  EXPECT_THAT(fixture.Ask({"pod/a", "b"}).error().what, HasSubstr("b is not"));
  EXPECT_THAT(fixture.Ask({","}).error().what, HasSubstr("a kind is missing"));
  const std::vector<std::string> words{"pod", "a"};
  EXPECT_FALSE(ParseObjectQuery({.words = words, .all_namespaces = true}, *fixture.catalog));
  EXPECT_FALSE(ParseObjectQuery({.words = words, .labels = "a=b"}, *fixture.catalog));
  EXPECT_FALSE(ParseObjectQuery({.words = std::span(words).first(1), .labels = "a in"}, *fixture.catalog));
}

TEST(WantedKeys, ChooseByKindAndNamespace) {
  const Fixture fixture;
  const kubectl::ResourceTable& table = fixture.catalog->resources();
  const kubectl::Registry registry(table);
  const auto is_wanted = [&](const WantedKeys& wanted, std::string_view key) {
    return wanted(*registry.Parse(key));
  };
  const std::vector<std::string> words{"po,cm"};
  const auto wanted = WantedOf(words, "demo", table);
  ASSERT_TRUE(wanted);
  EXPECT_TRUE(is_wanted(*wanted, "/registry/pods/demo/b"));
  EXPECT_FALSE(is_wanted(*wanted, "/registry/pods/default/a"));
  EXPECT_FALSE(is_wanted(*wanted, "/registry/secrets/demo/s"));
  EXPECT_FALSE(WantedOf({}, std::nullopt, table).value()) << "an empty function: all";
  const std::vector<std::string> comma{","}, unknown{"frobs"};
  EXPECT_FALSE(WantedOf(comma, std::nullopt, table)) << "not everything";
  EXPECT_EQ(WantedOf(unknown, std::nullopt, table).error().what, "there is no resource frobs");
}

}  // namespace
}  // namespace etcdmedic::objects
