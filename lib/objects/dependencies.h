// SPDX-License-Identifier: Apache-2.0
// Which other objects an object needs to be of use: docs/kubernetes.md, "What an object depends on".
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "text/object_tree.h"

namespace etcdmedic::objects {

struct ObjectId {
  std::string group, kind;
  std::string namespace_name;  // empty where the kind has none
  std::string name;
  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};

// "Secret demo/doomed", "Deployment.apps demo/web".
std::string TextOf(const ObjectId& id);

// What `object` names: its owners, the ConfigMaps, Secrets, ServiceAccount, claims and classes of its Pods,
// roles, volumes, Services, its namespace. In order, each once.
std::vector<ObjectId> DependenciesOf(text::ObjectView object);

// Whether a RoleBinding or ClusterRoleBinding grants something to that ServiceAccount.
bool BindsAccount(text::ObjectView binding, std::string_view namespace_name, std::string_view account);

}  // namespace etcdmedic::objects
