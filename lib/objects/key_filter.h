// SPDX-License-Identifier: Apache-2.0
// Which keys of a key space kubectl's words mean, whether their objects exist or not: KIND[,KIND] [NAME...]
// or KIND/NAME..., with a namespace.
#pragma once

#include <map>
#include <set>
#include <span>

#include "kubectl/registry.h"
#include "kubectl/selector.h"
#include "objects/query.h"

namespace etcdmedic::objects {

class KeyFilter {
 public:
  // What is meant by words without a namespace.
  enum class Unsaid : uint8_t {
    kDefaultNamespace,  // kubectl's: of kinds and names that of the namespace "default"
    kEveryNamespace,    // of kinds alone those of every namespace
  };
  // Takes the words, the namespace and the label selector of `request`. A name of several groups means all of
  // them. `resources` outlives the filter. Errors: kUsage for a kind that is in no table, or a selector that
  // cannot be read.
  static Result<KeyFilter> Parse(const ObjectRequest& request, const kubectl::ResourceTable& resources,
                                 Unsaid unsaid);

  // Nothing was asked for: every key, also those that are not of Kubernetes.
  bool all() const { return kinds_.empty() && !namespace_ && labels_.empty(); }
  // Whether names were given.
  bool by_name() const;
  bool Matches(const kubectl::RegistryKey& key) const { return MatchesName(key) && InNamespace(key); }
  // But for the namespace.
  bool MatchesName(const kubectl::RegistryKey& key) const;
  bool InNamespace(const kubectl::RegistryKey& key) const;
  // To be compared with metadata.labels, which a key does not tell.
  const kubectl::LabelSelector& labels() const { return labels_; }
  // The namespace that is meant; nothing for all.
  const std::optional<std::string>& namespace_name() const { return namespace_; }

 private:
  Result<void> Take(std::string_view kinds, std::span<const std::string> names,
                    const kubectl::ResourceTable& resources);

  std::map<const kubectl::Resource*, std::set<std::string, std::less<>>> kinds_;  // no name: all of the kind
  std::optional<std::string> namespace_;
  bool only_namespace_ = false;  // a namespace and no kind: nothing that has no namespace
  kubectl::LabelSelector labels_;
};

}  // namespace etcdmedic::objects
