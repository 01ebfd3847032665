// SPDX-License-Identifier: Apache-2.0
// The objects around an object, for its description and its tree: by the value of a field.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "kubectl/describe.h"
#include "objects/reader.h"

namespace etcdmedic::objects {

// Reads the objects of a resource and namespace once, and remembers which values each has under a path.
class CatalogRelated final : public kubectl::RelatedObjects {
 public:
  // `reader` is for this alone; what cannot be read goes to its sink. Both outlive it.
  CatalogRelated(const ObjectCatalog& catalog, ObjectReader& reader) : catalog_(catalog), reader_(reader) {}

  void Each(const kubectl::RelatedQuery& query, const std::function<void(text::ObjectView)>& use) override;

 private:
  // Numbers for ObjectCatalog::At by value.
  using Index = std::unordered_map<std::string, std::vector<size_t>>;
  const Index& IndexOf(const kubectl::RelatedQuery& query);
  void AddSection(const Section& section, const kubectl::RelatedQuery& query, Index& index);

  const ObjectCatalog& catalog_;
  ObjectReader& reader_;
  std::map<std::string, Index> indexes_;  // by resource, namespace and path
};

}  // namespace etcdmedic::objects
