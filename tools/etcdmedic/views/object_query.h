// SPDX-License-Identifier: Apache-2.0
// kubectl's grammar of what to get: KIND[,KIND] [NAME...] or KIND/NAME..., namespaces and selectors.
#pragma once

#include "cli/command.h"
#include "kubectl/jsonpath.h"
#include "kubectl/selector.h"
#include "views/object_catalog.h"

namespace etcdmedic::tool {

// Objects of one resource: those named, or all.
struct Wanted {
  const kubectl::Resource* resource = nullptr;
  std::vector<std::string> names;
};

struct ObjectQuery {
  std::vector<Wanted> wanted;  // in the order asked for
  bool every_kind = false;     // nothing was named; in the order of keys
  bool by_name = false;
  bool one = false;  // one name of one resource: an object, and no list
  bool all_namespaces = false;
  std::string namespace_name = "default";
  kubectl::LabelSelector labels;
  kubectl::FieldSelector fields;
  std::optional<kubectl::JsonPath> sort_by;

  bool InNamespace(const kubectl::RegistryKey& key) const {
    return all_namespaces || key.namespace_name.empty() || key.namespace_name == namespace_name;
  }
  bool filters() const { return !labels.empty() || !fields.empty(); }
};

// Whether anything but the list of resources was asked for.
bool AsksForObjects(const Args& args);

// Errors: kUsage: an unknown resource (the nearest name is suggested), a selector that cannot be read, a name
// across all namespaces.
Result<ObjectQuery> ParseObjectQuery(const Args& args, const ObjectCatalog& catalog);

}  // namespace etcdmedic::tool
