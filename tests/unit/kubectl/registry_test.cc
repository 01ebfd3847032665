// SPDX-License-Identifier: Apache-2.0
#include "kubectl/registry.h"

#include <gtest/gtest.h>

#include "support/page_end.h"

namespace etcdmedic::kubectl {
namespace {

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

TEST(Registry, FindsPartsOfTheKeyAtEveryCut) {
  const ResourceTable table;
  const Registry registry(table);
  support::ForEachPrefix("/registry/services/specs/default/web", [&](Bytes prefix) {
    const auto key = registry.Parse(AsText(prefix));
    if (!key) return;
    EXPECT_LE(key->prefix.size() + key->path.size() + key->namespace_name.size() + key->name.size(),
              prefix.size());
    EXPECT_FALSE(key->name.empty());
  });
}

}  // namespace
}  // namespace etcdmedic::kubectl
