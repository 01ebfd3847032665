// SPDX-License-Identifier: Apache-2.0
#include "kubectl/resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "kubectl/registry.h"
#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

using testing::ElementsAre;

std::vector<std::string> Resolved(const ResourceTable& table, std::string_view name) {
  std::vector<std::string> names;
  for (const Resource* resource : table.Resolve(name)) names.push_back(resource->QualifiedName());
  return names;
}

TEST(Resources, AreKnownByAllTheirNames) {
  const ResourceTable table;
  for (const std::string_view name :
       {"deployments", "deployment", "deploy", "Deployment", "DEPLOY", "deployments.apps", "deploy.v1.apps",
        "deployments.extensions", "deployment.v1beta1.extensions"}) {
    EXPECT_THAT(Resolved(table, name), ElementsAre("deployments.apps")) << name;
  }
  EXPECT_THAT(Resolved(table, "po"), ElementsAre("pods"));
  EXPECT_THAT(Resolved(table, "pods.v1"), ElementsAre("pods"));
  EXPECT_THAT(Resolved(table, "events.events.k8s.io"), ElementsAre("events"));
  EXPECT_THAT(Resolved(table, "no"), ElementsAre("nodes"));
  EXPECT_TRUE(Resolved(table, "pods.apps").empty());
  EXPECT_TRUE(Resolved(table, "nonesuch").empty());
  EXPECT_EQ(Resolved(table, "endpoints").front(), "endpoints");
}

TEST(Resources, AllIsACategory) {
  const ResourceTable table;
  std::vector<std::string> kinds;
  for (const Resource* resource : table.InCategory("all")) {
    if (!resource->group.ends_with("openshift.io")) kinds.push_back(resource->plural);
  }
  EXPECT_THAT(kinds,
              ElementsAre("pods", "replicationcontrollers", "services", "daemonsets", "deployments",
                          "replicasets", "statefulsets", "horizontalpodautoscalers", "cronjobs", "jobs"));
}

TEST(Resources, LearnFromDefinitions) {
  ResourceTable table;
  text::ObjectTree tree;
  ASSERT_FALSE(text::ReadJson(R"({"spec":{"group":"stable.example.com","scope":"Namespaced",
    "names":{"plural":"crontabs","singular":"crontab","kind":"CronTab","shortNames":["ct"],"categories":["all"]},
    "versions":[{"name":"v1","additionalPrinterColumns":[{"name":"Spec","type":"string","jsonPath":".spec.cronSpec","priority":1}]}]}})",
                              tree));
  ASSERT_TRUE(table.Learn(tree.root()));
  for (const std::string_view name : {"ct", "crontab", "crontabs.stable.example.com", "CronTab"}) {
    EXPECT_THAT(Resolved(table, name), ElementsAre("crontabs.stable.example.com"));
  }
  const Resource& resource = *table.Resolve("ct").front();
  EXPECT_TRUE(resource.custom);
  EXPECT_TRUE(resource.namespaced);
  EXPECT_EQ(table.FindPath("stable.example.com/crontabs"), &resource);
  ASSERT_EQ(resource.columns.size(), 1U);
  EXPECT_EQ(resource.columns[0].path, ".spec.cronSpec");
  EXPECT_EQ(resource.columns[0].version, "v1");
  EXPECT_EQ(table.InCategory("all").back(), &resource);
  ASSERT_FALSE(text::ReadJson(R"({"spec":{"names":{"plural":"x"}}})", tree));
  EXPECT_FALSE(table.Learn(tree.root()));
}

TEST(Resources, AreFoundByKindAndPath) {
  const ResourceTable table;
  ASSERT_NE(table.FindKind("apps", "Deployment"), nullptr);
  EXPECT_EQ(table.FindKind("apps", "Deployment")->path, "deployments");
  EXPECT_EQ(table.FindKind("apps", "Pod"), nullptr);
  ASSERT_NE(table.FindPath("services/specs"), nullptr);
  EXPECT_EQ(table.FindPath("services/specs")->kind, "Service");
  EXPECT_EQ(table.FindPath("none"), nullptr);
}

TEST(Resources, HaveAPathOfTheirOwnEach) {
  std::set<std::string> paths;
  const ResourceTable table;
  ASSERT_GT(ResourceRows().size(), 50U);
  for (const ResourceRow& row : ResourceRows()) {
    EXPECT_FALSE(row.plural.empty());
    EXPECT_TRUE(paths.insert(std::string(row.path.empty() ? row.plural : row.path)).second) << row.plural;
    ASSERT_NE(table.FindKind(row.group, row.kind), nullptr) << row.kind;
    EXPECT_EQ(table.FindKind(row.group, row.kind)->kind, row.kind);
  }
}

TEST(Resources, AreMetInKeys) {
  ResourceTable table;
  const Resource& met = table.LearnFromKey("example.org/widgets", false);
  EXPECT_EQ(met.QualifiedName(), "widgets.example.org");
  EXPECT_FALSE(met.namespaced);
  EXPECT_EQ(&table.LearnFromKey("example.org/widgets", true), &met);
  EXPECT_EQ(table.LearnFromKey("pods", true).kind, "Pod");
}

TEST(ApiVersion, HasAGroupAndAVersion) {
  EXPECT_EQ(GroupOf("apps/v1"), "apps");
  EXPECT_EQ(GroupOf("v1"), "");
  EXPECT_EQ(VersionOf("apps/v1"), "v1");
  EXPECT_EQ(VersionOf("v1"), "v1");
}

}  // namespace
}  // namespace etcdmedic::kubectl
