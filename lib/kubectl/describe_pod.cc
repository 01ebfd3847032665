// SPDX-License-Identifier: Apache-2.0
// Pods, and templates of Pods.
#include <fmt/format.h>

#include <utility>

#include "kubectl/age.h"
#include "kubectl/describers.h"
#include "kubectl/pod_resources.h"
#include "kubectl/selector.h"

namespace etcdmedic::kubectl {
namespace {

using Form = DescribedField::Form;

constexpr DescribedField kHead[] = {
    {"Priority", "spec.priority", Form::kGiven},
    {"Priority Class Name", "spec.priorityClassName", Form::kGiven},
    {"Runtime Class Name", "spec.runtimeClassName", Form::kGiven},
    {"Service Account", "spec.serviceAccountName", Form::kGiven},
};
constexpr DescribedField kWhy[] = {
    {"Reason", "status.reason", Form::kGiven},
    {"Message", "status.message", Form::kGiven},
};
constexpr DescribedField kIp[] = {{"IP", "status.podIP"}};
constexpr DescribedField kNominated[] = {{"NominatedNodeName", "status.nominatedNodeName", Form::kGiven}};

void DescribeSeccomp(Description& out, text::ObjectView profile) {
  if (!profile.is_map()) return;
  out.Field(0, "SeccompProfile", profile["type"].TextOr(""));
  if (profile["type"].text() == "Localhost")
    out.Field(0, "LocalhostProfile", profile["localhostProfile"].TextOr(""));
}

void DescribePhase(Description& out, text::ObjectView pod, int64_t now) {
  const std::string_view phase = pod.At("status.phase").TextOr(""),
                         deleted = pod.At("metadata.deletionTimestamp").TextOr("");
  if (deleted.empty() || phase == "Failed" || phase == "Succeeded") return out.Field(0, "Status", phase);
  out.Field(0, "Status", fmt::format("Terminating (lasts {})", AgeOf(deleted, now)));
  out.Field(0, "Termination Grace Period",
            fmt::format("{}s", pod.At("metadata.deletionGracePeriodSeconds").Integer()));
}

void DescribeAddresses(Description& out, text::ObjectView pod) {
  out.Fields(0, kIp, pod);
  const text::ObjectView addresses = pod.At("status.podIPs");
  if (addresses.size() == 0) return out.Field(0, "IPs", "<none>");
  out.Line(0, "IPs:");
  for (const text::ObjectView address : addresses) out.Field(1, "IP", address["ip"].TextOr(""));
}

void DescribeController(Description& out, text::ObjectView pod) {
  for (const text::ObjectView owner : pod.At("metadata.ownerReferences")) {
    if (!owner["controller"].is_true()) continue;
    return out.Field(0, "Controlled By",
                     fmt::format("{}/{}", owner["kind"].TextOr(""), owner["name"].TextOr("")));
  }
}

void DescribeGates(Description& out, text::ObjectView pod) {
  const text::ObjectView gates = pod.At("spec.readinessGates"), conditions = pod.At("status.conditions");
  if (gates.size() > 0) out.Line(0, "Readiness Gates:\n  Type\tStatus");
  for (const text::ObjectView gate : gates) {
    const std::string_view type = gate["conditionType"].TextOr("");
    std::string_view status = "<none>";
    for (const text::ObjectView condition : conditions) {
      if (condition["type"].text() != type) continue;
      status = condition["status"].TextOr("");
      break;
    }
    out.Line(1, fmt::format("{} \t{} ", type, status));
  }
  if (conditions.size() > 0) out.Line(0, "Conditions:\n  Type\tStatus");
  for (const text::ObjectView condition : conditions)
    out.Line(1, fmt::format("{} \t{} ", condition["type"].TextOr(""), condition["status"].TextOr("")));
}

void DescribeSchedulingGroup(Description& out, text::ObjectView group, bool in_template) {
  if (!group.is_map()) return;
  out.Line(0, in_template ? "  SchedulingGroup:" : "SchedulingGroup:");
  out.Field(1, "PodGroupName", group["podGroupName"].TextOr(""));
}

std::string TolerationText(text::ObjectView toleration) {
  const std::string_view key = toleration["key"].TextOr(""), value = toleration["value"].TextOr(""),
                         effect = toleration["effect"].TextOr("");
  std::string text(key);
  if (!value.empty()) text += fmt::format("={}", value);
  if (!effect.empty()) text += fmt::format(":{}", effect);
  if (toleration["operator"].text() == "Exists" && value.empty())
    text += key.empty() && effect.empty() ? "op=Exists" : " op=Exists";
  if (const text::ObjectView seconds = toleration["tolerationSeconds"])
    text += fmt::format(" for {}s", seconds.Integer());
  return text;
}

}  // namespace

void DescribeTolerations(Description& out, text::ObjectView tolerations, bool in_template) {
  std::vector<std::string> items;
  for (const text::ObjectView each : SortedBy(tolerations, "key")) items.push_back(TolerationText(each));
  out.Items(0, in_template ? "  Tolerations" : "Tolerations", items);
}

void DescribeSpreading(Description& out, text::ObjectView constraints, bool in_template) {
  if (constraints.size() == 0) return;
  const std::string_view indent = in_template ? "  " : "";
  bool first = true;
  for (const text::ObjectView each : SortedBy(constraints, "topologyKey")) {
    const text::ObjectView selector = each["labelSelector"];
    out.Line(0, fmt::format("{}{}\t{}:{} when max skew {} is exceeded{}", indent,
                            std::exchange(first, false) ? "Topology Spread Constraints:" : "",
                            each["topologyKey"].TextOr(""), each["whenUnsatisfiable"].TextOr(""),
                            each["maxSkew"].Integer(),
                            selector.is_map() ? " for selector " + SelectorText(selector) : ""));
  }
}

void DescribePodTemplate(Description& out, text::ObjectView pod_template) {
  static constexpr DescribedField kAccount[] = {{"Service Account", "serviceAccountName", Form::kGiven}};
  static constexpr DescribedField kPriority[] = {{"Priority Class Name", "priorityClassName", Form::kGiven}};
  out.Line(0, "Pod Template:");
  const text::ObjectView metadata = pod_template["metadata"], spec = pod_template["spec"];
  out.Labels(0, "  Labels", metadata["labels"]);
  if (metadata["annotations"].size() > 0) out.Annotations("  Annotations", metadata["annotations"]);
  out.Fields(1, kAccount, spec);
  if (spec["initContainers"].size() > 0)
    DescribeContainers(out, "Init Containers", spec["initContainers"], {}, {});
  DescribeContainers(out, "Containers", spec["containers"], {}, {});
  DescribeVolumes(out, spec["volumes"], true);
  DescribeSpreading(out, spec["topologySpreadConstraints"], true);
  out.Fields(1, kPriority, spec);
  out.Labels(0, "  Node-Selectors", spec["nodeSelector"]);
  DescribeTolerations(out, spec["tolerations"], true);
  DescribeSchedulingGroup(out, spec["schedulingGroup"], true);
}

void DescribePod(Description& out, text::ObjectView pod, const DescribeContext& context) {
  const text::ObjectView spec = pod["spec"], status = pod["status"];
  DescribeNames(out, pod);
  out.Fields(0, kHead, pod);
  const std::string_view node = spec["nodeName"].TextOr("");
  out.Field(0, "Node", node.empty() ? "<none>" : fmt::format("{}/{}", node, status["hostIP"].TextOr("")));
  if (const std::string_view start = status["startTime"].TextOr(""); !start.empty())
    out.Field(0, "Start Time", LongTime(start));
  DescribeMarks(out, pod);
  DescribePhase(out, pod, context.now);
  out.Fields(0, kWhy, pod);
  DescribeSeccomp(out, pod.At("spec.securityContext.seccompProfile"));
  DescribeAddresses(out, pod);
  DescribeController(out, pod);
  out.Fields(0, kNominated, pod);
  if (spec["resources"].is_map()) {
    out.Line(0, "Resources:");
    DescribeResources(out, 1, spec["resources"]);
  }
  if (spec["initContainers"].size() > 0)
    DescribeContainers(out, "Init Containers", spec["initContainers"], status["initContainerStatuses"], pod);
  DescribeContainers(out, "Containers", spec["containers"], status["containerStatuses"], pod);
  if (spec["ephemeralContainers"].size() > 0) {
    DescribeContainers(out, "Ephemeral Containers", spec["ephemeralContainers"],
                       status["ephemeralContainerStatuses"], pod);
  }
  DescribeGates(out, pod);
  DescribeVolumes(out, spec["volumes"], false);
  out.Field(0, "QoS Class", QosClassOf(pod));
  out.Labels(0, "Node-Selectors", spec["nodeSelector"]);
  DescribeTolerations(out, spec["tolerations"], false);
  DescribeSpreading(out, spec["topologySpreadConstraints"], false);
  DescribeSchedulingGroup(out, spec["schedulingGroup"], false);
}

}  // namespace etcdmedic::kubectl
