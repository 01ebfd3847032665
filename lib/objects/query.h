// SPDX-License-Identifier: Apache-2.0
// kubectl's grammar of what to get: KIND[,KIND] [NAME...] or KIND/NAME..., namespaces and selectors.
#pragma once

#include <optional>
#include <span>

#include "kubectl/jsonpath.h"
#include "kubectl/selector.h"
#include "objects/catalog.h"

namespace etcdmedic::objects {

// Objects of one resource: those named, or all.
struct Wanted {
  const kubectl::Resource* resource = nullptr;
  std::vector<std::string> names;
  kubectl::AskedVersion asked = {};
};

struct ObjectQuery {
  std::vector<Wanted> wanted;  // in the order asked for
  bool every_kind = false;     // nothing was named; in the order of keys
  bool by_name = false;
  bool one = false;  // one name of one resource: an object, and no list
  bool all_namespaces = false;
  bool only_namespace = false;  // a namespace and no kind: nothing that has no namespace
  std::string namespace_name = "default";
  kubectl::LabelSelector labels;
  kubectl::FieldSelector fields;
  std::optional<kubectl::JsonPath> sort_by;

  bool InNamespace(const kubectl::RegistryKey& key) const {
    return all_namespaces || (key.namespace_name.empty() && !only_namespace) ||
           key.namespace_name == namespace_name;
  }
  bool filters() const { return !labels.empty() || !fields.empty(); }
};

// What was typed.
struct ObjectRequest {
  std::span<const std::string> words = {};  // after PATH
  bool all_namespaces = false;
  std::optional<std::string> namespace_name = {};
  std::string labels = {}, fields = {};  // selectors
  std::optional<std::string> sort_by = {};
};

// Errors: kUsage: an unknown resource (the nearest name is suggested), a selector that cannot be read, a name
// across all namespaces.
Result<ObjectQuery> ParseObjectQuery(const ObjectRequest& request, const ObjectCatalog& catalog);

}  // namespace etcdmedic::objects
