// SPDX-License-Identifier: Apache-2.0
// Columns of pods, nodes and what makes pods.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kubectl/age.h"
#include "kubectl/pod_status.h"
#include "kubectl/printers.h"
#include "kubectl/selector.h"
#include "text/time.h"

namespace etcdmedic::kubectl {
namespace {

using Form = ColumnRow::Form;

std::string PodReady(text::ObjectView pod, const CellContext&) {
  const PodSummary summary = SummarisePod(pod);
  return fmt::format("{}/{}", summary.ready, summary.containers);
}

std::string PodStatus(text::ObjectView pod, const CellContext&) { return SummarisePod(pod).status; }

std::string PodRestarts(text::ObjectView pod, const CellContext& context) {
  const PodSummary summary = SummarisePod(pod);
  if (summary.restarts == 0 || summary.last_restart.empty()) return fmt::format("{}", summary.restarts);
  return fmt::format("{} ({} ago)", summary.restarts, AgeOf(summary.last_restart, context.now));
}

std::string PodIp(text::ObjectView pod, const CellContext&) {
  const text::ObjectView first = pod.At("status.podIPs").Item(0)["ip"];
  return std::string(first ? first.TextOr("<none>") : pod.At("status.podIP").TextOr("<none>"));
}

std::string ReadinessGates(text::ObjectView pod, const CellContext&) {
  const text::ObjectView gates = pod.At("spec.readinessGates");
  if (gates.size() == 0) return "<none>";
  size_t open = 0;
  for (const text::ObjectView gate : gates) {
    for (const text::ObjectView condition : pod.At("status.conditions")) {
      if (condition["type"].text() != gate["conditionType"].text()) continue;
      open += condition["status"].text() == "True" ? 1 : 0;
      break;
    }
  }
  return fmt::format("{}/{}", open, gates.size());
}

std::string NodeStatus(text::ObjectView node, const CellContext&) {
  std::string status = "Unknown";
  for (const text::ObjectView condition : node.At("status.conditions")) {
    if (condition["type"].text() == "Ready")
      status = condition["status"].text() == "True" ? "Ready" : "NotReady";
  }
  return status + (node.At("spec.unschedulable").is_true() ? ",SchedulingDisabled" : "");
}

std::string NodeRoles(text::ObjectView node, const CellContext&) { return RolesOf(node); }

std::string AddressOf(text::ObjectView node, std::string_view type) {
  for (const text::ObjectView address : node.At("status.addresses")) {
    if (address["type"].text() == type) return std::string(address["address"].text());
  }
  return "<none>";
}

std::string InternalIp(text::ObjectView node, const CellContext&) { return AddressOf(node, "InternalIP"); }
std::string ExternalIp(text::ObjectView node, const CellContext&) { return AddressOf(node, "ExternalIP"); }

std::string Joined(text::ObjectView list, std::string_view field) {
  std::string text;
  for (const text::ObjectView item : list) (text += text.empty() ? "" : ",") += item[field].text();
  return text;
}

// The pod template of what makes pods.
text::ObjectView TemplateSpec(text::ObjectView object) {
  const text::ObjectView job = object.At("spec.jobTemplate.spec.template.spec");
  return job ? job : object.At("spec.template.spec");
}
std::string Containers(text::ObjectView object, const CellContext&) {
  return Joined(TemplateSpec(object)["containers"], "name");
}
std::string Images(text::ObjectView object, const CellContext&) {
  return Joined(TemplateSpec(object)["containers"], "image");
}
std::string PodSelector(text::ObjectView object, const CellContext&) {
  return SelectorText(object.At("spec.selector"));
}
std::string PlainSelector(text::ObjectView object, const CellContext&) {
  return LabelsText(object.At("spec.selector"));
}
std::string JobSelector(text::ObjectView object, const CellContext&) {
  return SelectorText(object.At("spec.jobTemplate.spec.selector"));
}
std::string NodeSelector(text::ObjectView object, const CellContext&) {
  return LabelsText(TemplateSpec(object)["nodeSelector"]);
}
std::string TemplateLabels(text::ObjectView object, const CellContext&) {
  return LabelsText(object.At("template.metadata.labels"));
}
std::string TemplateContainers(text::ObjectView object, const CellContext&) {
  return Joined(object.At("template.spec.containers"), "name");
}
std::string TemplateImages(text::ObjectView object, const CellContext&) {
  return Joined(object.At("template.spec.containers"), "image");
}

std::string ReadyOfDesired(text::ObjectView object, const CellContext&) {
  return fmt::format("{}/{}", object.At("status.readyReplicas").Integer(),
                     object.At("spec.replicas").Integer());
}

bool JobIs(text::ObjectView job, std::string_view type) {
  for (const text::ObjectView condition : job.At("status.conditions")) {
    if (condition["type"].text() == type && condition["status"].text() == "True") return true;
  }
  return false;
}

std::string JobStatus(text::ObjectView job, const CellContext&) {
  for (const std::string_view type : {"Complete", "Failed"}) {
    if (JobIs(job, type)) return std::string(type);
  }
  if (!job.At("metadata.deletionTimestamp").TextOr("").empty()) return "Terminating";
  for (const std::string_view type : {"Suspended", "FailureTarget", "SuccessCriteriaMet"}) {
    if (JobIs(job, type)) return std::string(type);
  }
  return "Running";
}

std::string JobCompletions(text::ObjectView job, const CellContext&) {
  const int64_t done = job.At("status.succeeded").Integer();
  if (const text::ObjectView wanted = job.At("spec.completions"))
    return fmt::format("{}/{}", done, wanted.Integer());
  const int64_t parallel = job.At("spec.parallelism").Integer();
  return parallel > 1 ? fmt::format("{}/1 of {}", done, parallel) : fmt::format("{}/1", done);
}

std::string JobDuration(text::ObjectView job, const CellContext& context) {
  const auto start = text::ParseTime(job.At("status.startTime").text());
  const auto end = text::ParseTime(job.At("status.completionTime").text());
  return start ? HumanDuration((end ? end->seconds : context.now) - start->seconds) : "";
}

std::string CronJobSuspend(text::ObjectView job, const CellContext&) {
  const text::ObjectView suspend = job.At("spec.suspend");
  return !suspend ? "<unset>" : suspend.is_true() ? "True" : "False";
}

std::string RevisionController(text::ObjectView revision, const CellContext&) {
  for (const text::ObjectView owner : revision.At("metadata.ownerReferences")) {
    if (!owner["controller"].is_true()) continue;
    std::string kind(owner["kind"].text());
    std::ranges::transform(kind, kind.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    const std::string_view version = owner["apiVersion"].text();
    const std::string_view group = GroupOf(version);
    return fmt::format("{}{}{}/{}", kind, group.empty() ? "" : ".", group, owner["name"].text());
  }
  return "<none>";
}

std::string KernelVersion(text::ObjectView node, const CellContext&) {
  const text::ObjectView info = node.At("status.nodeInfo");
  const std::string_view version = info["kernelVersion"].TextOr(""),
                         machine = info["architecture"].TextOr("");
  return fmt::format("{}{}", version.empty() ? "<unknown>" : version,
                     machine.empty() ? "" : fmt::format(" ({})", machine));
}

// clang-format off
constexpr ColumnRow kContainers = {"CONTAINERS", Form::kFunction, "", "", Containers, true};
constexpr ColumnRow kImages = {"IMAGES", Form::kFunction, "", "", Images, true};
constexpr ColumnRow kSelector = {"SELECTOR", Form::kFunction, "", "", PodSelector, true};

constexpr ColumnRow kPods[] = {
    {"READY", Form::kFunction, "", "", PodReady}, {"STATUS", Form::kFunction, "", "", PodStatus},
    {"RESTARTS", Form::kFunction, "", "", PodRestarts}, kAge,
    {"IP", Form::kFunction, "", "", PodIp, true},
    {"NODE", Form::kText, "spec.nodeName", "<none>", nullptr, true},
    {"NOMINATED NODE", Form::kText, "status.nominatedNodeName", "<none>", nullptr, true},
    {"READINESS GATES", Form::kFunction, "", "", ReadinessGates, true}};
constexpr ColumnRow kNodes[] = {
    {"STATUS", Form::kFunction, "", "", NodeStatus}, {"ROLES", Form::kFunction, "", "", NodeRoles}, kAge,
    {"VERSION", Form::kText, "status.nodeInfo.kubeletVersion"},
    {"INTERNAL-IP", Form::kFunction, "", "", InternalIp, true},
    {"EXTERNAL-IP", Form::kFunction, "", "", ExternalIp, true},
    {"OS-IMAGE", Form::kText, "status.nodeInfo.osImage", "<unknown>", nullptr, true},
    {"KERNEL-VERSION", Form::kFunction, "", "", KernelVersion, true},
    {"CONTAINER-RUNTIME", Form::kText, "status.nodeInfo.containerRuntimeVersion", "<unknown>", nullptr, true}};
constexpr ColumnRow kDeployments[] = {
    {"READY", Form::kFunction, "", "", ReadyOfDesired}, {"UP-TO-DATE", Form::kText, "status.updatedReplicas", "0"},
    {"AVAILABLE", Form::kText, "status.availableReplicas", "0"}, kAge, kContainers, kImages, kSelector};
constexpr ColumnRow kReplicaSets[] = {
    {"DESIRED", Form::kText, "spec.replicas", "0"}, {"CURRENT", Form::kText, "status.replicas", "0"},
    {"READY", Form::kText, "status.readyReplicas", "0"}, kAge, kContainers, kImages, kSelector};
constexpr ColumnRow kControllers[] = {
    {"DESIRED", Form::kText, "spec.replicas", "0"}, {"CURRENT", Form::kText, "status.replicas", "0"},
    {"READY", Form::kText, "status.readyReplicas", "0"}, kAge, kContainers, kImages,
    {"SELECTOR", Form::kFunction, "", "", PlainSelector, true}};
constexpr ColumnRow kStatefulSets[] = {{"READY", Form::kFunction, "", "", ReadyOfDesired}, kAge, kContainers, kImages};
constexpr ColumnRow kDaemonSets[] = {
    {"DESIRED", Form::kText, "status.desiredNumberScheduled", "0"},
    {"CURRENT", Form::kText, "status.currentNumberScheduled", "0"},
    {"READY", Form::kText, "status.numberReady", "0"},
    {"UP-TO-DATE", Form::kText, "status.updatedNumberScheduled", "0"},
    {"AVAILABLE", Form::kText, "status.numberAvailable", "0"},
    {"NODE SELECTOR", Form::kFunction, "", "", NodeSelector}, kAge, kContainers, kImages, kSelector};
constexpr ColumnRow kJobs[] = {
    {"STATUS", Form::kFunction, "", "", JobStatus}, {"COMPLETIONS", Form::kFunction, "", "", JobCompletions},
    {"DURATION", Form::kFunction, "", "", JobDuration}, kAge, kContainers, kImages, kSelector};
constexpr ColumnRow kCronJobs[] = {
    {"SCHEDULE", Form::kText, "spec.schedule"}, {"TIMEZONE", Form::kSet, "spec.timeZone", "<none>"},
    {"SUSPEND", Form::kFunction, "", "", CronJobSuspend}, {"ACTIVE", Form::kCount, "status.active"},
    {"LAST SCHEDULE", Form::kAge, "status.lastScheduleTime", "<none>"}, kAge, kContainers, kImages,
    {"SELECTOR", Form::kFunction, "", "", JobSelector, true}};
constexpr ColumnRow kControllerRevisions[] = {
    {"CONTROLLER", Form::kFunction, "", "", RevisionController}, {"REVISION", Form::kText, "revision", "0"}, kAge};
constexpr ColumnRow kPodTemplates[] = {
    {"CONTAINERS", Form::kFunction, "", "", TemplateContainers}, {"IMAGES", Form::kFunction, "", "", TemplateImages},
    {"POD LABELS", Form::kFunction, "", "", TemplateLabels}};
constexpr PrinterRow kPrinters[] = {
    {"pods", kPods}, {"nodes", kNodes}, {"deployments", kDeployments}, {"replicasets", kReplicaSets},
    {"replicationcontrollers", kControllers}, {"statefulsets", kStatefulSets}, {"daemonsets", kDaemonSets},
    {"jobs", kJobs}, {"cronjobs", kCronJobs}, {"controllerrevisions", kControllerRevisions},
    {"podtemplates", kPodTemplates}};
// clang-format on

}  // namespace

std::span<const PrinterRow> WorkloadPrinters() { return kPrinters; }

std::string RolesOf(text::ObjectView node) {
  static constexpr std::string_view kRolePrefix = "node-role.kubernetes.io/";
  std::set<std::string_view> roles;
  for (const text::ObjectView label : node.At("metadata.labels")) {
    const std::string_view key = label.key();
    if (key.starts_with(kRolePrefix) && key.size() > kRolePrefix.size())
      roles.insert(key.substr(kRolePrefix.size()));
    if (key == "kubernetes.io/role" && !label.text().empty()) roles.insert(label.text());
  }
  return roles.empty() ? "<none>" : fmt::format("{}", fmt::join(roles, ","));
}

}  // namespace etcdmedic::kubectl
