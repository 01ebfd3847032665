// SPDX-License-Identifier: Apache-2.0
// Columns of namespaces, identities, access rules and limits.
#include "support/table_cells.h"

namespace etcdmedic::kubectl {
namespace {

using test::TableCase;

// What kubectl prints after NAME.
constexpr TableCase kCases[] = {
    {"horizontalpodautoscalers", false,
     R"({"spec":{"scaleTargetRef":{"kind":"Deployment","name":"w"},"maxReplicas":5,"metrics":[
      {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]},"status":{"currentReplicas":2,
      "currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":12}}}]}})",
     "Deployment/w|cpu: 12%/80%|<unset>|5|2|<unknown>"},
    {"rolebindings", true,
     R"({"roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"Group","name":"g"},
      {"kind":"ServiceAccount","namespace":"d","name":"s"}]})",
     "Role/r|<unknown>|u|g|d/s"},
    {"namespaces", false, R"({"status":{"phase":"Active"}})", "Active|<unknown>"},
    {"serviceaccounts", false, R"({"secrets":[{"name":"a"}]})", "<unknown>"},
    {"roles", false, R"({"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"}})", "2026-01-01T00:00:00Z"},
    {"leases", false, R"({"spec":{"holderIdentity":"me"}})", "me|<unknown>"},
    {"horizontalpodautoscalers", false,
     R"({"spec":{"scaleTargetRef":{"kind":"D","name":"w"},"minReplicas":1,"maxReplicas":5,
      "targetCPUUtilizationPercentage":80}})",
     "D/w|cpu: <unknown>/80%|1|5|0|<unknown>"},
    {"horizontalpodautoscalers", false, R"({"spec":{"scaleTargetRef":{"kind":"D","name":"w"},"metrics":[
      {"type":"Pods","pods":{"target":{"averageValue":"3"}}},{"type":"External","external":{"target":{"value":"9"}}},
      {"type":"Resource","resource":{"name":"cpu","target":{}}}]},
      "status":{"currentMetrics":[{"type":"Pods","pods":{"current":{"averageValue":"1"}}}]}})",
     "D/w|1/3, <unknown>/9 + 1 more...|<unset>|0|0|<unknown>"},
    {"horizontalpodautoscalers", false,
     R"({"spec":{"scaleTargetRef":{"kind":"D","name":"w"},"metrics":[{"type":"New"}]}})",
     "D/w|<unknown type>|<unset>|0|0|<unknown>"},
    {"poddisruptionbudgets", false, R"({"spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":2}})",
     "50%|N/A|2|<unknown>"},
    {"resourcequotas", false,
     R"({"status":{"hard":{"pods":"5","cpu":"2","limits.cpu":"4"},"used":{"pods":"1"}}})",
     "cpu: 0/2, pods: 1/5|limits.cpu: 0/4|<unknown>"},
    {"priorityclasses", false, R"({"value":1000,"globalDefault":true})",
     "1000|true|<unknown>|PreemptLowerPriority"},
    {"apiservices", false, R"({"spec":{"service":{"namespace":"d","name":"s"}},"status":{"conditions":[
      {"type":"Available","status":"False","reason":"Why"}]}})",
     "d/s|False (Why)|<unknown>"},
    {"apiservices", false,
     R"({"status":{"conditions":[{"type":"Available","status":"True","reason":"Local"}]}})",
     "Local|True|<unknown>"},
    {"apiservices", false, R"({})", "Local|Unknown|<unknown>"},
    {"mutatingwebhookconfigurations", false, R"({"webhooks":[{},{}]})", "2|<unknown>"},
    {"certificatesigningrequests", false,
     R"({"spec":{"signerName":"s","username":"u","expirationSeconds":3600},
      "status":{"certificate":"x","conditions":[{"type":"Approved"}]}})",
     "<unknown>|s|u|60m|Approved,Issued"},
    {"certificatesigningrequests", false, R"({"spec":{"signerName":"s","username":"u"}})",
     "<unknown>|s|u|<none>|Pending"},
    {"runtimeclasses", false, R"({"handler":"runc"})", "runc|<unknown>"},
    {"flowschemas", false, R"({"spec":{"priorityLevelConfiguration":{"name":"p"},"matchingPrecedence":9},
      "status":{"conditions":[{"type":"Dangling","status":"False"}]}})",
     "p|9|<none>|<unknown>|False"},
    {"flowschemas", false, R"({})", "|0|<none>|<unknown>|?"},
    {"prioritylevelconfigurations", false,
     R"({"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":30,
      "limitResponse":{"queuing":{"queues":64,"handSize":6,"queueLengthLimit":50}}}}})",
     "Limited|30|64|6|50|<unknown>"},
};

TEST(PrintersPolicy, PrintWhatKubectlPrints) { test::ExpectCells(kCases); }

}  // namespace
}  // namespace etcdmedic::kubectl
