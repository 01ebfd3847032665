// SPDX-License-Identifier: Apache-2.0
#include "kubectl/pod_resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

struct Pod {
  explicit Pod(const std::string& json) : text(json) { text::ReadJson(text, tree); }
  std::string Of(const char* name, Amounts which = Amounts::kRequests, bool with_status = false) const {
    const Quantities amounts = AmountsOf(tree.root(), which, with_status);
    const auto found = amounts.find(name);
    return found == amounts.end() ? "none" : found->second.Text();
  }
  std::string text;
  text::ObjectTree tree;
};
std::string Requests(const char* cpu) {
  return std::string(R"("resources":{"requests":{"cpu":")") + cpu + "\"}}";
}

TEST(AmountsOf, TakesTheLargerOfStartAndRun) {
  const Pod pod(R"({"spec":{"overhead":{"cpu":"10m"},"initContainers":[{)" + Requests("3") +
                R"(},{"restartPolicy":"Always",)" + Requests("200m") + R"(},{)" + Requests("2900m") +
                R"(}],"containers":[{)" + Requests("1") + "},{" + Requests("500m") + "}]}}");
  EXPECT_EQ(pod.Of("cpu"), "3110m");
  EXPECT_EQ(pod.Of("cpu", Amounts::kLimits), "none");
}

TEST(AmountsOf, WhatIsSetForThePodGoesFirst) {
  const Pod pod(R"({"spec":{"resources":{"requests":{"cpu":"4","storage":"1"}},"containers":[{)" +
                Requests("1") + "}]}}");
  EXPECT_EQ(pod.Of("cpu"), "4");
  EXPECT_EQ(pod.Of("storage"), "none");
}

TEST(AmountsOf, CountsWhatTheKubeletHasGiven) {
  const std::string head =
      R"({"spec":{"containers":[{"name":"c",)" + Requests("1") +
      R"(}]},"status":{"containerStatuses":[{"name":"c","resources":{"requests":{"cpu":"2"}},"allocatedResources":{"cpu":"3"}}])";
  EXPECT_EQ(Pod(head + "}}").Of("cpu", Amounts::kRequests, true), "3");
  EXPECT_EQ(Pod(head + "}}").Of("cpu"), "1");
  const std::string spec =
      R"({"spec":{"containers":[{"name":"c",)" + Requests("5") +
      R"(}]},"status":{"conditions":[{"type":"PodResizePending","reason":"Infeasible"}],"containerStatuses":[{"name":"c","allocatedResources":{"cpu":"3"}}]}})";
  EXPECT_EQ(Pod(spec).Of("cpu", Amounts::kRequests, true), "3");
}

TEST(QosClassOf, FollowsTheContainersWhereTheStatusSaysNothing) {
  const auto of = [](const std::string& json) { return std::string(QosClassOf(Pod(json).tree.root())); };
  EXPECT_EQ(of(R"({"status":{"qosClass":"X"}})"), "X");
  EXPECT_EQ(of("{}"), "BestEffort");
  EXPECT_EQ(of(R"({"spec":{"containers":[{)" + Requests("1") + "}]}}"), "Burstable");
  const std::string both =
      R"({"resources":{"requests":{"cpu":"1","memory":"1"},"limits":{"cpu":"1","memory":"1"}}})";
  EXPECT_EQ(of(R"({"spec":{"containers":[)" + both + "]}}"), "Guaranteed");
  EXPECT_EQ(of(R"({"spec":{"containers":[)" + both + ",{}]}}"), "Burstable");
  EXPECT_EQ(of(R"({"spec":{"resources":{"requests":{"cpu":"1"}},"containers":[)" + both + "]}}"),
            "Burstable");
}

}  // namespace
}  // namespace etcdmedic::kubectl
