// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kubectl/describe.h"
#include "support/described.h"

namespace etcdmedic::kubectl {
namespace {

using support::Described;
using support::Squeezed;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kTemplate =
    R"("template":{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"name":"c","image":"new"}]}})";

std::string Set(const char* name, const char* image, const char* owner, const char* labels = R"({"a":"1"})") {
  return std::string(R"({"metadata":{"name":")") + name + R"(","namespace":"n","labels":)" + labels +
         R"(,"ownerReferences":[{"controller":true,"uid":")" + owner +
         R"("}]},"spec":{"replicas":2,"template":{"metadata":{"labels":{"a":"1","pod-template-hash":"x"}},"spec":{"containers":[{"name":"c","image":")" +
         image + R"("}]}}},"status":{"replicas":1}})";
}

TEST(DescribeDeployment, TellsTheNewReplicaSetFromTheOldOnes) {
  const std::string text = Described(
      "deploy",
      std::string(
          R"({"metadata":{"name":"d","namespace":"n","uid":"u"},"spec":{"replicas":3,"selector":{"matchLabels":{"a":"1"}},
      "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":"30%"}},)") +
          kTemplate +
          R"(},"status":{"replicas":2,"conditions":[{"type":"Available","status":"True","reason":"R"}]}})",
      {{"replicasets.apps",
        {Set("b", "new", "u"), Set("a", "old", "u"), Set("other", "old", "v"), Set("c", "old", "u"),
         Set("unselected", "old", "u", "{}")}}});
  EXPECT_THAT(Squeezed(text), HasSubstr(Squeezed("OldReplicaSets:  a (1/2 replicas created), c (1/2 replicas "
                                                 "created)\nNewReplicaSet:   b (1/2 replicas created)\n")));
  EXPECT_THAT(
      text,
      HasSubstr("Replicas:               3 desired | 0 updated | 2 total | 0 available | 0 unavailable\n"));
  EXPECT_THAT(Squeezed(text),
              HasSubstr(Squeezed("RollingUpdateStrategy:  30% max unavailable, 1 max surge\n")));
  EXPECT_THAT(Squeezed(text), HasSubstr(Squeezed("  Available   True    R\n")));
}

TEST(DescribeDeployment, WithoutReplicaSetsSaysNothingOfThem) {
  EXPECT_THAT(Described("deploy", R"({"metadata":{"name":"d"},"spec":{}})"), Not(HasSubstr("ReplicaSet")));
}

}  // namespace
}  // namespace etcdmedic::kubectl
