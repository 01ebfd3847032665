// SPDX-License-Identifier: Apache-2.0
// Which resources there are and what people call them: those that Kubernetes has built in (a table), and
// those that CustomResourceDefinitions in the same data declare. docs/kubernetes.md, "Resources".
#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/object_tree.h"

namespace etcdmedic::kubectl {

// A column that a CustomResourceDefinition asks for.
struct ExtraColumn {
  std::string version;  // of the resource; empty: of every one
  std::string name, type, path;
  int64_t priority = 0;  // beyond 0 only in wide tables
};

// A version that a CustomResourceDefinition serves.
struct CustomVersion {
  std::string name;
  std::string schema;  // its schema of OpenAPI as JSON; empty where that sets no default
};

// What was typed with a resource's name: "widgets.v1beta1.example.com". Empty where it was not.
struct AskedVersion {
  std::string group, version;
};

struct Resource {
  std::string group;  // empty for core; the one that kubectl would choose where there are several
  std::string plural, singular, kind;
  std::string path;  // in keys, after the prefix: "pods", "services/specs", "stable.example.com/crontabs"
  bool namespaced = true;
  bool custom = false;  // declared by a CustomResourceDefinition, or met in keys only
  std::vector<std::string> short_names, categories;
  std::vector<std::string> other_groups;  // that serve, or served, the same objects
  std::vector<ExtraColumn> columns;
  std::vector<CustomVersion> versions;  // the preferred one first
  bool has_webhook = false;             // which converts between the versions

  // "deployments.apps"; "pods" for core.
  std::string QualifiedName() const { return group.empty() ? plural : plural + "." + group; }
  bool InGroup(std::string_view name) const;
  // That version, or the preferred one where it is empty; null where there is none.
  const CustomVersion* VersionOrPreferred(std::string_view version) const;
};

class ResourceTable {
 public:
  ResourceTable();
  ResourceTable(const ResourceTable&) = delete;
  ResourceTable& operator=(const ResourceTable&) = delete;

  // Adds what a CustomResourceDefinition (v1 or v1beta1) declares. False where it lacks a group, plural or
  // kind.
  bool Learn(text::ObjectView definition);
  // Adds a resource that only keys speak of; gives the known one where there is one.
  const Resource& LearnFromKey(std::string_view path, bool namespaced);

  // What `name` may mean: plural, singular, short name or kind, each also with ".GROUP" or ".VERSION.GROUP".
  // Case does not matter. The first one is what kubectl would take where the cluster serves all of them;
  // empty where it means nothing.
  std::vector<const Resource*> Resolve(std::string_view name) const;
  // The group and version in a name that Resolve takes for `resource`.
  static AskedVersion AskedOf(std::string_view name, const Resource& resource);
  // The resources of a category ("all"); empty where there is no such category.
  std::vector<const Resource*> InCategory(std::string_view name) const;
  // Of a group and kind as values name them.
  const Resource* FindKind(std::string_view group, std::string_view kind) const;
  const Resource* FindPath(std::string_view path) const;
  const std::deque<Resource>& all() const { return resources_; }
  // All names by which Resolve knows something.
  std::vector<std::string> Names() const;

 private:
  void Index(const Resource& resource);
  std::deque<Resource> resources_;  // in the order in which kubectl lists them
  std::map<std::string, const Resource*, std::less<>> by_path_;
};

// A row of the built-in table, lib/kubectl/resource_table.cc. Lists are words with blanks between.
struct ResourceRow {
  std::string_view group, plural, kind, short_names, categories;
  bool namespaced = true;
  std::string_view path;  // where it is not the plural
  std::string_view other_groups;
};
std::span<const ResourceRow> ResourceRows();

// "apps" of "apps/v1"; empty for "v1".
inline std::string_view GroupOf(std::string_view api_version) {
  const size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}
inline std::string_view VersionOf(std::string_view api_version) {
  return api_version.substr(api_version.find('/') + 1);
}

}  // namespace etcdmedic::kubectl
