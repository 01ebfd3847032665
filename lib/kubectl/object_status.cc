// SPDX-License-Identifier: Apache-2.0
#include "kubectl/object_status.h"

#include <algorithm>
#include <limits>
#include <span>

#include "kubectl/resources.h"
#include "text/time.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kCurrent = "Current", kInProgress = "InProgress", kFailed = "Failed";
constexpr int64_t kNone = -1;

// A number of an object; `otherwise` where it has none. What is stored may be any, the API's are of 32 bits.
struct Count {
  std::string_view path;
  int64_t otherwise = 0;
  int64_t In(text::ObjectView object) const {
    using Limits = std::numeric_limits<int32_t>;
    return std::clamp<int64_t>(object.At(path).Integer(otherwise), Limits::min(), Limits::max());
  }
};
constexpr Count kWanted = {"spec.replicas", 1}, kThere = {"status.replicas"},
                kReady = {"status.readyReplicas"}, kUpdated = {"status.updatedReplicas"},
                kAvailable = {"status.availableReplicas"}, kScheduled = {"status.desiredNumberScheduled"},
                kPartition = {"spec.updateStrategy.rollingUpdate.partition", kNone};

// Still in progress as long as there is more of the first than of the second.
struct Shortfall {
  Count of, beyond;
};
constexpr Shortfall kDeployment[] = {
    {kWanted, kThere}, {kWanted, kUpdated}, {kThere, kWanted}, {kUpdated, kAvailable}, {kWanted, kReady}};
constexpr Shortfall kReplicaSet[] = {
    {kWanted, {"status.fullyLabeledReplicas"}}, {kWanted, kAvailable}, {kWanted, kReady}, {kThere, kWanted}};
constexpr Shortfall kStatefulSet[] = {{kWanted, kThere}, {kWanted, kReady}, {kThere, kWanted}};
constexpr Shortfall kDaemonSet[] = {{kScheduled, {"status.currentNumberScheduled"}},
                                    {kScheduled, {"status.updatedNumberScheduled"}},
                                    {kScheduled, {"status.numberAvailable"}},
                                    {kScheduled, {"status.numberReady"}}};

bool FallsShort(text::ObjectView object, std::span<const Shortfall> rows) {
  return std::ranges::any_of(rows,
                             [&](const Shortfall& row) { return row.of.In(object) > row.beyond.In(object); });
}

bool Has(text::ObjectView object, std::string_view type, std::string_view status) {
  for (const text::ObjectView condition : object.At("status.conditions")) {
    if (condition["type"].text() == type && condition["status"].text() == status) return true;
  }
  return false;
}

std::string_view OfDeployment(text::ObjectView object, int64_t) {
  static constexpr int64_t kNever = std::numeric_limits<int32_t>::max();
  bool progressing = object.At("spec.progressDeadlineSeconds").Integer(kNever) == kNever;
  for (const text::ObjectView condition : object.At("status.conditions")) {
    if (condition["type"].text() != "Progressing") continue;
    if (condition["reason"].text() == "ProgressDeadlineExceeded") return kFailed;
    progressing |=
        condition["status"].text() == "True" && condition["reason"].text() == "NewReplicaSetAvailable";
  }
  const bool done = !FallsShort(object, kDeployment) && progressing && Has(object, "Available", "True");
  return done ? kCurrent : kInProgress;
}

std::string_view OfReplicaSet(text::ObjectView object, int64_t) {
  return Has(object, "ReplicaFailure", "True") || FallsShort(object, kReplicaSet) ? kInProgress : kCurrent;
}

std::string_view OfStatefulSet(text::ObjectView object, int64_t) {
  if (object.At("spec.updateStrategy.type").text() == "OnDelete") return kCurrent;
  if (FallsShort(object, kStatefulSet)) return kInProgress;
  const int64_t partition = kPartition.In(object);
  if (partition != kNone)
    return kUpdated.In(object) < kWanted.In(object) - partition ? kInProgress : kCurrent;
  const text::ObjectView status = object["status"];
  const bool behind = kWanted.In(object) > status["currentReplicas"].Integer() ||
                      status["currentRevision"].text() != status["updateRevision"].text();
  return behind ? kInProgress : kCurrent;
}

std::string_view OfDaemonSet(text::ObjectView object, int64_t) {
  const bool observed = object.At("metadata.generation") && object.At("status.observedGeneration") &&
                        object.At(kScheduled.path);
  return !observed || FallsShort(object, kDaemonSet) ? kInProgress : kCurrent;
}

bool IsCrashLooping(text::ObjectView pod) {
  for (const text::ObjectView status : pod.At("status.containerStatuses")) {
    if (status.At("state.waiting.reason").text() == "CrashLoopBackOff") return true;
  }
  return false;
}

// Whether no node was found for it for longer than a scheduler needs.
bool IsUnschedulable(text::ObjectView pod, int64_t now) {
  static constexpr int64_t kPatience = 15;  // seconds
  for (const text::ObjectView condition : pod.At("status.conditions")) {
    if (condition["type"].text() != "PodScheduled" || condition["status"].text() != "False") continue;
    const auto created = text::ParseTime(pod.At("metadata.creationTimestamp").text());
    return condition["reason"].text() == "Unschedulable" && !(created && created->seconds > now - kPatience);
  }
  return false;
}

std::string_view OfPod(text::ObjectView pod, int64_t now) {
  const std::string_view phase = pod.At("status.phase").TextOr("");
  if (phase == "Succeeded" || phase == "Failed") return kCurrent;
  if (phase == "Running") {
    if (Has(pod, "Ready", "True")) return kCurrent;
    return IsCrashLooping(pod) ? kFailed : kInProgress;
  }
  if (phase == "Pending") return IsUnschedulable(pod, now) ? kFailed : kInProgress;
  return phase.empty() ? kInProgress : "Unknown";
}

std::string_view OfClaim(text::ObjectView claim, int64_t) {
  return claim.At("status.phase").text() == "Bound" ? kCurrent : kInProgress;
}

std::string_view OfJob(text::ObjectView job, int64_t) {
  for (const text::ObjectView condition : job.At("status.conditions")) {
    if (condition["status"].text() != "True") continue;
    if (condition["type"].text() == "Complete") return kCurrent;
    if (condition["type"].text() == "Failed") return kFailed;
  }
  return job.At("status.startTime").TextOr("").empty() ? kInProgress : kCurrent;
}

std::string_view OfService(text::ObjectView service, int64_t) {
  const bool waits =
      service.At("spec.type").text() == "LoadBalancer" && service.At("spec.clusterIP").TextOr("").empty();
  return waits ? kInProgress : kCurrent;
}

std::string_view OfDefinition(text::ObjectView definition, int64_t) {
  for (const text::ObjectView condition : definition.At("status.conditions")) {
    const std::string_view type = condition["type"].text(), status = condition["status"].text();
    if (type == "NamesAccepted" && status == "False") return kFailed;
    if (type != "Established") continue;
    if (status == "True") return kCurrent;
    if (status == "False" && condition["reason"].text() != "Installing") return kFailed;
  }
  return kInProgress;
}

std::string_view Always(text::ObjectView, int64_t) { return kCurrent; }

struct KindRow {
  std::string_view group, kind;
  std::string_view (*status)(text::ObjectView object, int64_t now);
};
constexpr KindRow kKinds[] = {
    {"apps", "Deployment", OfDeployment},
    {"apps", "ReplicaSet", OfReplicaSet},
    {"apps", "StatefulSet", OfStatefulSet},
    {"apps", "DaemonSet", OfDaemonSet},
    {"extensions", "Deployment", OfDeployment},
    {"extensions", "ReplicaSet", OfReplicaSet},
    {"extensions", "DaemonSet", OfDaemonSet},
    {"", "Pod", OfPod},
    {"", "PersistentVolumeClaim", OfClaim},
    {"", "Service", OfService},
    {"", "Secret", Always},
    {"", "ConfigMap", Always},
    {"batch", "Job", OfJob},
    {"batch", "CronJob", Always},
    {"policy", "PodDisruptionBudget", Always},
    {"apiextensions.k8s.io", "CustomResourceDefinition", OfDefinition},
};

// What goes before the rules of any kind; empty where it says nothing.
std::string_view OfAnyKind(text::ObjectView object) {
  if (!object.At("metadata.deletionTimestamp").TextOr("").empty()) return "Terminating";
  const text::ObjectView wanted = object.At("metadata.generation"),
                         seen = object.At("status.observedGeneration");
  if (wanted && seen && wanted.text() != seen.text()) return kInProgress;
  for (const text::ObjectView condition : object.At("status.conditions")) {
    if (condition["status"].text() != "True") continue;
    if (condition["type"].text() == "Reconciling") return kInProgress;
    if (condition["type"].text() == "Stalled") return kFailed;
  }
  return {};
}

}  // namespace

Readiness ReadinessOf(text::ObjectView object) {
  for (const text::ObjectView condition : object.At("status.conditions")) {
    if (condition["type"].text() == "Ready")
      return {condition["status"].TextOr(""), condition["reason"].TextOr("")};
  }
  return {};
}

std::string_view StatusOf(text::ObjectView object, int64_t now) {
  if (const std::string_view status = OfAnyKind(object); !status.empty()) return status;
  const std::string_view group = GroupOf(object["apiVersion"].text()), kind = object["kind"].text();
  const auto* row = std::ranges::find_if(
      kKinds, [&](const KindRow& each) { return each.group == group && each.kind == kind; });
  if (row != std::end(kKinds)) return row->status(object, now);
  const std::string_view ready = ReadinessOf(object).status;
  return ready.empty() || ready == "True" ? kCurrent : kInProgress;
}

}  // namespace etcdmedic::kubectl
