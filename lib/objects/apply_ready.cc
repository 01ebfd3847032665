// SPDX-License-Identifier: Apache-2.0
#include "objects/apply_ready.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "objects/definition_v1.h"

namespace etcdmedic::objects {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kDeepest = 1000;

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

const Json* Find(const Json& object, std::string_view path) {
  const Json* at = &object;
  while (true) {
    const size_t dot = path.find('.');
    if (!at->is_object()) return nullptr;
    const auto found = at->find(std::string(path.substr(0, dot)));
    if (found == at->end()) return nullptr;
    at = &*found;
    if (dot == std::string_view::npos) return at;
    path.remove_prefix(dot + 1);
  }
}

std::string_view TextAt(const Json& object, std::string_view path) {
  const Json* found = Find(object, path);
  return found != nullptr && found->is_string() ? std::string_view(found->get_ref<const std::string&>())
                                                : std::string_view();
}

bool IsTrue(const Json& object, std::string_view path) {
  const Json* found = Find(object, path);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

// The value of a key that may hold dots, in the map at `path`.
std::string_view Entry(const Json& object, std::string_view path, const char* key) {
  const Json* map = Find(object, path);
  if (map == nullptr || !map->is_object()) return {};
  const auto found = map->find(key);
  return found != map->end() && found->is_string() ? std::string_view(found->get_ref<const std::string&>())
                                                   : std::string_view();
}

// Removes the field, and what becomes empty by that.
void Remove(Json& object, std::string_view path) {
  if (!object.is_object()) return;
  const size_t dot = path.find('.');
  const std::string first(path.substr(0, dot));
  if (dot == std::string_view::npos) {
    object.erase(first);
    return;
  }
  const auto found = object.find(first);
  if (found == object.end() || !found->is_object() || found->empty()) return;
  Remove(*found, path.substr(dot + 1));
  if (found->empty()) object.erase(first);
}

// In the same way for keys that may hold dots.
void RemoveKeys(Json& object, std::string_view path, std::span<const std::string_view> keys) {
  Json* map = const_cast<Json*>(Find(object, path));
  if (map == nullptr || !map->is_object() || map->empty()) return;
  for (const std::string_view key : keys) map->erase(std::string(key));
  if (map->empty()) Remove(object, path);
}

struct Identity {
  std::string group, kind, namespace_name, name;
};

Identity IdentityOf(const Json& object) {
  const std::string_view version = TextAt(object, "apiVersion");
  const size_t slash = version.find('/');
  return {std::string(slash == std::string_view::npos ? "" : version.substr(0, slash)),
          std::string(TextAt(object, "kind")), std::string(TextAt(object, "metadata.namespace")),
          std::string(TextAt(object, "metadata.name"))};
}

// --- what is left out
// -----------------------------------------------------------------------------------------

// The controller among the owners, "KIND NAME", where it makes the object again.
std::string OwnerThatMakesIt(const Json& object, const Identity& identity) {
  const Json* owners = Find(object, "metadata.ownerReferences");
  if (owners == nullptr || !owners->is_array()) return {};
  for (const Json& owner : *owners) {
    if (!IsTrue(owner, "controller")) continue;
    const std::string kind(TextAt(owner, "kind"));
    const bool holds_data = identity.group.empty() && std::ranges::count(kHoldData, identity.kind) > 0;
    if (holds_data && kind != "Pod") return {};
    return kind + " " + std::string(TextAt(owner, "name"));
  }
  return {};
}

// Defaults that the API server writes at its start and keeps up to date, unless told not to.
bool IsBootstrapped(const Json& object) {
  constexpr std::string_view kLabels = "metadata.labels", kAnnotations = "metadata.annotations";
  if (Entry(object, kLabels, "kubernetes.io/bootstrapping") == "rbac-defaults")
    return Entry(object, kAnnotations, "rbac.authorization.kubernetes.io/autoupdate") != "false";
  return Entry(object, kAnnotations, "apf.kubernetes.io/autoupdate-spec") == "true" ||
         !Entry(object, kLabels, "kube-aggregator.kubernetes.io/automanaged").empty();
}

bool IsServersOwn(const Json& object, const Identity& id, const Surroundings& surroundings) {
  const auto named = [&](const NameRow& row) {
    return row.group == id.group && row.kind == id.kind && row.name == id.name &&
           (row.namespace_name.empty() || row.namespace_name == id.namespace_name);
  };
  if (std::ranges::any_of(kServersOwn, named) || IsBootstrapped(object)) return true;
  if (id.kind == "ClusterTrustBundle") return TextAt(object, "spec.signerName").starts_with("kubernetes.io/");
  return id.group.empty() && id.kind == "Endpoints" && surroundings.has_selector &&
         surroundings.has_selector(id.namespace_name, id.name);
}

bool HasFinished(const Json& object, const Identity& id) {
  if (id.group.empty() && id.kind == "Pod") {
    const std::string_view phase = TextAt(object, "status.phase");
    return phase == "Succeeded" || phase == "Failed";
  }
  if (id.group != "batch" || id.kind != "Job") return false;
  const Json* conditions = Find(object, "status.conditions");
  if (conditions == nullptr || !conditions->is_array()) return false;
  return std::ranges::any_of(*conditions, [](const Json& each) {
    const std::string_view type = TextAt(each, "type");
    return (type == "Complete" || type == "Failed") && TextAt(each, "status") == "True";
  });
}

LeftOut WhyLeftOut(const Json& object, const Identity& id, const Surroundings& surroundings,
                   std::string& detail) {
  if (Find(object, "metadata.deletionTimestamp") != nullptr &&
      !Find(object, "metadata.deletionTimestamp")->is_null()) {
    return LeftOut::kBeingDeleted;
  }
  if (IsClusterState(id.group, id.kind)) return LeftOut::kClusterState;
  detail = OwnerThatMakesIt(object, id);
  if (!detail.empty()) return LeftOut::kOwned;
  if (IsServersOwn(object, id, surroundings)) return LeftOut::kServersOwn;
  return HasFinished(object, id) ? LeftOut::kFinished : LeftOut::kNothing;
}

// --- what is stripped
// -----------------------------------------------------------------------------------------

void StripMetadata(Json& object) {
  Json kept = Json::object();
  for (const std::string_view name : kKeptMetadata) {
    const std::string key(name);
    if (object["metadata"].contains(key)) kept[key] = std::move(object["metadata"][key]);
  }
  object["metadata"] = std::move(kept);
  RemoveKeys(object, "metadata.annotations", kDroppedAnnotations);
}

// A headless Service says "None", which is a choice; an address is what the old cluster gave.
void StripService(Json& object) {
  if (TextAt(object, "spec.clusterIP") == "None") return;
  Remove(object, "spec.clusterIP");
  Remove(object, "spec.clusterIPs");
}

// A Job's selector and labels carry its uid, unless the user wrote them.
void StripJob(Json& object) {
  if (IsTrue(object, "spec.manualSelector")) return;
  Remove(object, "spec.selector");
  RemoveKeys(object, "metadata.labels", kJobLabels);
  RemoveKeys(object, "spec.template.metadata.labels", kJobLabels);
}

// A token is signed by the old cluster; the new one fills the Secret in.
void StripToken(Json& object) {
  if (TextAt(object, "type") == "kubernetes.io/service-account-token") object.erase("data");
}

void Strip(Json& object, const Identity& id) {
  StripMetadata(object);
  object.erase("status");
  for (const FieldRow& row : kDroppedFields) {
    if (row.group == id.group && row.kind == id.kind) Remove(object, row.path);
  }
  if (id.group.empty() && id.kind == "Service") StripService(object);
  if (id.group.empty() && id.kind == "Secret") StripToken(object);
  if (id.group == "batch" && id.kind == "Job") StripJob(object);
  ConvertDefinitionToV1(object);
}

// Discarded where it is not JSON.
Json Parse(std::string_view json, bool& too_deep) {
  const auto watch_depth = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  return Json::parse(json, watch_depth, false);
}

tl::unexpected<Error> NoObject(const char* what) { return Fail(Errc::kMalformed, "", what); }

}  // namespace

bool HasSelector(std::string_view service_json) {
  bool too_deep = false;
  const Json service = Parse(service_json, too_deep);
  const Json* selector = too_deep ? nullptr : Find(service, "spec.selector");
  return selector != nullptr && selector->is_object() && !selector->empty();
}

Result<Manifest> MakeManifest(std::string_view json, bool builtin, const Surroundings& surroundings) {
  bool too_deep = false;
  Json object = Parse(json, too_deep);
  if (too_deep) return NoObject("an object nests deeper than any of Kubernetes does");
  if (!object.is_object() || TextAt(object, "apiVersion").empty() || TextAt(object, "kind").empty())
    return NoObject("no object of Kubernetes");
  if (!object.contains("metadata") || !object["metadata"].is_object())
    return NoObject("an object without metadata");
  const Identity id = IdentityOf(object);
  Manifest manifest;
  manifest.stage = StageOf(id.group, id.kind, builtin);
  manifest.left_out = WhyLeftOut(object, id, surroundings, manifest.detail);
  if (manifest.left_out != LeftOut::kNothing) return manifest;
  Strip(object, id);
  manifest.json = object.dump(-1, ' ', false, Json::error_handler_t::replace);
  return manifest;
}

}  // namespace etcdmedic::objects
