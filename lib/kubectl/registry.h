// SPDX-License-Identifier: Apache-2.0
// Keys of etcd <-> objects: "/registry/services/specs/default/web" is Service default/web.
// docs/kubernetes.md, "Keys".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kubectl/resources.h"

namespace etcdmedic::kubectl {

// A key's parts; views into the key.
struct RegistryKey {
  std::string_view prefix;  // "/registry"
  std::string_view path;    // of the resource: "pods", "services/specs", "stable.example.com/crontabs"
  std::string_view namespace_name;  // empty where the resource has none
  std::string_view name;
  const Resource* resource = nullptr;  // null where the table does not know the path
};

// Where API servers keep their objects: Kubernetes' default, and OpenShift's two.
inline constexpr std::string_view kDefaultPrefix = "/registry";
inline constexpr std::string_view kPrefixes[] = {kDefaultPrefix, "/kubernetes.io", "/openshift.io"};

class Registry {
 public:
  // Knows the prefixes above, or only `etcd_prefix` (as in --etcd-prefix, with or without its slash) where it
  // is not empty. `table` outlives the registry.
  explicit Registry(const ResourceTable& table, std::string_view etcd_prefix = {});

  // Nothing for a key that names no object: without a known prefix, or nothing after the resource. Where the
  // table does not know the resource, a first part with a dot in it is taken for an API group, and the
  // depth tells whether there is a namespace.
  std::optional<RegistryKey> Parse(std::string_view key) const;

  // Where an object lies; `namespace_name` is left out where the resource has none.
  static std::string KeyOf(std::string_view prefix, const Resource& resource, std::string_view namespace_name,
                           std::string_view name);

  const std::vector<std::string>& prefixes() const { return prefixes_; }

 private:
  const ResourceTable& table_;
  std::vector<std::string> prefixes_;
};

}  // namespace etcdmedic::kubectl
