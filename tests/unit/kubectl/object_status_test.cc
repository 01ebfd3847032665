// SPDX-License-Identifier: Apache-2.0
#include "kubectl/object_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

constexpr int64_t kNow = 1'795'774'800;  // 2026-11-27T10:20:00Z

std::string Status(const std::string& json) {
  text::ObjectTree tree;
  text::ReadJson(json, tree);
  return std::string(StatusOf(tree.root(), kNow));
}
std::string Of(const char* version, const char* kind, const char* more) {
  return Status(std::string(R"({"apiVersion":")") + version + R"(","kind":")" + kind + "\"," + more + "}");
}

TEST(StatusOf, RulesOfAnyKindGoFirst) {
  EXPECT_EQ(Status(R"({"metadata":{"deletionTimestamp":"2026-11-27T10:00:00Z"}})"), "Terminating");
  EXPECT_EQ(Status(R"({"metadata":{"generation":2},"status":{"observedGeneration":1}})"), "InProgress");
  EXPECT_EQ(Status(R"({"status":{"conditions":[{"type":"Stalled","status":"True"}]}})"), "Failed");
  EXPECT_EQ(Status(R"({"status":{"conditions":[{"type":"Reconciling","status":"True"}]}})"), "InProgress");
  EXPECT_EQ(Status(R"({"status":{"conditions":[{"type":"Ready","status":"False"}]}})"), "InProgress");
  EXPECT_EQ(Status("{}"), "Current");
}

TEST(StatusOf, FollowsTheRulesOfAKind) {
  struct Row {
    const char *version, *kind, *more, *status;
  };
  const Row rows[] = {
      {"v1", "Pod", R"("status":{"phase":"Succeeded"})", "Current"},
      {"v1", "Pod", R"("status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]})",
       "Current"},
      {"v1", "Pod",
       R"("status":{"phase":"Running","containerStatuses":[{"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]})",
       "Failed"},
      {"v1", "Pod",
       R"("status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]})",
       "Failed"},
      {"v1", "Pod",
       R"("metadata":{"creationTimestamp":"2026-11-27T10:19:50Z"},"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable"}]})",
       "InProgress"},
      {"v1", "Pod", R"("status":{"phase":"Lost"})", "Unknown"},
      {"v1", "PersistentVolumeClaim", R"("status":{"phase":"Pending"})", "InProgress"},
      {"v1", "Service", R"("spec":{"type":"LoadBalancer"})", "InProgress"},
      {"v1", "Secret", R"("status":{"conditions":[{"type":"Ready","status":"False"}]})", "Current"},
      {"batch/v1", "Job", R"("status":{"startTime":"2026-11-27T10:19:50Z"})", "Current"},
      {"batch/v1", "Job", R"("status":{"conditions":[{"type":"Failed","status":"True"}]})", "Failed"},
      {"batch/v1", "Job", R"("status":{})", "InProgress"},
      {"apps/v1", "DaemonSet",
       R"("metadata":{"generation":1},"status":{"observedGeneration":1,"desiredNumberScheduled":1,"currentNumberScheduled":1,"updatedNumberScheduled":1,"numberAvailable":1,"numberReady":1})",
       "Current"},
      {"apps/v1", "DaemonSet", R"("status":{"desiredNumberScheduled":0})", "InProgress"},
      {"apps/v1", "StatefulSet",
       R"("spec":{"replicas":2,"updateStrategy":{"rollingUpdate":{"partition":1}}},"status":{"replicas":2,"readyReplicas":2,"updatedReplicas":1})",
       "Current"},
      {"apps/v1", "StatefulSet",
       R"("spec":{"replicas":2,"updateStrategy":{"rollingUpdate":{"partition":-9223372036854775808}}},"status":{"replicas":2,"readyReplicas":2,"updatedReplicas":1})",
       "InProgress"},
      {"apps/v1", "StatefulSet",
       R"("spec":{"replicas":1},"status":{"replicas":1,"readyReplicas":1,"currentReplicas":1,"currentRevision":"a","updateRevision":"b"})",
       "InProgress"},
      {"apps/v1", "ReplicaSet", R"("spec":{"replicas":0},"status":{"replicas":1})", "InProgress"},
      {"apps/v1", "Deployment",
       R"("spec":{"replicas":1},"status":{"replicas":1,"updatedReplicas":1,"availableReplicas":1,"readyReplicas":1,"conditions":[{"type":"Available","status":"True"}]})",
       "Current"},
      {"apps/v1", "Deployment",
       R"("spec":{"replicas":0,"progressDeadlineSeconds":600},"status":{"conditions":[{"type":"Available","status":"True"}]})",
       "InProgress"},
      {"apps/v1", "Deployment",
       R"("status":{"conditions":[{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]})",
       "Failed"},
      {"apiextensions.k8s.io/v1", "CustomResourceDefinition",
       R"("status":{"conditions":[{"type":"Established","status":"False","reason":"Installing"}]})",
       "InProgress"},
      {"apiextensions.k8s.io/v1", "CustomResourceDefinition",
       R"("status":{"conditions":[{"type":"NamesAccepted","status":"False"}]})", "Failed"}};
  for (const Row& row : rows)
    EXPECT_EQ(Of(row.version, row.kind, row.more), row.status) << row.kind << row.more;
}

TEST(ReadinessOf, ReadsTheCondition) {
  text::ObjectTree tree;
  text::ReadJson(
      R"({"status":{"conditions":[{"type":"Other","status":"True"},{"type":"Ready","status":"False","reason":"R"}]}})",
      tree);
  EXPECT_EQ(ReadinessOf(tree.root()).status, "False");
  EXPECT_EQ(ReadinessOf(tree.root()).reason, "R");
  EXPECT_EQ(ReadinessOf(text::ObjectView()).status, "");
}

}  // namespace
}  // namespace etcdmedic::kubectl
