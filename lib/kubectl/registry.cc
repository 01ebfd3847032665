// SPDX-License-Identifier: Apache-2.0
#include "kubectl/registry.h"

#include <algorithm>

namespace etcdmedic::kubectl {
namespace {

// The first part of `rest` up to a slash; `rest` keeps what is behind it.
std::string_view TakePart(std::string_view& rest) {
  const size_t slash = rest.find('/');
  const std::string_view part = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return part;
}

std::string_view UpTo(std::string_view begin, std::string_view end) {
  return {begin.data(), static_cast<size_t>(end.data() + end.size() - begin.data())};
}

// What is behind the resource's path: NAMESPACE/NAME or NAME.
void TakeName(RegistryKey& key, std::string_view rest, bool namespaced) {
  if (namespaced && rest.find('/') != std::string_view::npos) key.namespace_name = TakePart(rest);
  key.name = rest;
}

}  // namespace

Registry::Registry(const ResourceTable& table, std::string_view etcd_prefix) : table_(table) {
  while (etcd_prefix.ends_with('/')) etcd_prefix.remove_suffix(1);
  if (etcd_prefix.empty()) {
    prefixes_.assign(std::begin(kPrefixes), std::end(kPrefixes));
  } else {
    prefixes_.push_back((etcd_prefix.starts_with('/') ? "" : "/") + std::string(etcd_prefix));
  }
}

std::optional<RegistryKey> Registry::Parse(std::string_view text) const {
  const auto prefix = std::ranges::find_if(prefixes_, [&](const std::string& each) {
    return text.size() > each.size() + 1 && text[each.size()] == '/' && text.starts_with(each);
  });
  if (prefix == prefixes_.end()) return std::nullopt;
  RegistryKey key;
  key.prefix = text.substr(0, prefix->size());
  std::string_view rest = text.substr(prefix->size() + 1);
  const std::string_view first = TakePart(rest);
  std::string_view behind = rest;
  const std::string_view second = TakePart(behind);
  if (first.empty() || second.empty()) return std::nullopt;
  const std::string_view both = UpTo(first, second);
  // A resource of two parts before one of the first part alone.
  if (const Resource* resource = behind.empty() ? nullptr : table_.FindPath(both)) {
    key.path = both;
    key.resource = resource;
    TakeName(key, behind, resource->namespaced);
  } else if ((resource = table_.FindPath(first)) != nullptr) {
    key.path = first;
    key.resource = resource;
    TakeName(key, rest, resource->namespaced);
  } else {
    const bool group = first.find('.') != std::string_view::npos && !behind.empty();
    key.path = group ? both : first;
    TakeName(key, group ? behind : rest, true);
  }
  if (key.name.empty()) return std::nullopt;
  return key;
}

std::string Registry::KeyOf(std::string_view prefix, const Resource& resource,
                            std::string_view namespace_name, std::string_view name) {
  std::string key(prefix);
  (key += '/') += resource.path;
  if (resource.namespaced && !namespace_name.empty()) (key += '/') += namespace_name;
  (key += '/') += name;
  return key;
}

}  // namespace etcdmedic::kubectl
