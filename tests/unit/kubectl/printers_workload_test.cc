// SPDX-License-Identifier: Apache-2.0
// Columns of pods, nodes and what makes pods.
#include "support/table_cells.h"

namespace etcdmedic::kubectl {
namespace {

using test::TableCase;

// What kubectl prints after NAME.
constexpr TableCase kCases[] = {
    {"pods", true,
     R"({"spec":{"nodeName":"n1","readinessGates":[{"conditionType":"g"}]},"status":{"phase":"Running","podIP":"1.2.3.4"}})",
     "0/0|Running|0|<unknown>|1.2.3.4|n1|<none>|0/1"},
    {"nodes", false,
     R"({"metadata":{"labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":""}},
      "spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.37.2"}}})",
     "Ready,SchedulingDisabled|control-plane,worker|<unknown>|v1.37.2"},
    {"deployments", true,
     R"({"spec":{"replicas":3,"selector":{"matchLabels":{"app":"w"}},"template":{"spec":{"containers":[
      {"name":"c","image":"i"},{"name":"d","image":"j"}]}}},"status":{"readyReplicas":1,"updatedReplicas":2}})",
     "1/3|2|0|<unknown>|c,d|i,j|app=w"},
    {"daemonsets", false,
     R"({"spec":{"template":{"spec":{"nodeSelector":{"os":"linux"}}}},"status":{"desiredNumberScheduled":2,
      "currentNumberScheduled":2,"numberReady":1}})",
     "2|2|1|0|0|os=linux|<unknown>"},
    {"jobs", false,
     R"({"spec":{"completions":3},"status":{"succeeded":1,"startTime":"2026-01-01T23:00:00Z"}})",
     "Running|1/3|60m|<unknown>"},
    {"jobs", false, R"({"spec":{"parallelism":4},"status":{"succeeded":2,"startTime":"2026-01-01T00:00:00Z",
      "completionTime":"2026-01-01T00:05:30Z","conditions":[{"type":"Complete","status":"True"}]}})",
     "Complete|2/1 of 4|5m30s|<unknown>"},
    {"cronjobs", false, R"({"spec":{"schedule":"* * * * *","suspend":false},"status":{"active":[{}]}})",
     "* * * * *|<none>|False|1|<none>|<unknown>"},
    {"nodes", true,
     R"({"metadata":{"labels":{"kubernetes.io/role":"edge"}},"status":{"conditions":[{"type":"Ready","status":"Unknown"}],
      "addresses":[{"type":"InternalIP","address":"1.1.1.1"}],"nodeInfo":{"osImage":"Debian"}}})",
     "NotReady|edge|<unknown>||1.1.1.1|<none>|Debian|<unknown>|<unknown>"},
    {"nodes", false, R"({})", "Unknown|<none>|<unknown>|"},
    {"pods", true,
     R"({"spec":{"readinessGates":[{"conditionType":"g"},{"conditionType":"h"}]},"status":{"podIPs":[{"ip":"::1"}],
      "nominatedNodeName":"n2","conditions":[{"type":"g","status":"True"},{"type":"h","status":"False"}]}})",
     "0/0||0|<unknown>|::1|<none>|n2|1/2"},
    {"replicasets", false, R"({"spec":{"replicas":3},"status":{"replicas":2,"readyReplicas":1}})",
     "3|2|1|<unknown>"},
    {"replicationcontrollers", true, R"({"spec":{"replicas":1,"selector":{"a":"b"}}})",
     "1|0|0|<unknown>|||a=b"},
    {"statefulsets", true,
     R"({"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}},
      "status":{"readyReplicas":2}})",
     "2/2|<unknown>|c|i"},
    {"jobs", false, R"({"status":{"conditions":[{"type":"Failed","status":"True"}]}})",
     "Failed|0/1||<unknown>"},
    {"jobs", false, R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{"completions":1}})",
     "Terminating|0/1||<unknown>"},
    {"jobs", false, R"({"status":{"conditions":[{"type":"Suspended","status":"True"}]}})",
     "Suspended|0/1||<unknown>"},
    {"cronjobs", true,
     R"({"spec":{"schedule":"@daily","timeZone":"UTC","suspend":true,"jobTemplate":{"spec":{"selector":{"matchLabels":{"x":"y"}},
      "template":{"spec":{"containers":[{"name":"c","image":"i"}]}}}}},"status":{"lastScheduleTime":"2026-01-01T23:00:00Z"}})",
     "@daily|UTC|True|0|60m|<unknown>|c|i|x=y"},
    {"cronjobs", false, R"({"spec":{"schedule":"@daily"}})", "@daily|<none>|<unset>|0|<none>|<unknown>"},
    {"controllerrevisions", false,
     R"({"metadata":{"ownerReferences":[{"kind":"X"},{"controller":true,"apiVersion":"apps/v1",
      "kind":"DaemonSet","name":"d"}]},"revision":4})",
     "daemonset.apps/d|4|<unknown>"},
    {"controllerrevisions", false, R"({})", "<none>|0|<unknown>"},
    {"podtemplates", false,
     R"({"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"},
      {"name":"d","image":"j"}]}}})",
     "c,d|i,j|a=b"},
};

TEST(PrintersWorkload, PrintWhatKubectlPrints) { test::ExpectCells(kCases); }

std::string PodOf(std::string_view spec, std::string_view status, std::string_view metadata = "") {
  return fmt::format(
      R"({{"metadata":{{"creationTimestamp":"2026-01-01T00:00:00Z"{}}},"spec":{{{}}},"status":{{{}}}}})",
      metadata, spec, status);
}

struct PodCase {
  std::string_view what, spec, status, metadata, cells;
};

constexpr std::string_view kTwo = R"("containers":[{"name":"a"},{"name":"b"}])";
constexpr std::string_view kInit =
    R"("containers":[{"name":"a"}],"initContainers":[{"name":"i"},{"name":"j"}])";

constexpr PodCase kPods[] = {
    {"pending", kTwo, R"("phase":"Pending")", "", "0/2|Pending|0|24h"},
    {"running", kTwo,
     R"("phase":"Running","containerStatuses":[{"name":"a","ready":true,"restartCount":1,"state":{"running":{}},
        "lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T23:00:00Z"}}},
        {"name":"b","ready":true,"restartCount":2,"state":{"running":{}}}])",
     "", "2/2|Running|3 (60m ago)|24h"},
    {"crash loop", kTwo,
     R"("phase":"Running","containerStatuses":[{"name":"a","restartCount":0,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}])",
     "", "0/2|CrashLoopBackOff|0|24h"},
    {"exit code", kTwo,
     R"("phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":3}}}])", "",
     "0/2|ExitCode:3|0|24h"},
    {"signal", kTwo,
     R"("phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":137,"signal":9}}}])",
     "", "0/2|Signal:9|0|24h"},
    {"one completed", kTwo,
     R"("phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed"}}},
        {"name":"b","ready":true,"state":{"running":{}}}],"conditions":[{"type":"Ready","status":"True"}])",
     "", "1/2|Running|0|24h"},
    {"one completed, not ready", kTwo,
     R"("phase":"Running","containerStatuses":[{"name":"a","state":{"terminated":{"reason":"Completed"}}},
        {"name":"b","ready":true,"state":{"running":{}}}])",
     "", "1/2|NotReady|0|24h"},
    {"init", kInit,
     R"("phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},
        {"name":"j","state":{"running":{}}}])",
     "", "0/1|Init:1/2|0|24h"},
    {"init error", kInit, R"("phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":4,
        "state":{"waiting":{"reason":"CrashLoopBackOff"}}}])",
     "", "0/1|Init:CrashLoopBackOff|4|24h"},
    {"sidecar", R"("containers":[{"name":"a"}],"initContainers":[{"name":"s","restartPolicy":"Always"}])",
     R"("phase":"Running","initContainerStatuses":[{"name":"s","started":true,"ready":true,"restartCount":2,"state":{"running":{}}}],
        "containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}])",
     "", "2/2|Running|2|24h"},
    {"evicted", kTwo, R"("phase":"Failed","reason":"Evicted")", "", "0/2|Evicted|0|24h"},
    {"gated", kTwo,
     R"("phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}])",
     "", "0/2|SchedulingGated|0|24h"},
    {"terminating", kTwo, R"("phase":"Running")", R"(,"deletionTimestamp":"2026-01-01T00:00:00Z")",
     "0/2|Terminating|0|24h"},
    {"lost", kTwo, R"("phase":"Running","reason":"NodeLost")",
     R"(,"deletionTimestamp":"2026-01-01T00:00:00Z")", "0/2|Unknown|0|24h"},
};

TEST(PrintersWorkload, PodStatusIsNotItsPhase) {
  for (const PodCase& each : kPods)
    EXPECT_EQ(test::Cells("pods", PodOf(each.spec, each.status, each.metadata)), each.cells) << each.what;
}

}  // namespace
}  // namespace etcdmedic::kubectl
