// SPDX-License-Identifier: Apache-2.0
#include "objects/undelete.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/try.h"
#include "diag/naming_sink.h"
#include "k8s/schema.h"
#include "objects/apply_ready.h"
#include "text/write_tree.h"
#include "text/yaml_writer.h"

namespace etcdmedic::objects {
namespace {

// Beyond this an object's dependencies are not a workload but a cluster.
constexpr size_t kMostObjects = 10'000;

constexpr std::string_view kBindings[] = {"rolebindings", "clusterrolebindings"};

}  // namespace

Result<void> Undeleter::BuildIndex() {
  if (index_) return {};
  auto index = store_.Index(mvcc::EveryKey(), options_.revision);
  if (!index) return Propagate(index);
  index_ = std::move(*index);
  names_.LearnFrom(*index_);
  index_->ForEachKey([&](mvcc::Numbers numbers) {
    keys_.push_back({index_->At(numbers.back()).kv.key, numbers});
    return true;
  });
  return {};
}

mvcc::FoundChanges Undeleter::ChangesOf(const std::vector<std::string>& keys) const {
  if (!index_) {
    return mvcc::SearchBack(store_.view(), keys, options_.revision, [](const mvcc::FoundChanges& found) {
      return std::ranges::any_of(found, mvcc::HasLastPut);
    });
  }
  mvcc::FoundChanges found(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto place = std::ranges::lower_bound(keys_, keys[i], {}, &KeyPlace::key);
    if (place == keys_.end() || place->key != keys[i]) continue;
    for (mvcc::Numbers left = place->numbers; !left.empty() && !mvcc::HasLastPut(found[i]);
         left = left.first(left.size() - 1))
      found[i].push_back(index_->At(left.back()));
  }
  return found;
}

Result<std::optional<LastVersion>> Undeleter::Last(const kubectl::Resource& resource,
                                                   std::string_view namespace_name, std::string_view name) {
  const ObjectId id{resource.group, resource.kind, resource.namespaced ? std::string(namespace_name) : "",
                    std::string(name)};
  for (const std::vector<mvcc::Change>& changes : ChangesOf(names_.KeysOf(resource, namespace_name, name))) {
    if (!mvcc::HasLastPut(changes)) continue;
    auto version = Read(id, resource, changes);
    if (!version) return Propagate(version);
    return std::optional(std::move(*version));
  }
  return std::optional<LastVersion>();
}

Result<LastVersion> Undeleter::Read(const ObjectId& id, const kubectl::Resource& resource,
                                    const std::vector<mvcc::Change>& newest_first) {
  const auto put = std::ranges::find(newest_first, false, &mvcc::Change::tombstone);
  LastVersion version;
  version.key = put->kv.key;
  version.id = id;
  version.revision = put->revision.main;
  if (put != newest_first.begin()) version.deleted_at = std::prev(put)->revision.main;
  const std::string& key = version.key;
  const StoredObjects::Value value = stored_.Open(key, AsBytes(put->kv.value));
  const Where where{store_.file(), store_.OffsetOf(AsBytes(put->kv.value))};
  if (value.closed())
    return Fail(Errc::kUnsupported, key, fmt::format("its value is encrypted: {}", stored_.problem()));
  if (!value.is_object()) return Fail(Errc::kMalformed, key, "its value is not an object of Kubernetes");
  DecodeStored(key, value.bytes, {.mask_secrets = options_.mask_secrets}, tree_, where, sink_);
  ServedForm(resource, {}, options_.release).Write(tree_.root(), served_);
  const bool builtin = !resource.custom;
  version.stage = StageOf(id.group, id.kind, builtin);
  RETURN_IF_ERROR(StripForApply(served_));
  text::YamlWriter writer(version.yaml);
  text::WriteTree(served_.root(), {}, writer);
  if (!version.yaml.ends_with('\n')) version.yaml += '\n';
  return version;
}

const kubectl::Resource* Undeleter::Definition(const ObjectId& id) const {
  return names_.resources().FindKind(id.group, id.kind);
}

// Bindings that grant something to the account: gone ones too.
Result<void> Undeleter::AddBindings(const ObjectId& account, std::vector<ObjectId>& open) {
  diag::NoSink ignored;
  for (const std::string_view path : kBindings) {
    const kubectl::Resource* resource = names_.resources().FindPath(path);
    if (resource == nullptr) continue;
    for (const std::string& prefix : names_.registry().prefixes()) {
      const std::string begin = fmt::format("{}/{}/", prefix, path);
      auto place = std::ranges::lower_bound(keys_, begin, {}, &KeyPlace::key);
      for (; place != keys_.end() && place->key.starts_with(begin); ++place) {
        const auto key = names_.registry().Parse(place->key);
        const uint32_t last = place->numbers.back();
        if (!key || !index_->IsTombstone(last) || place->numbers.size() < 2) continue;
        const mvcc::Change change = index_->At(place->numbers[place->numbers.size() - 2]);
        const StoredObjects::Value value = stored_.Open(change.kv.key, AsBytes(change.kv.value));
        if (!value.is_object()) continue;
        DecodeStored(change.kv.key, value.bytes, {}, tree_, {}, ignored);
        if (BindsAccount(tree_.root(), account.namespace_name, account.name))
          open.push_back(
              {resource->group, resource->kind, std::string(key->namespace_name), std::string(key->name)});
      }
    }
  }
  return {};
}

Result<Recovered> Undeleter::WithClosure(const kubectl::Resource& resource, std::string_view namespace_name,
                                         std::string_view name) {
  RETURN_IF_ERROR(BuildIndex());
  Recovered recovered;
  std::vector<ObjectId> open{{resource.group, resource.kind,
                              resource.namespaced ? std::string(namespace_name) : "", std::string(name)}};
  std::set<ObjectId> seen;
  while (!open.empty() && seen.size() < kMostObjects) {
    ObjectId id = std::move(open.back());
    open.pop_back();
    const bool root = seen.empty();
    const kubectl::Resource* kind = root ? &resource : Definition(id);
    if (kind != nullptr && !kind->namespaced) id.namespace_name.clear();
    if (!seen.insert(id).second) continue;
    auto last = kind == nullptr ? Result<std::optional<LastVersion>>(std::optional<LastVersion>())
                                : Last(*kind, id.namespace_name, id.name);
    if (!last) return Propagate(last);
    if (!*last) {
      recovered.missing.push_back(std::move(id));
      continue;
    }
    if (!(*last)->deleted_at && !root) continue;  // it is there, and so is what it needs
    std::vector<ObjectId> needed = DependenciesOf(tree_.root());
    if (kind->custom)
      needed.push_back({"apiextensions.k8s.io", "CustomResourceDefinition", "", kind->QualifiedName()});
    std::ranges::move(needed, std::back_inserter(open));
    if (id.group.empty() && id.kind == "ServiceAccount") RETURN_IF_ERROR(AddBindings(id, open));
    recovered.versions.push_back(std::move(**last));
  }
  std::ranges::stable_sort(recovered.versions, {}, [](const LastVersion& each) { return each.stage; });
  return recovered;
}

}  // namespace etcdmedic::objects
