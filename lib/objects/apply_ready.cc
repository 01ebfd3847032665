// SPDX-License-Identifier: Apache-2.0
#include "objects/apply_ready.h"

#include <algorithm>
#include <vector>

#include "base/try.h"

namespace etcdmedic::objects {
namespace {

using text::ObjectView;

// What stays of metadata; all else is the server's or refers to objects that the new cluster does not have.
constexpr std::string_view kKeptMetadata[] = {"name", "namespace", "labels", "annotations"};

// Annotations by which controllers and admission plugins note what they did.
constexpr std::string_view kDroppedAnnotations[] = {
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
    "volume.kubernetes.io/selected-node",
    "kubernetes.io/service-account.uid",
    "endpoints.kubernetes.io/last-change-trigger-time",
    "control-plane.alpha.kubernetes.io/leader",
    "autoscaling.alpha.kubernetes.io/conditions",
    "autoscaling.alpha.kubernetes.io/current-metrics",
    "batch.kubernetes.io/job-tracking",
    "kubernetes.io/config.hash",
    "kubernetes.io/config.mirror",
    "kubernetes.io/config.seen",
    "kubernetes.io/config.source",
};

struct FieldRow {
  std::string_view group, kind, path;  // of the field that goes
};

constexpr FieldRow kDroppedFields[] = {
    {"", "Namespace", "spec.finalizers"},
    {"", "Pod", "spec.nodeName"},
    {"", "Pod", "spec.priority"},
    {"", "Pod", "spec.ephemeralContainers"},
    {"", "PersistentVolume", "spec.claimRef.uid"},
    {"", "PersistentVolume", "spec.claimRef.resourceVersion"},
    {"", "Service", "spec.healthCheckNodePort"},
};

constexpr std::string_view kJobLabels[] = {"controller-uid", "batch.kubernetes.io/controller-uid", "job-name",
                                           "batch.kubernetes.io/job-name"};

struct NameRow {
  std::string_view group, kind, namespace_name, name;  // an empty namespace: any
};

// Objects that every cluster makes for itself.
constexpr NameRow kServersOwn[] = {
    {"", "Service", "default", "kubernetes"},
    {"", "Endpoints", "default", "kubernetes"},
    {"discovery.k8s.io", "EndpointSlice", "default", "kubernetes"},
    {"", "ConfigMap", "", "kube-root-ca.crt"},
    {"", "ConfigMap", "", "openshift-service-ca.crt"},
    {"", "ConfigMap", "kube-system", "extension-apiserver-authentication"},
    {"", "ConfigMap", "kube-system", "kube-apiserver-legacy-service-account-token-tracking"},
    {"scheduling.k8s.io", "PriorityClass", "", "system-cluster-critical"},
    {"scheduling.k8s.io", "PriorityClass", "", "system-node-critical"},
    {"networking.k8s.io", "ServiceCIDR", "", "kubernetes"},
};

// Kinds whose content no controller can make again: they stay although a controller owns them.
constexpr std::string_view kHoldData[] = {"Secret", "ConfigMap", "PersistentVolumeClaim"};

std::vector<std::string_view> Path(std::string_view dotted) {
  std::vector<std::string_view> path;
  for (size_t dot = 0; dot != std::string_view::npos; dotted.remove_prefix(dot + 1)) {
    dot = dotted.find('.');
    path.push_back(dotted.substr(0, dot));
    if (dot == std::string_view::npos) break;
  }
  return path;
}

// Removes the field, and what becomes empty by that.
void Remove(text::ObjectTree& object, std::string_view dotted) { object.Remove(Path(dotted)); }

// In the same way for keys that may hold dots.
void RemoveKeys(text::ObjectTree& object, std::string_view dotted, std::span<const std::string_view> keys,
                size_t kept = 0) {
  std::vector<std::string_view> path = Path(dotted);
  path.emplace_back();
  for (const std::string_view key : keys) {
    path.back() = key;
    object.Remove(path, kept);
  }
}

struct Identity {
  std::string_view group, kind, namespace_name, name;
};

Identity IdentityOf(ObjectView object) {
  const std::string_view version = object.StringAt("apiVersion");
  const size_t slash = version.find('/');
  return {slash == std::string_view::npos ? std::string_view() : version.substr(0, slash),
          object.StringAt("kind"), object.StringAt("metadata.namespace"), object.StringAt("metadata.name")};
}

// --- what is left out -------------------------------------------------------------------------------------

// A Pod that a kubelet shows for one that it runs from a file. Since 1.17 its Node is the controller as well.
bool IsMirror(ObjectView object, const Identity& id) {
  return id.group.empty() && id.kind == "Pod" &&
         object.At("metadata.annotations")["kubernetes.io/config.mirror"];
}

// The controller among the owners, "KIND NAME", where it makes the object again.
std::string OwnerThatMakesIt(ObjectView object, const Identity& identity) {
  if (IsMirror(object, identity)) return "Node " + std::string(object.StringAt("spec.nodeName"));
  for (const ObjectView owner : object.At("metadata.ownerReferences")) {
    if (!owner["controller"].is_true()) continue;
    const std::string kind(owner.StringAt("kind"));
    const bool holds_data = identity.group.empty() && std::ranges::count(kHoldData, identity.kind) > 0;
    if (holds_data && kind != "Pod") return {};
    return kind + " " + std::string(owner.StringAt("name"));
  }
  return {};
}

// Defaults that the API server writes at its start and keeps up to date, unless told not to.
bool IsBootstrapped(ObjectView object) {
  const ObjectView labels = object.At("metadata.labels"), annotations = object.At("metadata.annotations");
  if (labels["kubernetes.io/bootstrapping"].text() == "rbac-defaults")
    return annotations["rbac.authorization.kubernetes.io/autoupdate"].text() != "false";
  return annotations["apf.kubernetes.io/autoupdate-spec"].text() == "true" ||
         !labels["kube-aggregator.kubernetes.io/automanaged"].text().empty();
}

bool IsServersOwn(ObjectView object, const Identity& id, const ExportContext& surroundings) {
  const auto named = [&](const NameRow& row) {
    return row.group == id.group && row.kind == id.kind && row.name == id.name &&
           (row.namespace_name.empty() || row.namespace_name == id.namespace_name);
  };
  if (std::ranges::any_of(kServersOwn, named) || IsBootstrapped(object)) return true;
  if (id.kind == "ClusterTrustBundle")
    return object.StringAt("spec.signerName").starts_with("kubernetes.io/");
  return id.group.empty() && id.kind == "Endpoints" && surroundings.has_selector &&
         surroundings.has_selector(id.namespace_name, id.name);
}

bool HasFinished(ObjectView object, const Identity& id) {
  if (id.group.empty() && id.kind == "Pod") {
    const std::string_view phase = object.StringAt("status.phase");
    return phase == "Succeeded" || phase == "Failed";
  }
  if (id.group != "batch" || id.kind != "Job") return false;
  for (const ObjectView condition : object.At("status.conditions")) {
    const std::string_view type = condition.StringAt("type");
    if ((type == "Complete" || type == "Failed") && condition.StringAt("status") == "True") return true;
  }
  return false;
}

SkipReason WhyLeftOut(ObjectView object, const Identity& id, const ExportContext& surroundings,
                      std::string& detail) {
  const ObjectView deleted = object.At("metadata.deletionTimestamp");
  if (deleted && !deleted.is_null()) return SkipReason::kBeingDeleted;
  if (IsClusterState(id.group, id.kind)) return SkipReason::kClusterState;
  detail = OwnerThatMakesIt(object, id);
  if (!detail.empty()) return SkipReason::kOwned;
  if (IsServersOwn(object, id, surroundings)) return SkipReason::kServersOwn;
  return HasFinished(object, id) ? SkipReason::kFinished : SkipReason::kNothing;
}

// --- what is stripped -------------------------------------------------------------------------------------

void StripMetadata(text::ObjectTree& object) {
  std::vector<std::string_view> others;
  for (const ObjectView member : object.root()["metadata"]) {
    if (std::ranges::count(kKeptMetadata, member.key()) == 0) others.push_back(member.key());
  }
  RemoveKeys(object, "metadata", others, 1);  // which every object has, be it empty
  RemoveKeys(object, "metadata.annotations", kDroppedAnnotations);
}

// A headless Service says "None", which is a choice; an address is what the old cluster gave.
void StripService(text::ObjectTree& object) {
  if (object.root().StringAt("spec.clusterIP") == "None") return;
  Remove(object, "spec.clusterIP");
  Remove(object, "spec.clusterIPs");
}

// A Job's selector and labels carry its uid, unless the user wrote them.
void StripJob(text::ObjectTree& object) {
  if (object.root().At("spec.manualSelector").is_true()) return;
  Remove(object, "spec.selector");
  RemoveKeys(object, "metadata.labels", kJobLabels);
  RemoveKeys(object, "spec.template.metadata.labels", kJobLabels);
}

// A token is signed by the old cluster; the new one fills the Secret in.
void StripToken(text::ObjectTree& object) {
  if (object.root().StringAt("type") == "kubernetes.io/service-account-token") Remove(object, "data");
}

void Strip(text::ObjectTree& object, const Identity& id) {
  StripMetadata(object);
  Remove(object, "status");
  for (const FieldRow& row : kDroppedFields) {
    if (row.group == id.group && row.kind == id.kind) Remove(object, row.path);
  }
  if (id.group.empty() && id.kind == "Service") StripService(object);
  if (id.group.empty() && id.kind == "Secret") StripToken(object);
  if (id.group == "batch" && id.kind == "Job") StripJob(object);
}

tl::unexpected<Error> NoObject(const char* what) { return Fail(Errc::kMalformed, "", what); }

}  // namespace

bool HasSelector(ObjectView service) { return service.At("spec.selector").First().operator bool(); }

Result<void> StripForApply(text::ObjectTree& object) {
  const ObjectView root = object.root();
  if (root.StringAt("apiVersion").empty() || root.StringAt("kind").empty())
    return NoObject("no object of Kubernetes");
  if (!root["metadata"].is_map()) return NoObject("an object without metadata");
  const Identity id = IdentityOf(root);
  Strip(object, id);
  return {};
}

Result<Manifest> MakeManifest(text::ObjectTree& object, bool builtin, const ExportContext& surroundings) {
  const ObjectView root = object.root();
  const Identity id = IdentityOf(root);
  Manifest manifest;
  manifest.stage = StageOf(id.group, id.kind, builtin);
  manifest.left_out = WhyLeftOut(root, id, surroundings, manifest.detail);
  if (manifest.left_out == SkipReason::kNothing) RETURN_IF_ERROR(StripForApply(object));
  return manifest;
}

}  // namespace etcdmedic::objects
