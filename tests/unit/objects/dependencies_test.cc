// SPDX-License-Identifier: Apache-2.0
#include "objects/dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::objects {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Of(std::string_view json) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(json, tree));
  std::vector<std::string> texts;
  for (const ObjectId& id : DependenciesOf(tree.root())) texts.push_back(TextOf(id));
  return texts;
}

TEST(Dependencies, OfAPodTemplate) {
  EXPECT_THAT(
      Of(R"({"kind":"Deployment","metadata":{"name":"web","namespace":"demo"},"spec":{"template":{"spec":{
      "serviceAccountName":"sa","imagePullSecrets":[{"name":"pull"}],"priorityClassName":"high",
      "volumes":[{"configMap":{"name":"cfg"}},{"secret":{"secretName":"sec"}},{"persistentVolumeClaim":{"claimName":"data"}},
        {"projected":{"sources":[{"secret":{"name":"p"}},{"configMap":{"name":"cfg"}}]}},{"emptyDir":{}}],
      "containers":[{"envFrom":[{"secretRef":{"name":"env"}}],"env":[{"valueFrom":{"configMapKeyRef":{"name":"one"}}},{"value":"x"}]}],
      "initContainers":[{"env":[{"valueFrom":{"secretKeyRef":{"name":"init"}}}]}]}}}})"),
      ElementsAre("Namespace demo", "ConfigMap demo/cfg", "Secret demo/sec",
                  "PersistentVolumeClaim demo/data", "Secret demo/p", "Secret demo/env", "ConfigMap demo/one",
                  "Secret demo/init", "Secret demo/pull", "ServiceAccount demo/sa",
                  "PriorityClass.scheduling.k8s.io high"));
}

TEST(Dependencies, OfOwnersBindingsAndRoutes) {
  EXPECT_THAT(
      Of(R"({"kind":"Pod","metadata":{"namespace":"d","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"r"}]}})"),
      ElementsAre("Namespace d", "ReplicaSet.apps d/r"));
  EXPECT_THAT(
      Of(R"({"kind":"RoleBinding","metadata":{"namespace":"d"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io",
      "kind":"ClusterRole","name":"view"},"subjects":[{"kind":"ServiceAccount","name":"sa"},{"kind":"User","name":"u"}]})"),
      ElementsAre("Namespace d", "ClusterRole.rbac.authorization.k8s.io view", "ServiceAccount d/sa"));
  EXPECT_THAT(
      Of(R"({"kind":"Ingress","metadata":{"namespace":"d"},"spec":{"ingressClassName":"nginx","tls":[{"secretName":"t"}],
      "rules":[{"http":{"paths":[{"backend":{"service":{"name":"web"}}}]}}]}})"),
      ElementsAre("Namespace d", "IngressClass.networking.k8s.io nginx", "Secret d/t", "Service d/web"));
  EXPECT_THAT(Of(R"({"kind":"HorizontalPodAutoscaler","metadata":{"namespace":"d"},
      "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"}}})"),
              ElementsAre("Namespace d", "Deployment.apps d/web"));
  EXPECT_THAT(Of(R"({"kind":"ClusterRole","metadata":{"name":"c"}})"), IsEmpty());
  EXPECT_THAT(Of(R"({"kind":"X","metadata":7,"spec":{"template":{"spec":{"containers":{},"volumes":[1]}}}})"),
              IsEmpty());
}

TEST(BindsAccount, LooksAtTheNamespaceToo) {
  text::ObjectTree tree;
  ASSERT_FALSE(text::ReadJson(R"({"metadata":{"namespace":"d"},"subjects":[{"kind":"User","name":"sa"},
      {"kind":"ServiceAccount","name":"sa","namespace":"other"},{"kind":"ServiceAccount","name":"own"}]})",
                              tree));
  EXPECT_TRUE(BindsAccount(tree.root(), "other", "sa"));
  EXPECT_FALSE(BindsAccount(tree.root(), "d", "sa"));
  EXPECT_TRUE(BindsAccount(tree.root(), "d", "own"));
}

}  // namespace
}  // namespace etcdmedic::objects
