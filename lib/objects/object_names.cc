// SPDX-License-Identifier: Apache-2.0
#include "objects/object_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "diag/naming_sink.h"
#include "text/object_tree.h"
#include "text/suggest.h"

namespace etcdmedic::objects {
namespace {

// "/apiextensions.k8s.io/customresourcedefinitions/", which follows the prefix of all keys.
std::string DefinitionsFolder(const kubectl::ResourceTable& resources) {
  return fmt::format("/{}/", resources.FindKind("apiextensions.k8s.io", "CustomResourceDefinition")->path);
}

}  // namespace

ObjectNames::ObjectNames(const mvcc::Store& store, StoredObjects& stored, std::string_view etcd_prefix)
    : store_(store), stored_(stored), registry_(resources_, etcd_prefix) {}

Result<std::vector<const kubectl::Resource*>> ObjectNames::Resolve(std::string_view kind, int64_t revision) {
  auto found = resources_.Resolve(kind);
  if (!found.empty()) return found;
  RETURN_IF_ERROR(LearnDefinitions(revision));
  found = resources_.Resolve(kind);
  if (!found.empty()) return found;
  const std::vector<std::string> names = resources_.Names();
  return Fail(Errc::kUsage, "",
              fmt::format("neither Kubernetes nor a definition in this data knows a resource {}{}", kind,
                          text::Suggest(kind, {names.begin(), names.end()})));
}

std::vector<std::string> ObjectNames::KeysOf(const kubectl::Resource& resource,
                                             std::string_view namespace_name, std::string_view name) const {
  std::vector<std::string> keys;
  const std::string_view space = resource.namespaced ? namespace_name : std::string_view();
  for (const std::string& prefix : registry_.prefixes())
    keys.push_back(kubectl::Registry::KeyOf(prefix, resource, space, name));
  return keys;
}

Result<void> ObjectNames::LearnDefinitions(int64_t revision) {
  if (learnt_) return {};
  const auto at = store_.RevisionOr(revision);
  if (!at) return Propagate(at);
  for (const std::string& prefix : registry_.prefixes()) {
    const auto index = store_.Index(mvcc::WithPrefix(prefix + DefinitionsFolder(resources_)), *at);
    if (!index) return Propagate(index);
    LearnFrom(*index);
    if (index->size() > 0) break;
  }
  learnt_ = true;
  return {};
}

void ObjectNames::LearnFrom(const mvcc::KeyIndex& index) {
  learnt_ = true;
  const std::string folder = DefinitionsFolder(resources_);
  const auto is_definition = [&](std::string_view key) {
    return std::ranges::any_of(registry_.prefixes(), [&](const std::string& prefix) {
      return key.starts_with(prefix) && key.substr(prefix.size()).starts_with(folder);
    });
  };
  diag::NoSink ignored;  // damage is reported by who prints them
  text::ObjectTree tree;
  index.ForEachKey([&](mvcc::Numbers numbers) {
    if (!is_definition(index.At(numbers.back()).kv.key)) return true;
    while (!numbers.empty() && index.IsTombstone(numbers.back())) numbers = numbers.first(numbers.size() - 1);
    if (numbers.empty()) return true;
    const mvcc::KeyValue kv = index.At(numbers.back()).kv;
    const StoredObjects::Value value = stored_.Open(kv.key, AsBytes(kv.value));
    if (!value.is_object()) return true;
    DecodeStored(kv.key, value.bytes, {}, tree, {}, ignored);
    resources_.Learn(tree.root());
    return true;
  });
}

std::string NotFoundText(const kubectl::Resource& resource, const ObjectWords& words, int64_t revision) {
  const std::string where = resource.namespaced ? " in namespace " + words.namespace_name : "";
  return fmt::format("{} \"{}\" not found{} at revision {}", resource.QualifiedName(), words.name, where,
                     revision);
}

}  // namespace etcdmedic::objects
