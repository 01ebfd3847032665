// SPDX-License-Identifier: Apache-2.0
#include "objects/key_filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "text/suggest.h"

namespace etcdmedic::objects {
namespace {

std::vector<const kubectl::Resource*> ResourcesNamed(std::string_view name,
                                                     const kubectl::ResourceTable& resources) {
  auto found = resources.InCategory(name);
  return found.empty() ? resources.Resolve(name) : found;
}

}  // namespace

Result<void> KeyFilter::Take(std::string_view kinds, std::span<const std::string> names,
                             const kubectl::ResourceTable& resources) {
  while (!kinds.empty()) {
    const size_t comma = std::min(kinds.find(','), kinds.size());
    const std::string_view kind = kinds.substr(0, comma);
    kinds.remove_prefix(std::min(comma + 1, kinds.size()));
    if (kind.empty()) continue;
    const auto found = ResourcesNamed(kind, resources);
    if (found.empty()) {
      const std::vector<std::string> known = resources.Names();
      return Fail(Errc::kUsage, "",
                  fmt::format("neither Kubernetes nor a definition in this data knows a resource {}{}", kind,
                              text::Suggest(kind, {known.begin(), known.end()})));
    }
    for (const kubectl::Resource* resource : found) kinds_[resource].insert(names.begin(), names.end());
  }
  return {};
}

Result<KeyFilter> KeyFilter::Parse(const ObjectRequest& request, const kubectl::ResourceTable& resources,
                                   Unsaid unsaid) {
  KeyFilter filter;
  const auto words = request.words;
  const bool pairs =
      std::ranges::any_of(words, [](const std::string& word) { return word.find('/') != std::string::npos; });
  for (const std::string& word : words) {
    const size_t slash = pairs ? word.find('/') : word.size();
    if (pairs && (slash == std::string::npos || slash + 1 == word.size()))
      return Fail(Errc::kUsage, "",
                  fmt::format("where one argument is KIND/NAME all of them are, and {} is not", word));
    const std::string_view kinds = std::string_view(word).substr(0, slash);
    if (kinds.find_first_not_of(',') == std::string_view::npos)
      return Fail(Errc::kUsage, "",
                  fmt::format("{} names no kind; --prefix takes the beginning of keys", word));
    if (!pairs) {
      RETURN_IF_ERROR(filter.Take(kinds, words.subspan(1), resources));
      break;
    }
    const std::string name = word.substr(slash + 1);
    RETURN_IF_ERROR(filter.Take(kinds, {&name, 1}, resources));
  }
  filter.only_namespace_ = words.empty();
  const bool defaults = filter.by_name() || (!words.empty() && unsaid == Unsaid::kDefaultNamespace);
  if (!request.all_namespaces) {
    filter.namespace_ = request.namespace_name;
    if (!filter.namespace_ && defaults) filter.namespace_ = "default";
  }
  auto labels = kubectl::LabelSelector::Parse(request.labels);
  if (!labels) return Propagate(labels);
  filter.labels_ = std::move(*labels);
  return filter;
}

bool KeyFilter::by_name() const {
  return std::ranges::any_of(kinds_, [](const auto& each) { return !each.second.empty(); });
}

bool KeyFilter::MatchesName(const kubectl::RegistryKey& key) const {
  if (kinds_.empty()) return true;
  const auto kind = kinds_.find(key.resource);
  return kind != kinds_.end() && (kind->second.empty() || kind->second.contains(key.name));
}

bool KeyFilter::InNamespace(const kubectl::RegistryKey& key) const {
  if (!namespace_) return true;
  return key.namespace_name.empty() ? !only_namespace_ : key.namespace_name == *namespace_;
}

}  // namespace etcdmedic::objects
