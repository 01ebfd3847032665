// SPDX-License-Identifier: Apache-2.0
// The name of a resource as people and EncryptionConfigurations write it.
#pragma once

#include <string>

#include "kubectl/registry.h"

namespace etcdmedic::kubectl {

// The resource of a key as people and EncryptionConfigurations name it: "secrets", "deployments.apps",
// "crontabs.stable.example.com". A path that no table knows is taken for GROUP/PLURAL.
inline std::string ResourceNameOf(const RegistryKey& key) {
  if (key.resource != nullptr) return key.resource->QualifiedName();
  const size_t slash = key.path.find('/');
  if (slash == std::string_view::npos) return std::string(key.path);
  return std::string(key.path.substr(slash + 1)) + "." + std::string(key.path.substr(0, slash));
}

}  // namespace etcdmedic::kubectl
