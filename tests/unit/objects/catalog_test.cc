// SPDX-License-Identifier: Apache-2.0
#include "objects/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/objects_fixture.h"

namespace etcdmedic::objects {
namespace {

using support::ObjectsFixture;
using testing::ElementsAre;

std::vector<std::string> SectionsOf(const ObjectCatalog& catalog) {
  std::vector<std::string> all;
  for (const Section& section : catalog.sections())
    all.push_back(section.resource->QualifiedName() + "=" + std::to_string(section.end - section.begin));
  return all;
}

TEST(ObjectCatalog, ListsWhatExistsByResource) {
  const ObjectsFixture fixture;
  EXPECT_THAT(SectionsOf(*fixture.catalog), ElementsAre("customresourcedefinitions.apiextensions.k8s.io=1",
                                                        "pods=2", "crontabs.stable.example.com=1"));
  EXPECT_EQ(fixture.catalog->other_keys(), 1U);
  EXPECT_EQ(fixture.catalog->first_other_key(), "compact_rev_key");
  EXPECT_EQ(fixture.catalog->revision(), fixture.opened.store->current_revision());
}

TEST(ObjectCatalog, LearnsDefinitions) {
  const ObjectsFixture fixture;
  const auto found = fixture.catalog->resources().Resolve("ct");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]->kind, "CronTab");
  EXPECT_TRUE(fixture.catalog->Holds(*found[0]));
}

TEST(ObjectCatalog, FindsAnObjectByItsName) {
  const ObjectsFixture fixture;
  const Section& pods = fixture.catalog->sections()[1];
  const auto at = fixture.catalog->Find(pods, "demo", "b");
  ASSERT_TRUE(at);
  EXPECT_EQ(fixture.catalog->At(*at).kv.key, "/registry/pods/demo/b");
  EXPECT_FALSE(fixture.catalog->Find(pods, "demo", "a"));
  EXPECT_FALSE(fixture.catalog->Find(pods, "demo", "gone"));
}

}  // namespace
}  // namespace etcdmedic::objects
