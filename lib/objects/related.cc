// SPDX-License-Identifier: Apache-2.0
#include "objects/related.h"

#include <fmt/format.h>

#include "kubectl/jsonpath.h"

namespace etcdmedic::objects {

void CatalogRelated::Each(const kubectl::RelatedQuery& query,
                          const std::function<void(text::ObjectView)>& use) {
  const Index& index = IndexOf(query);
  const auto found = index.find(std::string(query.value));
  if (found == index.end()) return;
  for (const size_t number : found->second) {
    if (const text::ObjectView object = reader_.Tree(catalog_.At(number))) use(object);
  }
}

const CatalogRelated::Index& CatalogRelated::IndexOf(const kubectl::RelatedQuery& query) {
  const auto [at, is_new] =
      indexes_.try_emplace(fmt::format("{}\n{}\n{}", query.resource, query.namespace_name, query.path));
  if (!is_new) return at->second;
  const auto resources = catalog_.resources().Resolve(query.resource);
  for (const Section& section : catalog_.sections()) {
    if (!resources.empty() && section.resource == resources.front()) AddSection(section, query, at->second);
  }
  return at->second;
}

void CatalogRelated::AddSection(const Section& section, const kubectl::RelatedQuery& query, Index& index) {
  const auto path = kubectl::JsonPath::Parse(query.path);
  if (!path) return;  // a path is never typed
  for (size_t number = section.begin; number < section.end; ++number) {
    const StoredObject object = catalog_.At(number);
    if (!query.namespace_name.empty() && object.key.namespace_name != query.namespace_name) continue;
    for (const text::ObjectView value : path->Find(reader_.Tree(object))) {
      std::vector<size_t>& numbers = index[std::string(value.text())];
      if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
    }
  }
}

}  // namespace etcdmedic::objects
