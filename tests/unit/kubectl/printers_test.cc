// SPDX-License-Identifier: Apache-2.0
#include "kubectl/printers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kubectl/age.h"
#include "support/printed_cells.h"

namespace etcdmedic::kubectl {
namespace {

using test::Cells;
using test::kNow;

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

TEST(Printers, PodStatusIsNotItsPhase) {
  for (const PodCase& each : kPods)
    EXPECT_EQ(Cells("pods", PodOf(each.spec, each.status, each.metadata)), each.cells) << each.what;
}

struct Case {
  std::string_view plural;
  bool wide;
  std::string_view json, cells;
};

constexpr Case kCases[] = {
    {"pods", true,
     R"({"spec":{"nodeName":"n1","readinessGates":[{"conditionType":"g"}]},"status":{"phase":"Running","podIP":"1.2.3.4"}})",
     "0/0|Running|0|<unknown>|1.2.3.4|n1|<none>|0/1"},
    {"nodes", false,
     R"({"metadata":{"labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":""}},
      "spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.37.2"}}})",
     "Ready,SchedulingDisabled|control-plane,worker|<unknown>|v1.37.2"},
    {"services", true,
     R"({"spec":{"type":"LoadBalancer","clusterIPs":["10.0.0.1"],"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},
      {"port":53,"protocol":"UDP"}],"selector":{"b":"2","a":"1"}},"status":{"loadBalancer":{"ingress":[{"hostname":"a-very-long-name.example.com"}]}}})",
     "LoadBalancer|10.0.0.1|a-very-long-name.example.com|80:30080/TCP,53/UDP|<unknown>|a=1,b=2"},
    {"services", false, R"({"spec":{"type":"LoadBalancer","clusterIP":"None"}})",
     "LoadBalancer|None|<pending>|<none>|<unknown>"},
    {"services", false, R"({"spec":{"type":"ExternalName","externalName":"x.example"}})",
     "ExternalName|<none>|x.example|<none>|<unknown>"},
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
    {"persistentvolumes", false,
     R"({"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],
      "persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"d","name":"c"},"storageClassName":"fast"},"status":{"phase":"Bound"}})",
     "1Gi|RWO,RWX|Retain|Bound|d/c|fast|<unset>||<unknown>"},
    {"persistentvolumeclaims", false,
     R"({"spec":{"storageClassName":"s"},"status":{"phase":"Pending","capacity":{"storage":"1Gi"}}})",
     "Pending||||s|<unset>|<unknown>"},
    {"ingresses", false,
     R"({"spec":{"ingressClassName":"n","rules":[{"host":"a"},{"host":"b"},{"host":"c"},{"host":"d"}],"tls":[{}]}})",
     "n|a,b,c + 1 more...||80, 443|<unknown>"},
    {"ingresses", false, R"({"spec":{"defaultBackend":{}}})", "<none>|*||80|<unknown>"},
    {"endpoints", false,
     R"({"subsets":[{"addresses":[{"ip":"1.1.1.1"},{"ip":"::1"}],"ports":[{"port":80},{"port":81}]}]})",
     "1.1.1.1:80,[::1]:80,1.1.1.1:81 + 1 more...|<unknown>"},
    {"events", false, R"({"lastTimestamp":"2026-01-01T23:59:00Z","type":"Warning","reason":"BackOff",
      "involvedObject":{"kind":"Pod","name":"p"},"message":" text\n"})",
     "60s|Warning|BackOff|pod/p|text"},
    {"horizontalpodautoscalers", false,
     R"({"spec":{"scaleTargetRef":{"kind":"Deployment","name":"w"},"maxReplicas":5,"metrics":[
      {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]},"status":{"currentReplicas":2,
      "currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":12}}}]}})",
     "Deployment/w|cpu: 12%/80%|<unset>|5|2|<unknown>"},
    {"rolebindings", true,
     R"({"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"Group","name":"g"},
      {"kind":"ServiceAccount","namespace":"d","name":"s"}]})",
     "Role/r|<unknown>|u|g|d/s"},
    {"networkpolicies", false, R"({"spec":{"podSelector":{}}})", "<none>|<unknown>"},
    {"secrets", false, R"({"type":"Opaque","data":{"a":"","b":""}})", "Opaque|2|<unknown>"},
    {"configmaps", false, R"({"data":{"a":""},"binaryData":{"b":""}})", "2|<unknown>"},
};

TEST(Printers, PrintWhatKubectlPrints) {
  for (const Case& each : kCases)
    EXPECT_EQ(Cells(each.plural, each.json, each.wide), each.cells) << each.plural;
}

TEST(Printers, MarkTheDefaultStorageClass) {
  const ResourceTable table;
  text::ObjectTree tree;
  ASSERT_FALSE(text::ReadJson(
      R"({"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}})", tree));
  const TablePrinter printer(*table.Resolve("sc").front(), "", {});
  EXPECT_EQ(printer.Row(tree.root(), "std").front(), "std (default)");
}

TEST(Printers, TakeColumnsFromADefinition) {
  ResourceTable table;
  text::ObjectTree tree;
  ASSERT_FALSE(text::ReadJson(R"({"spec":{"group":"g.example","names":{"plural":"ts","kind":"T"},"versions":[
    {"name":"v1","additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"},
     {"name":"Born","type":"date","jsonPath":".metadata.creationTimestamp"},{"name":"All","type":"string","jsonPath":".spec","priority":1},
     {"name":"Broken","type":"string","jsonPath":".a["}]},
    {"name":"v2","additionalPrinterColumns":[{"name":"Other","type":"string","jsonPath":".x"}]}]}})",
                              tree));
  ASSERT_TRUE(table.Learn(tree.root()));
  const Resource& resource = *table.Resolve("ts").front();
  text::ObjectTree object;
  ASSERT_FALSE(text::ReadJson(
      R"({"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"size":3}})", object));
  const CellContext narrow{text::ParseTime(kNow)->seconds, false}, wide{text::ParseTime(kNow)->seconds, true};
  EXPECT_THAT(TablePrinter(resource, "g.example/v1", narrow).Header(),
              testing::ElementsAre("NAME", "SIZE", "BORN", "BROKEN"));
  EXPECT_THAT(TablePrinter(resource, "g.example/v1", narrow).Row(object.root(), "t"),
              testing::ElementsAre("t", "3", "24h", ""));
  EXPECT_THAT(TablePrinter(resource, "g.example/v1", wide).Row(object.root(), "t"),
              testing::ElementsAre("t", "3", "24h", R"({"size":3})", ""));
  EXPECT_THAT(TablePrinter(resource, "g.example/v3", narrow).Header(), testing::ElementsAre("NAME", "AGE"));
}

TEST(Ages, AreRoundedAsKubectlRounds) {
  constexpr std::pair<int64_t, std::string_view> kAges[] = {
      {-5, "<invalid>"}, {-1, "0s"},       {0, "0s"},          {119, "119s"},    {120, "2m"},
      {125, "2m5s"},     {599, "9m59s"},   {600, "10m"},       {10799, "179m"},  {10800, "3h"},
      {10860, "3h1m"},   {28800, "8h"},    {172799, "47h"},    {172800, "2d"},   {176400, "2d1h"},
      {691200, "8d"},    {63072000, "2y"}, {63158400, "2y1d"}, {252288000, "8y"}};
  for (const auto& [seconds, text] : kAges) EXPECT_EQ(HumanDuration(seconds), text) << seconds;
}

}  // namespace
}  // namespace etcdmedic::kubectl
