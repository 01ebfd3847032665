// SPDX-License-Identifier: Apache-2.0
// The objects of a store at one revision, by resource. Four bytes an object; keys and values stay in the
// file.
#pragma once

#include <memory>

#include "kubectl/registry.h"
#include "kubectl/resources.h"
#include "mvcc/live_keys.h"
#include "objects/stored_objects.h"

namespace etcdmedic::objects {

// Objects of one resource that lie beside each other, in the order of their keys.
struct Section {
  std::string prefix;  // "/registry"
  const kubectl::Resource* resource = nullptr;
  size_t begin = 0, end = 0;  // numbers for ObjectCatalog::At
  uint64_t bytes = 0;         // of the values
};

// One object as it is stored. Views last as long as the store.
struct StoredObject {
  mvcc::KeyValue kv;
  kubectl::RegistryKey key;
  uint64_t offset = 0;  // of the value, in the file
};

class ObjectCatalog {
 public:
  // Reads all keys at `revision` and learns the CustomResourceDefinitions among them. `store` outlives the
  // catalog. Errors: as mvcc::LiveKeys::Read.
  static Result<std::unique_ptr<ObjectCatalog>> Read(const mvcc::Store& store, int64_t revision,
                                                     std::string_view etcd_prefix, StoredObjects& stored);

  int64_t revision() const { return keys_.revision(); }
  const kubectl::ResourceTable& resources() const { return resources_; }
  const kubectl::Registry& registry() const { return registry_; }
  const std::vector<Section>& sections() const { return sections_; }
  // Whether there is any object of that resource.
  bool Holds(const kubectl::Resource& resource) const;
  StoredObject At(size_t number) const;
  // The object with that name; nothing where there is none.
  std::optional<size_t> Find(const Section& section, std::string_view namespace_name,
                             std::string_view name) const;
  // Keys that name no object, such as compact_rev_key: how many, and the first of them.
  size_t other_keys() const { return other_keys_; }
  const std::string& first_other_key() const { return first_other_key_; }

 private:
  ObjectCatalog(mvcc::LiveKeys keys, const mvcc::Store& store, std::string_view etcd_prefix)
      : keys_(std::move(keys)), store_(store), registry_(resources_, etcd_prefix) {}
  void MakeSections();

  mvcc::LiveKeys keys_;
  const mvcc::Store& store_;
  kubectl::ResourceTable resources_;
  kubectl::Registry registry_;
  std::vector<Section> sections_;
  size_t other_keys_ = 0;
  std::string first_other_key_;
};

}  // namespace etcdmedic::objects
