// SPDX-License-Identifier: Apache-2.0
// Nodes, with the Pods on them and what those ask for.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "kubectl/age.h"
#include "kubectl/describers.h"
#include "kubectl/pod_resources.h"
#include "kubectl/printers.h"

namespace etcdmedic::kubectl {
namespace {

using Form = DescribedField::Form;

constexpr DescribedField kSystem[] = {
    {"Machine ID", "machineID"},
    {"System UUID", "systemUUID"},
    {"Boot ID", "bootID"},
    {"Kernel Version", "kernelVersion"},
    {"OS Image", "osImage"},
    {"Operating System", "operatingSystem"},
    {"Architecture", "architecture"},
    {"Container Runtime Version", "containerRuntimeVersion"},
    {"Kubelet Version", "kubeletVersion"},
};
constexpr DescribedField kTail[] = {
    {"PodCIDR", "spec.podCIDR", Form::kGiven},
    {"PodCIDRs", "spec.podCIDRs", Form::kJoinedIfAny},
    {"ProviderID", "spec.providerID", Form::kGiven},
};
constexpr DescribedField kLease[] = {
    {"HolderIdentity", "spec.holderIdentity", Form::kSet, "<unset>"},
    {"AcquireTime", "spec.acquireTime", Form::kTime, "<unset>"},
    {"RenewTime", "spec.renewTime", Form::kTime, "<unset>"},
};

std::vector<std::string> TaintsOf(text::ObjectView node) {
  std::vector<std::pair<std::string, std::string>> taints;  // by which they are sorted, and the text
  for (const text::ObjectView taint : node.At("spec.taints")) {
    const std::string_view key = taint["key"].TextOr(""), value = taint["value"].TextOr(""),
                           effect = taint["effect"].TextOr("");
    std::string text(key);
    if (!value.empty()) text += fmt::format("={}", value);
    if (!effect.empty() || !value.empty()) text += ":";
    taints.emplace_back(fmt::format("{},{}", effect, key), text + std::string(effect));
  }
  std::ranges::stable_sort(taints, {}, &std::pair<std::string, std::string>::first);
  std::vector<std::string> texts;
  for (auto& [key, text] : taints) texts.push_back(std::move(text));
  return texts;
}

void DescribeLease(Description& out, std::string_view node, const DescribeContext& context) {
  bool found = false;
  context.related.Each({"leases.coordination.k8s.io", "kube-node-lease", ".metadata.name", node},
                       [&](text::ObjectView lease) {
                         found = true;
                         out.Line(0, "Lease:");
                         out.Fields(1, kLease, lease);
                       });
  if (found) return;
  out.Field(0, "Lease",
            fmt::format("Failed to get lease: leases.coordination.k8s.io \"{}\" not found", node));
}

void DescribeConditions(Description& out, text::ObjectView conditions) {
  if (conditions.size() == 0) return;
  out.Line(0, "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
  out.Line(1, "----\t------\t-----------------\t------------------\t------\t-------");
  for (const text::ObjectView each : conditions) {
    out.Line(1, fmt::format("{} \t{} \t{} \t{} \t{} \t{}", each["type"].TextOr(""), each["status"].TextOr(""),
                            LongTime(each["lastHeartbeatTime"].TextOr("")),
                            LongTime(each["lastTransitionTime"].TextOr("")), each["reason"].TextOr(""),
                            each["message"].TextOr("")));
  }
}

void DescribeSlices(Description& out, std::string_view node, const DescribeContext& context) {
  static constexpr size_t kShown = 10;
  struct Pool {
    std::string names;
    size_t slices = 0, devices = 0;
  };
  std::map<std::string, Pool> pools;
  context.related.Each({"resourceslices.resource.k8s.io", "", ".spec.nodeName", node},
                       [&](text::ObjectView slice) {
                         const std::string_view driver = slice.At("spec.driver").TextOr(""),
                                                name = slice.At("spec.pool.name").TextOr("");
                         Pool& pool = pools[fmt::format("{}/{}", driver, name)];
                         if (pool.slices++ == 0) pool.names = fmt::format("{}\t{}", driver, name);
                         pool.devices += slice.At("spec.devices").size();
                       });
  if (pools.empty()) return;
  out.Line(0, "Node-Local ResourceSlices:");
  out.Line(1, "Driver\tPool\tSlices\tDevices");
  out.Line(1, "------\t----\t------\t-------");
  size_t shown = 0;
  for (const auto& [key, pool] : pools) {
    if (shown++ == kShown) return out.Line(1, fmt::format("...and {} more pools", pools.size() - kShown));
    out.Line(1, fmt::format("{}\t{}\t{}", pool.names, pool.slices, pool.devices));
  }
}

// The whole per cent as Go converts them: of nothing, the least number there is.
int64_t Percent(int64_t part, int64_t whole) {
  const double share = static_cast<double>(part) / static_cast<double>(whole) * 100;
  static constexpr double kMost = 9.2e18;
  return std::isfinite(share) && std::abs(share) < kMost ? static_cast<int64_t>(share)
                                                         : std::numeric_limits<int64_t>::min();
}

Quantity Of(const Quantities& amounts, std::string_view name) {
  const auto found = amounts.find(name);
  return found == amounts.end() ? Quantity() : found->second;
}

int64_t Measured(const Quantity& amount, std::string_view name) {
  return name == "cpu" ? amount.MilliValue() : amount.Value();
}

std::string Share(const Quantities& amounts, const Quantities& whole, std::string_view name) {
  const Quantity amount = Of(amounts, name);
  return fmt::format("{} ({}%)", amount.Text(),
                     Percent(Measured(amount, name), Measured(Of(whole, name), name)));
}

// The same in the sums, where a share of nothing is none.
std::string ShareOrZero(const Quantities& amounts, const Quantities& whole, std::string_view name) {
  if (Measured(Of(whole, name), name) != 0) return Share(amounts, whole, name);
  return fmt::format("{} (0%)", Of(amounts, name).Text());
}

struct PodsOnNode {
  std::vector<std::string> lines;
  Quantities requests, limits;
};

PodsOnNode TakePods(text::ObjectView node, const Quantities& allocatable, const DescribeContext& context) {
  PodsOnNode pods;
  const std::string_view name = node.At("metadata.name").TextOr("");
  context.related.Each({"pods", "", ".spec.nodeName", name}, [&](text::ObjectView pod) {
    const std::string_view phase = pod.At("status.phase").TextOr("");
    if (phase == "Succeeded" || phase == "Failed") return;
    const Quantities requests = AmountsOf(pod, Amounts::kRequests, true),
                     limits = AmountsOf(pod, Amounts::kLimits, true);
    pods.lines.push_back(fmt::format("{}\t{}\t\t{}\t{}\t{}\t{}\t{}", pod.At("metadata.namespace").TextOr(""),
                                     pod.At("metadata.name").TextOr(""), Share(requests, allocatable, "cpu"),
                                     Share(limits, allocatable, "cpu"),
                                     Share(requests, allocatable, "memory"),
                                     Share(limits, allocatable, "memory"),
                                     AgeOf(pod.At("metadata.creationTimestamp").TextOr(""), context.now)));
    Add(pods.requests, AmountsOf(pod, Amounts::kRequests, false));
    Add(pods.limits, AmountsOf(pod, Amounts::kLimits, false));
  });
  return pods;
}

void DescribeSums(Description& out, const PodsOnNode& pods, const Quantities& allocatable) {
  static constexpr std::string_view kAlways[] = {"cpu", "memory", "ephemeral-storage"};
  const auto line = [&](std::string_view name) {
    out.Line(1, fmt::format("{}\t{}\t{}", name, ShareOrZero(pods.requests, allocatable, name),
                            ShareOrZero(pods.limits, allocatable, name)));
  };
  out.Line(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)");
  out.Line(1, "Resource\tRequests\tLimits");
  out.Line(1, "--------\t--------\t------");
  for (const std::string_view name : kAlways) line(name);
  for (const auto& [name, amount] : allocatable) {
    if (name.starts_with("hugepages-")) line(name);
  }
  for (const auto& [name, amount] : allocatable) {
    const bool shown = name == "pods" || name.starts_with("hugepages-") ||
                       std::ranges::find(kAlways, name) != std::end(kAlways);
    if (!shown)
      out.Line(1,
               fmt::format("{}\t{}\t{}", name, Of(pods.requests, name).Text(), Of(pods.limits, name).Text()));
  }
}

void DescribePods(Description& out, text::ObjectView node, const DescribeContext& context) {
  const text::ObjectView status = node["status"];
  const Quantities allocatable =
      QuantitiesOf(status["allocatable"].size() > 0 ? status["allocatable"] : status["capacity"]);
  const PodsOnNode pods = TakePods(node, allocatable, context);
  out.Field(0, "Non-terminated Pods", fmt::format("({} in total)", pods.lines.size()));
  out.Line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
  out.Line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
  for (const std::string& line : pods.lines) out.Line(1, line);
  DescribeSums(out, pods, allocatable);
}

}  // namespace

void DescribeNode(Description& out, text::ObjectView node, const DescribeContext& context) {
  const std::string_view name = node.At("metadata.name").TextOr("");
  out.Field(0, "Name", name);
  out.Field(0, "Roles", RolesOf(node));
  DescribeMarks(out, node);
  out.Field(0, "CreationTimestamp", LongTime(node.At("metadata.creationTimestamp").TextOr("")));
  out.Items(0, "Taints", TaintsOf(node));
  out.Field(0, "Unschedulable", node.At("spec.unschedulable").is_true() ? "true" : "false");
  DescribeLease(out, name, context);
  DescribeConditions(out, node.At("status.conditions"));
  out.Line(0, "Addresses:");
  for (const text::ObjectView address : node.At("status.addresses"))
    out.Field(1, address["type"].TextOr(""), address["address"].TextOr(""));
  out.Amounts(0, "Capacity", node.At("status.capacity"));
  out.Amounts(0, "Allocatable", node.At("status.allocatable"));
  DescribeSlices(out, name, context);
  out.Line(0, "System Info:");
  out.Fields(1, kSystem, node.At("status.nodeInfo"));
  out.Fields(0, kTail, node);
  DescribePods(out, node, context);
}

}  // namespace etcdmedic::kubectl
