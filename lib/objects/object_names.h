// SPDX-License-Identifier: Apache-2.0
// An object that is named in kubectl's words -> the keys under which it may be, without reading the whole key
// space. For commands about one object, which may be gone.
#pragma once

#include <memory>

#include "kubectl/registry.h"
#include "mvcc/store.h"
#include "objects/stored_objects.h"

namespace etcdmedic::objects {

// KIND and NAME of one object, and its namespace where its kind has one.
struct ObjectWords {
  std::string kind, name;
  std::string namespace_name = "default";
};

class ObjectNames {
 public:
  // All outlive it. `etcd_prefix` as kubectl::Registry has it.
  ObjectNames(const mvcc::Store& store, StoredObjects& stored, std::string_view etcd_prefix);

  const kubectl::ResourceTable& resources() const { return resources_; }
  const kubectl::Registry& registry() const { return registry_; }

  // What `kind` may mean, the one that kubectl would take first. Where no built-in kind has that name, the
  // CustomResourceDefinitions are read, those that were deleted up to `revision` (0: the newest) too. Errors:
  // kUsage where nothing has the name (the nearest one is suggested); as mvcc::Store::Index.
  Result<std::vector<const kubectl::Resource*>> Resolve(std::string_view kind, int64_t revision = 0);

  // Where an object of the resource may be, the likeliest first.
  std::vector<std::string> KeysOf(const kubectl::Resource& resource, std::string_view namespace_name,
                                  std::string_view name) const;

  // Reads the definitions, once. Errors: as mvcc::Store::Index.
  Result<void> LearnDefinitions(int64_t revision);
  // Learns the definitions among the keys of an index, for those who have one: then nothing is read again.
  void LearnFrom(const mvcc::KeyIndex& index);

 private:
  const mvcc::Store& store_;
  StoredObjects& stored_;
  kubectl::ResourceTable resources_;
  kubectl::Registry registry_;
  bool learnt_ = false;
};

// "secrets \"doomed\" not found in namespace demo at revision 2809", as every command says it.
std::string NotFoundText(const kubectl::Resource& resource, const ObjectWords& words, int64_t revision);

}  // namespace etcdmedic::objects
