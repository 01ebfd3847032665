// SPDX-License-Identifier: Apache-2.0
#include "objects/owner_tree.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "k8s/owners.h"

namespace etcdmedic::objects {

OwnerTree::OwnerTree(const ObjectCatalog& catalog, StoredObjects& stored)
    : catalog_(catalog), stored_(stored) {
  for (const Section& section : catalog.sections()) {
    for (size_t number = section.begin; number < section.end; ++number) {
      const StoredObject object = catalog.At(number);
      const auto value = stored.Open(object.kv.key, AsBytes(object.kv.value));
      if (value.closed()) ++closed_;
      if (!value.is_object()) continue;
      k8s::ForEachOwner(value.bytes, [&](const k8s::Owner& owner) {
        std::vector<size_t>& all = owned_[owner.uid];
        if (!owner.uid.empty() && (all.empty() || all.back() != number)) all.push_back(number);
      });
    }
  }
}

std::string OwnerTree::UidOf(size_t number) const {
  const StoredObject object = catalog_.At(number);
  const auto value = stored_.Open(object.kv.key, AsBytes(object.kv.value));
  return value.is_object() ? k8s::Peek(value.bytes).uid : "";
}

std::vector<size_t> OwnerTree::OwnedBy(size_t number) const {
  const auto found = owned_.find(UidOf(number));
  if (found == owned_.end()) return {};
  using Place = std::tuple<std::string, std::string, std::string, size_t>;
  std::vector<Place> places;
  for (const size_t each : found->second) {
    const kubectl::RegistryKey key = catalog_.At(each).key;
    const std::string kind = key.resource == nullptr ? std::string(key.path) : key.resource->kind;
    places.emplace_back(kind, key.name, key.namespace_name, each);
  }
  std::ranges::sort(places);
  std::vector<size_t> numbers;
  for (const Place& place : places) numbers.push_back(std::get<size_t>(place));
  return numbers;
}

std::vector<OwnedObject> OwnerTree::Below(size_t number) const {
  std::vector<OwnedObject> lines, open{{number, 0, true}};
  std::unordered_set<size_t> seen{number};  // references may go in a circle
  while (!open.empty()) {
    const OwnedObject next = open.back();
    open.pop_back();
    lines.push_back(next);
    std::vector<size_t> below = OwnedBy(next.number);
    std::erase_if(below, [&](size_t each) { return !seen.insert(each).second; });
    for (size_t i = below.size(); i > 0; --i)
      open.push_back({below[i - 1], next.depth + 1, i == below.size()});
  }
  return lines;
}

}  // namespace etcdmedic::objects
