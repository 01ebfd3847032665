// SPDX-License-Identifier: Apache-2.0
#include "k8s/api_lifecycle.h"

#include <algorithm>

#include "k8s/schema.h"

namespace etcdmedic::k8s {
namespace {

struct ServedRow {
  std::string_view api_version, kind;  // an empty kind: every kind of the version
  uint8_t last_release;                // the last that serves it by default or when asked to
};

// Versions that went out of service up to the newest release of the message tables.
constexpr ServedRow kLastServed[] = {
    {"admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicy", 31},
    {"admissionregistration.k8s.io/v1alpha1", "ValidatingAdmissionPolicyBinding", 31},
    {"admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", 21},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicy", 33},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingAdmissionPolicyBinding", 33},
    {"admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 21},
    {"apiextensions.k8s.io/v1beta1", "", 21},
    {"apiregistration.k8s.io/v1beta1", "", 21},
    {"apps/v1beta1", "", 15},
    {"apps/v1beta2", "", 15},
    {"auditregistration.k8s.io/v1alpha1", "", 17},
    {"authentication.k8s.io/v1alpha1", "", 31},
    {"authentication.k8s.io/v1beta1", "SelfSubjectReview", 32},
    {"authentication.k8s.io/v1beta1", "TokenReview", 21},
    {"authorization.k8s.io/v1beta1", "", 21},
    {"autoscaling/v2beta1", "", 24},
    {"autoscaling/v2beta2", "", 25},
    {"batch/v1beta1", "", 24},
    {"batch/v2alpha1", "", 20},
    {"certificates.k8s.io/v1alpha1", "ClusterTrustBundle", 36},
    {"certificates.k8s.io/v1alpha1", "PodCertificateRequest", 34},
    {"certificates.k8s.io/v1beta1", "CertificateSigningRequest", 21},
    {"coordination.k8s.io/v1alpha1", "", 31},
    {"coordination.k8s.io/v1beta1", "Lease", 21},
    {"discovery.k8s.io/v1alpha1", "", 20},
    {"discovery.k8s.io/v1beta1", "", 24},
    {"events.k8s.io/v1beta1", "", 24},
    {"extensions/v1beta1", "DaemonSet", 15},
    {"extensions/v1beta1", "Deployment", 15},
    {"extensions/v1beta1", "Ingress", 21},
    {"extensions/v1beta1", "NetworkPolicy", 15},
    {"extensions/v1beta1", "PodSecurityPolicy", 15},
    {"extensions/v1beta1", "ReplicaSet", 15},
    {"flowcontrol.apiserver.k8s.io/v1alpha1", "", 20},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "", 25},
    {"flowcontrol.apiserver.k8s.io/v1beta2", "", 28},
    {"flowcontrol.apiserver.k8s.io/v1beta3", "", 31},
    {"networking.k8s.io/v1alpha1", "ClusterCIDR", 28},
    {"networking.k8s.io/v1alpha1", "IPAddress", 32},
    {"networking.k8s.io/v1alpha1", "ServiceCIDR", 32},
    {"networking.k8s.io/v1beta1", "IPAddress", 36},
    {"networking.k8s.io/v1beta1", "Ingress", 21},
    {"networking.k8s.io/v1beta1", "IngressClass", 21},
    {"networking.k8s.io/v1beta1", "ServiceCIDR", 36},
    {"node.k8s.io/v1beta1", "", 24},
    {"policy/v1beta1", "", 24},
    {"rbac.authorization.k8s.io/v1alpha1", "", 22},
    {"rbac.authorization.k8s.io/v1beta1", "", 21},
    {"resource.k8s.io/v1alpha1", "", 26},
    {"resource.k8s.io/v1alpha2", "", 30},
    {"resource.k8s.io/v1alpha3", "DeviceClass", 33},
    {"resource.k8s.io/v1alpha3", "PodSchedulingContext", 31},
    {"resource.k8s.io/v1alpha3", "ResourceClaim", 33},
    {"resource.k8s.io/v1alpha3", "ResourceClaimTemplate", 33},
    {"resource.k8s.io/v1alpha3", "ResourceSlice", 33},
    {"scheduling.k8s.io/v1alpha1", "PriorityClass", 22},
    {"scheduling.k8s.io/v1alpha1", "Workload", 35},
    {"scheduling.k8s.io/v1alpha2", "", 36},
    {"scheduling.k8s.io/v1beta1", "PriorityClass", 21},
    {"settings.k8s.io/v1alpha1", "", 19},
    {"storage.k8s.io/v1alpha1", "CSIStorageCapacity", 23},
    {"storage.k8s.io/v1alpha1", "VolumeAttachment", 23},
    {"storage.k8s.io/v1alpha1", "VolumeAttributesClass", 34},
    {"storage.k8s.io/v1beta1", "CSIDriver", 21},
    {"storage.k8s.io/v1beta1", "CSINode", 21},
    {"storage.k8s.io/v1beta1", "CSIStorageCapacity", 26},
    {"storage.k8s.io/v1beta1", "StorageClass", 21},
    {"storage.k8s.io/v1beta1", "VolumeAttachment", 21},
    {"storage.k8s.io/v1beta1", "VolumeAttributesClass", 36},
    {"storagemigration.k8s.io/v1alpha1", "", 34},
};

constexpr std::string_view kNames[] = {"served",  "stored-only", "not-served",
                                       "removed", "too-new",     "unknown"};

uint8_t LastServed(std::string_view api_version, std::string_view kind) {
  const auto found = std::ranges::find_if(kLastServed, [&](const ServedRow& row) {
    return row.api_version == api_version && (row.kind.empty() || row.kind == kind);
  });
  return found == std::end(kLastServed) ? kAnyRelease : found->last_release;
}

// apiextensions-apiserver serves v1 alone and continues storing v1beta1.
bool IsStoredSo(std::string_view api_version, std::string_view kind) {
  return api_version == "apiextensions.k8s.io/v1beta1" && kind == "CustomResourceDefinition";
}

SupportStatus StatusIn(const Lifetime& lifetime, uint8_t release) {
  if (release < lifetime.first_release) return SupportStatus::kTooNew;
  if (release > lifetime.last_known) return SupportStatus::kGone;
  return release > lifetime.last_served ? SupportStatus::kNotServed : SupportStatus::kServed;
}

}  // namespace

std::string_view NameOf(SupportStatus status) { return kNames[static_cast<size_t>(status)]; }

Lifetime LifetimeOf(std::string_view api_version, std::string_view kind, uint8_t release) {
  const Kind* known = FindKind(api_version, kind);
  if (known == nullptr) return {};
  const Message& message = MessageAt(known->message);
  Lifetime lifetime{SupportStatus::kServed, message.since, LastServed(api_version, kind), message.until};
  lifetime.status = StatusIn(lifetime, release);
  if (lifetime.status == SupportStatus::kNotServed && IsStoredSo(api_version, kind))
    lifetime.status = SupportStatus::kStoredSo;
  return lifetime;
}

}  // namespace etcdmedic::k8s
