// SPDX-License-Identifier: Apache-2.0
#include "kubectl/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

using testing::ElementsAre;

// "prefix|path|namespace|name|kind".
std::string Parsed(const Registry& registry, std::string_view key) {
  const auto parsed = registry.Parse(key);
  if (!parsed) return "none";
  std::string text;
  for (const std::string_view part : {parsed->prefix, parsed->path, parsed->namespace_name, parsed->name})
    (text += part) += '|';
  return text + (parsed->resource == nullptr ? "?" : parsed->resource->kind);
}

struct Case {
  std::string_view key, parsed;
};

constexpr Case kCases[] = {
    {"/registry/pods/default/keepr", "/registry|pods|default|keepr|Pod"},
    {"/registry/services/specs/default/web", "/registry|services/specs|default|web|Service"},
    {"/registry/services/endpoints/default/web", "/registry|services/endpoints|default|web|Endpoints"},
    {"/registry/minions/n1", "/registry|minions||n1|Node"},
    {"/registry/controllers/demo/rc", "/registry|controllers|demo|rc|ReplicationController"},
    {"/registry/ingress/demo/i", "/registry|ingress|demo|i|Ingress"},
    {"/registry/clusterroles/system:node", "/registry|clusterroles||system:node|ClusterRole"},
    {"/registry/apiextensions.k8s.io/customresourcedefinitions/c.example.com",
     "/registry|apiextensions.k8s.io/customresourcedefinitions||c.example.com|CustomResourceDefinition"},
    {"/registry/apiregistration.k8s.io/apiservices/v1.apps",
     "/registry|apiregistration.k8s.io/apiservices||v1.apps|APIService"},
    {"/registry/stable.example.com/crontabs/demo/ct1", "/registry|stable.example.com/crontabs|demo|ct1|?"},
    {"/registry/stable.example.com/things/one", "/registry|stable.example.com/things||one|?"},
    {"/registry/ranges/serviceips", "/registry|ranges||serviceips|RangeAllocation"},
    {"/registry/masterleases/10.0.0.1", "/registry|masterleases||10.0.0.1|Endpoints"},
    {"/registry/futures/demo/f", "/registry|futures|demo|f|?"},
    {"/kubernetes.io/pods/a/b", "/kubernetes.io|pods|a|b|Pod"},
    {"/openshift.io/routes/a/r", "/openshift.io|routes|a|r|Route"},
    {"/openshift.io/oauth/accesstokens/t", "/openshift.io|oauth/accesstokens||t|OAuthAccessToken"},
    {"compact_rev_key", "none"},
    {"/registry/health", "none"},
    {"/registry/pods", "none"},
    {"/registry/pods/", "none"},
    {"/registry//a", "none"},
    {"/registry", "none"},
    {"/registryx/pods/a/b", "none"},
    {"/elsewhere/pods/a/b", "none"},
    {"", "none"},
};

TEST(Registry, NamesWhatKeysHold) {
  const ResourceTable table;
  const Registry registry(table);
  for (const Case& each : kCases) EXPECT_EQ(Parsed(registry, each.key), each.parsed) << each.key;
}

TEST(Registry, KeyOfIsTheWayBack) {
  const ResourceTable table;
  const Registry registry(table);
  for (const Case& each : kCases) {
    const auto key = registry.Parse(each.key);
    if (!key || key->resource == nullptr) continue;
    EXPECT_EQ(Registry::KeyOf(key->prefix, *key->resource, key->namespace_name, key->name), each.key);
  }
}

TEST(Registry, TakesAnotherPrefix) {
  const ResourceTable table;
  for (const std::string_view typed : {"/clusters/a", "clusters/a", "clusters/a/"}) {
    const Registry registry(table, typed);
    EXPECT_EQ(Parsed(registry, "/clusters/a/pods/d/p"), "/clusters/a|pods|d|p|Pod");
    EXPECT_EQ(Parsed(registry, "/registry/pods/d/p"), "none");
  }
}

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
  ASSERT_EQ(resource.columns.size(), 1U);
  EXPECT_EQ(resource.columns[0].path, ".spec.cronSpec");
  EXPECT_EQ(resource.columns[0].version, "v1");
  EXPECT_EQ(table.InCategory("all").back(), &resource);
  ASSERT_FALSE(text::ReadJson(R"({"spec":{"names":{"plural":"x"}}})", tree));
  EXPECT_FALSE(table.Learn(tree.root()));
}

}  // namespace
}  // namespace etcdmedic::kubectl
