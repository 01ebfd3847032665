// SPDX-License-Identifier: Apache-2.0
#include "views/object_catalog.h"

#include <algorithm>

#include "text/json_tree.h"

namespace etcdmedic::tool {

Result<std::unique_ptr<ObjectCatalog>> ObjectCatalog::Read(const mvcc::Store& store, int64_t revision,
                                                           std::string_view etcd_prefix, const Open& open) {
  const auto at = store.RevisionOr(revision);
  if (!at) return tl::make_unexpected(at.error());
  auto index = store.Index(mvcc::EveryKey(), *at);
  if (!index) return tl::make_unexpected(index.error());
  std::unique_ptr<ObjectCatalog> catalog(new ObjectCatalog(std::move(*index), store, *at, etcd_prefix));
  catalog->index_.ForEachKey([&](mvcc::Numbers numbers) {
    if (!catalog->index_.IsTombstone(numbers.back())) catalog->live_.push_back(numbers.back());
    return true;
  });
  catalog->LearnDefinitions(open);
  catalog->MakeSections();
  return catalog;
}

void ObjectCatalog::LearnDefinitions(const Open& open) {
  const std::string path(resources_.FindKind("apiextensions.k8s.io", "CustomResourceDefinition")->path);
  text::JsonTree tree;
  std::string json;
  diag::FindingList unread;  // whoever prints the definition itself hears of its damage
  for (const std::string& prefix : registry_.prefixes()) {
    const std::string begin = prefix + "/" + path + "/";
    const auto key_at = [&](uint32_t number) { return index_.At(number).kv.key; };
    for (auto at = std::ranges::lower_bound(live_, begin, {}, key_at); at != live_.end(); ++at) {
      const mvcc::KeyValue kv = index_.At(*at).kv;
      if (!kv.key.starts_with(begin)) break;
      const auto value = open(kv);
      if (!value) continue;
      json.clear();
      k8s::Decode(*value, {.format = k8s::TextFormat::kJson}, json, {}, unread);
      if (tree.Parse(json)) resources_.Learn(tree.root());
    }
  }
}

void ObjectCatalog::MakeSections() {
  for (size_t i = 0; i < live_.size(); ++i) {
    const mvcc::KeyValue kv = index_.At(live_[i]).kv;
    const auto key = registry_.Parse(kv.key);
    if (!key) {
      if (other_keys_++ == 0) first_other_key_ = kv.key;
      continue;
    }
    const bool goes_on = !sections_.empty() && sections_.back().end == i &&
                         sections_.back().resource != nullptr && sections_.back().prefix == key->prefix &&
                         sections_.back().resource->path == key->path;
    if (!goes_on) {
      const kubectl::Resource* resource =
          key->resource != nullptr ? key->resource
                                   : &resources_.LearnFromKey(key->path, !key->namespace_name.empty());
      sections_.push_back({std::string(key->prefix), resource, i, i, 0});
    }
    sections_.back().end = i + 1;
    sections_.back().bytes += kv.value.size();
  }
}

bool ObjectCatalog::Holds(const kubectl::Resource& resource) const {
  return std::ranges::any_of(sections_,
                             [&](const Section& section) { return section.resource == &resource; });
}

StoredObject ObjectCatalog::At(size_t number) const {
  StoredObject object;
  object.kv = index_.At(live_[number]).kv;
  object.key = registry_.Parse(object.kv.key).value_or(kubectl::RegistryKey{});
  object.offset = store_.OffsetOf(AsBytes(object.kv.value));
  return object;
}

std::optional<size_t> ObjectCatalog::Find(const Section& section, std::string_view namespace_name,
                                          std::string_view name) const {
  const std::string key = kubectl::Registry::KeyOf(section.prefix, *section.resource, namespace_name, name);
  const auto begin = live_.begin() + static_cast<std::ptrdiff_t>(section.begin);
  const auto end = live_.begin() + static_cast<std::ptrdiff_t>(section.end);
  const auto at =
      std::ranges::lower_bound(begin, end, key, {}, [&](uint32_t n) { return index_.At(n).kv.key; });
  if (at == end || index_.At(*at).kv.key != key) return std::nullopt;
  return static_cast<size_t>(at - live_.begin());
}

}  // namespace etcdmedic::tool
