// SPDX-License-Identifier: Apache-2.0
#include "kubectl/pod_status.h"

#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

struct Case {
  const char* name;
  const char* pod;
  const char* status;
  int64_t containers, ready, restarts;
};

// As kubectl's printPod counts them.
const Case kCases[] = {
    {"running",
     R"({"spec":{"containers":[{"name":"a"},{"name":"b"}]},"status":{"phase":"Running","containerStatuses":[
        {"name":"a","ready":true,"restartCount":2,"state":{"running":{}}},{"name":"b","ready":false,"restartCount":1,"state":{"running":{}}}]}})",
     "Running", 2, 1, 3},
    {"waits",
     R"({"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Running","containerStatuses":[
        {"name":"a","restartCount":7,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}})",
     "CrashLoopBackOff", 1, 0, 7},
    {"ended with a code",
     R"({"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Failed","containerStatuses":[
        {"name":"a","state":{"terminated":{"exitCode":3}}}]}})",
     "ExitCode:3", 1, 0, 0},
    {"ended by a signal",
     R"({"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Failed","containerStatuses":[
        {"name":"a","state":{"terminated":{"exitCode":137,"signal":9}}}]}})",
     "Signal:9", 1, 0, 0},
    {"completed",
     R"({"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Succeeded","containerStatuses":[
        {"name":"a","state":{"terminated":{"reason":"Completed","exitCode":0}}}]}})",
     "Completed", 1, 0, 0},
    {"pending", R"({"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Pending"}})", "Pending", 1, 0, 0},
    {"evicted", R"({"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Failed","reason":"Evicted"}})",
     "Evicted", 1, 0, 0},
    {"deleted",
     R"({"metadata":{"deletionTimestamp":"2026-11-24T05:04:02Z"},"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Running"}})",
     "Terminating", 1, 0, 0},
    {"deleted on a lost node",
     R"({"metadata":{"deletionTimestamp":"2026-11-24T05:04:02Z"},"spec":{"containers":[{"name":"a"}]},"status":{"phase":"Running","reason":"NodeLost"}})",
     "Unknown", 1, 0, 0},
    {"initialises",
     R"({"spec":{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}]},"status":{"phase":"Pending",
        "initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"running":{}}}]}})",
     "Init:1/2", 1, 0, 0},
    {"an init container fails",
     R"({"spec":{"initContainers":[{"name":"i"}],"containers":[{"name":"a"}]},"status":{"phase":"Pending",
        "initContainerStatuses":[{"name":"i","restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}})",
     "Init:CrashLoopBackOff", 1, 0, 4},
    {"an init container ended badly",
     R"({"spec":{"initContainers":[{"name":"i"}],"containers":[{"name":"a"}]},"status":{"phase":"Pending",
        "initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":2}}}]}})",
     "Init:ExitCode:2", 1, 0, 0},
    {"with a sidecar",
     R"({"spec":{"initContainers":[{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]},"status":{"phase":"Running",
        "initContainerStatuses":[{"name":"s","started":true,"ready":true,"restartCount":1,"state":{"running":{}}}],
        "containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}]}})",
     "Running", 2, 2, 1},
};

TEST(SummarisePod, SaysWhatKubectlSays) {
  for (const Case& each : kCases) {
    text::ObjectTree tree;
    ASSERT_FALSE(text::ReadJson(each.pod, tree)) << each.name;
    const PodSummary summary = SummarisePod(tree.root());
    EXPECT_EQ(summary.status, each.status) << each.name;
    EXPECT_EQ(summary.containers, each.containers) << each.name;
    EXPECT_EQ(summary.ready, each.ready) << each.name;
    EXPECT_EQ(summary.restarts, each.restarts) << each.name;
  }
}

TEST(SummarisePod, KnowsTheLastRestart) {
  text::ObjectTree tree;
  ASSERT_FALSE(text::ReadJson(
      R"({"spec":{"containers":[{"name":"a"},{"name":"b"}]},"status":{"phase":"Running","containerStatuses":[
      {"name":"a","restartCount":1,"state":{"running":{}},"lastState":{"terminated":{"finishedAt":"2026-11-24T05:04:02Z"}}},
      {"name":"b","restartCount":1,"state":{"running":{}},"lastState":{"terminated":{"finishedAt":"2026-11-23T05:04:02Z"}}}]}})", tree));
  EXPECT_EQ(SummarisePod(tree.root()).last_restart, "2026-11-24T05:04:02Z");
}

TEST(SummarisePod, TakesAnythingForAPod) {
  for (const char* pod : {"{}", "[]", "7", "null", R"({"status":[],"spec":7})",
                          R"({"status":{"containerStatuses":{"a":1}}})"}) {
    text::ObjectTree tree;
    ASSERT_FALSE(text::ReadJson(pod, tree));
    EXPECT_EQ(SummarisePod(tree.root()).ready, 0) << pod;
  }
}

}  // namespace
}  // namespace etcdmedic::kubectl
