// SPDX-License-Identifier: Apache-2.0
#include "objects/catalog.h"

#include <algorithm>

#include "objects/definitions.h"

namespace etcdmedic::objects {

Result<std::unique_ptr<ObjectCatalog>> ObjectCatalog::Read(const mvcc::Store& store, int64_t revision,
                                                           std::string_view etcd_prefix,
                                                           StoredObjects& stored) {
  auto keys = mvcc::LiveKeys::Read(store, revision);
  if (!keys) return tl::make_unexpected(keys.error());
  std::unique_ptr<ObjectCatalog> catalog(new ObjectCatalog(std::move(*keys), store, etcd_prefix));
  LearnDefinitions(catalog->keys_, catalog->registry_, stored, catalog->resources_);
  catalog->MakeSections();
  return catalog;
}

void ObjectCatalog::MakeSections() {
  for (size_t i = 0; i < keys_.size(); ++i) {
    const mvcc::KeyValue kv = keys_.At(i);
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
  object.kv = keys_.At(number);
  object.key = registry_.Parse(object.kv.key).value_or(kubectl::RegistryKey{});
  object.offset = store_.OffsetOf(AsBytes(object.kv.value));
  return object;
}

std::optional<size_t> ObjectCatalog::Find(const Section& section, std::string_view namespace_name,
                                          std::string_view name) const {
  const std::string key = kubectl::Registry::KeyOf(section.prefix, *section.resource, namespace_name, name);
  const size_t at = keys_.LowerBound(key, section.begin, section.end);
  return at < section.end && keys_.At(at).key == key ? std::optional(at) : std::nullopt;
}

}  // namespace etcdmedic::objects
