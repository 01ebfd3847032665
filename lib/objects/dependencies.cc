// SPDX-License-Identifier: Apache-2.0
#include "objects/dependencies.h"

#include <fmt/format.h>

#include <algorithm>

#include "kubectl/resources.h"

namespace etcdmedic::objects {
namespace {

using text::ObjectView;

struct Reference {
  std::string_view path;  // to the name; "[]" for every item of a list
  std::string_view group, kind;
  bool namespaced = true;
};

// Below the spec of a Pod.
constexpr Reference kOfPods[] = {{"volumes[].configMap.name", "", "ConfigMap"},
                                 {"volumes[].secret.secretName", "", "Secret"},
                                 {"volumes[].persistentVolumeClaim.claimName", "", "PersistentVolumeClaim"},
                                 {"volumes[].projected.sources[].configMap.name", "", "ConfigMap"},
                                 {"volumes[].projected.sources[].secret.name", "", "Secret"},
                                 {"containers[].envFrom[].configMapRef.name", "", "ConfigMap"},
                                 {"containers[].envFrom[].secretRef.name", "", "Secret"},
                                 {"containers[].env[].valueFrom.configMapKeyRef.name", "", "ConfigMap"},
                                 {"containers[].env[].valueFrom.secretKeyRef.name", "", "Secret"},
                                 {"initContainers[].envFrom[].configMapRef.name", "", "ConfigMap"},
                                 {"initContainers[].envFrom[].secretRef.name", "", "Secret"},
                                 {"initContainers[].env[].valueFrom.configMapKeyRef.name", "", "ConfigMap"},
                                 {"initContainers[].env[].valueFrom.secretKeyRef.name", "", "Secret"},
                                 {"imagePullSecrets[].name", "", "Secret"},
                                 {"serviceAccountName", "", "ServiceAccount"},
                                 {"priorityClassName", "scheduling.k8s.io", "PriorityClass", false},
                                 {"runtimeClassName", "node.k8s.io", "RuntimeClass", false}};
constexpr std::string_view kPodSpecs[] = {"spec", "spec.template.spec",
                                          "spec.jobTemplate.spec.template.spec"};

// Of other kinds, from the root.
constexpr Reference kOfOthers[] = {{"spec.serviceName", "", "Service"},
                                   {"spec.volumeName", "", "PersistentVolume", false},
                                   {"spec.storageClassName", "storage.k8s.io", "StorageClass", false},
                                   {"spec.ingressClassName", "networking.k8s.io", "IngressClass", false},
                                   {"spec.tls[].secretName", "", "Secret"},
                                   {"spec.defaultBackend.service.name", "", "Service"},
                                   {"spec.rules[].http.paths[].backend.service.name", "", "Service"},
                                   {"secrets[].name", "", "Secret"},
                                   {"imagePullSecrets[].name", "", "Secret"}};

// Calls `each` for what a path leads to.
template <class Each>
void ForEachAt(ObjectView value, std::string_view path, const Each& each) {
  if (path.empty()) return each(value);
  const size_t dot = std::min(path.find('.'), path.size());
  std::string_view step = path.substr(0, dot);
  const std::string_view rest = path.substr(std::min(dot + 1, path.size()));
  const bool items = step.ends_with("[]");
  if (items) step.remove_suffix(2);
  const ObjectView found = value[step];
  if (!found) return;
  if (!items) return ForEachAt(found, rest, each);
  for (const ObjectView item : found) ForEachAt(item, rest, each);
}

class Collector {
 public:
  explicit Collector(ObjectView object)
      : object_(object), namespace_(object.StringAt("metadata.namespace")) {}

  std::vector<ObjectId> All() {
    Add({"", "Namespace", "", namespace_});
    for (const ObjectView owner : object_.At("metadata.ownerReferences"))
      Named(owner["apiVersion"].text(), owner["kind"].text(), owner["name"].text());
    for (const std::string_view spec : kPodSpecs) {
      if (object_.At(spec)["containers"].is_list()) Take(object_.At(spec), kOfPods);
    }
    Take(object_, kOfOthers);
    const ObjectView role = object_["roleRef"], target = object_.At("spec.scaleTargetRef");
    if (role.is_map()) Role(role);
    if (target.is_map()) Named(target["apiVersion"].text(), target["kind"].text(), target["name"].text());
    for (const ObjectView subject : object_["subjects"]) {
      if (subject["kind"].text() == "ServiceAccount")
        Add({"", "ServiceAccount", std::string(subject["namespace"].TextOr(namespace_)),
             std::string(subject["name"].text())});
    }
    return std::move(found_);
  }

 private:
  void Take(ObjectView from, std::span<const Reference> references) {
    for (const Reference& each : references) {
      ForEachAt(from, each.path, [&](ObjectView name) {
        Add({std::string(each.group), std::string(each.kind), each.namespaced ? namespace_ : "",
             std::string(name.TextOr(""))});
      });
    }
  }

  void Named(std::string_view api_version, std::string_view kind, std::string_view name) {
    Add({std::string(kubectl::GroupOf(api_version)), std::string(kind), namespace_, std::string(name)});
  }

  void Role(ObjectView role) {
    const std::string kind(role["kind"].text());
    Add({std::string(role["apiGroup"].TextOr("rbac.authorization.k8s.io")), kind,
         kind == "Role" ? namespace_ : "", std::string(role["name"].text())});
  }

  void Add(ObjectId id) {
    if (!id.name.empty() && std::ranges::find(found_, id) == found_.end()) found_.push_back(std::move(id));
  }

  const ObjectView object_;
  const std::string namespace_;
  std::vector<ObjectId> found_;
};

}  // namespace

std::string TextOf(const ObjectId& id) {
  return fmt::format("{}{}{} {}{}{}", id.kind, id.group.empty() ? "" : ".", id.group, id.namespace_name,
                     id.namespace_name.empty() ? "" : "/", id.name);
}

std::vector<ObjectId> DependenciesOf(ObjectView object) { return Collector(object).All(); }

bool BindsAccount(ObjectView binding, std::string_view namespace_name, std::string_view account) {
  for (const ObjectView subject : binding["subjects"]) {
    const std::string_view space = subject["namespace"].TextOr(binding.StringAt("metadata.namespace"));
    if (subject["kind"].text() == "ServiceAccount" && subject["name"].text() == account &&
        space == namespace_name)
      return true;
  }
  return false;
}

}  // namespace etcdmedic::objects
