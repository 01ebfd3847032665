// SPDX-License-Identifier: Apache-2.0
#include "objects/apply_order.h"

#include <algorithm>

namespace etcdmedic::objects {
namespace {

constexpr std::string_view kFolders[] = {
    "00-definitions", "10-namespaces", "20-access",           "30-storage", "40-configuration",
    "50-network",     "60-workloads",  "70-custom-resources", "80-other",   "90-admission",
};

struct StageRow {
  std::string_view group, kind;  // an empty kind: every kind of the group
  Stage stage;
};

// What is in no row and is of Kubernetes itself is kOther.
constexpr StageRow kStages[] = {
    {"apiextensions.k8s.io", "CustomResourceDefinition", Stage::kDefinitions},
    {"", "Namespace", Stage::kNamespaces},
    {"", "ServiceAccount", Stage::kAccess},
    {"rbac.authorization.k8s.io", "", Stage::kAccess},
    {"storage.k8s.io", "", Stage::kStorage},
    {"", "PersistentVolume", Stage::kStorage},
    {"", "PersistentVolumeClaim", Stage::kStorage},
    {"", "ConfigMap", Stage::kConfiguration},
    {"", "Secret", Stage::kConfiguration},
    {"", "LimitRange", Stage::kConfiguration},
    {"", "ResourceQuota", Stage::kConfiguration},
    {"", "PodTemplate", Stage::kConfiguration},
    {"scheduling.k8s.io", "PriorityClass", Stage::kConfiguration},
    {"node.k8s.io", "RuntimeClass", Stage::kConfiguration},
    {"policy", "PodSecurityPolicy", Stage::kConfiguration},
    {"extensions", "PodSecurityPolicy", Stage::kConfiguration},
    {"settings.k8s.io", "PodPreset", Stage::kConfiguration},
    {"resource.k8s.io", "", Stage::kConfiguration},
    {"certificates.k8s.io", "ClusterTrustBundle", Stage::kConfiguration},
    {"", "Service", Stage::kNetwork},
    {"", "Endpoints", Stage::kNetwork},
    {"discovery.k8s.io", "", Stage::kNetwork},
    {"networking.k8s.io", "", Stage::kNetwork},
    {"extensions", "Ingress", Stage::kNetwork},
    {"extensions", "NetworkPolicy", Stage::kNetwork},
    {"apps", "", Stage::kWorkloads},
    {"extensions", "", Stage::kWorkloads},
    {"batch", "", Stage::kWorkloads},
    {"autoscaling", "", Stage::kWorkloads},
    {"policy", "PodDisruptionBudget", Stage::kWorkloads},
    {"", "Pod", Stage::kWorkloads},
    {"", "ReplicationController", Stage::kWorkloads},
    {"scheduling.k8s.io", "", Stage::kWorkloads},
    {"admissionregistration.k8s.io", "", Stage::kAdmission},
    {"apiregistration.k8s.io", "APIService", Stage::kAdmission},
};

struct KindRow {
  std::string_view group, kind;
};

constexpr KindRow kClusterStates[] = {
    {"", "Node"},
    {"", "Event"},
    {"", "RangeAllocation"},
    {"", "ComponentStatus"},
    {"events.k8s.io", "Event"},
    {"coordination.k8s.io", "Lease"},
    {"coordination.k8s.io", "LeaseCandidate"},
    {"certificates.k8s.io", "CertificateSigningRequest"},
    {"certificates.k8s.io", "PodCertificateRequest"},
    {"storage.k8s.io", "CSINode"},
    {"storage.k8s.io", "CSIStorageCapacity"},
    {"storage.k8s.io", "VolumeAttachment"},
    {"networking.k8s.io", "IPAddress"},
    {"resource.k8s.io", "ResourceSlice"},
    {"resource.k8s.io", "PodSchedulingContext"},
    {"resource.k8s.io", "ResourcePoolStatusRequest"},
    {"internal.apiserver.k8s.io", "StorageVersion"},
    {"storagemigration.k8s.io", "StorageVersionMigration"},
    {"lifecycle.k8s.io", "Eviction"},
    {"lifecycle.k8s.io", "EvictionRequest"},
};

constexpr std::string_view kReasons[] = {
    "",
    "its controller makes it again",
    "every cluster makes its own",
    "it describes the old cluster at work",
    "it has finished and would run again",
    "its deletion had begun",
    "its value is damaged",
    "its value is encrypted and no key decrypts it",
};

}  // namespace

std::string_view FolderOf(Stage stage) { return kFolders[static_cast<size_t>(stage)]; }

Stage StageOf(std::string_view group, std::string_view kind, bool builtin) {
  if (!builtin) return Stage::kCustomResources;
  const auto exact = std::ranges::find_if(
      kStages, [&](const StageRow& row) { return row.group == group && row.kind == kind; });
  if (exact != std::end(kStages)) return exact->stage;
  const auto whole = std::ranges::find_if(
      kStages, [&](const StageRow& row) { return row.group == group && row.kind.empty(); });
  return whole != std::end(kStages) ? whole->stage : Stage::kOther;
}

std::string_view NameOf(SkipReason reason) {
  constexpr std::string_view kNames[] = {"",         "made-by-controller", "made-by-cluster", "cluster-state",
                                         "finished", "being-deleted",      "damaged",         "encrypted"};
  return kNames[static_cast<size_t>(reason)];
}

std::string_view ReasonOf(SkipReason reason) { return kReasons[static_cast<size_t>(reason)]; }

bool IsClusterState(std::string_view group, std::string_view kind) {
  return std::ranges::any_of(kClusterStates,
                             [&](const KindRow& row) { return row.group == group && row.kind == kind; });
}

}  // namespace etcdmedic::objects
