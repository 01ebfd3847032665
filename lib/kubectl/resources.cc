// SPDX-License-Identifier: Apache-2.0
#include "kubectl/resources.h"

#include <algorithm>
#include <charconv>
#include <compare>

#include "text/ascii.h"

namespace etcdmedic::kubectl {
namespace {

using text::Lower;

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t blank = text.find(' ');
    words.emplace_back(text.substr(0, blank));
    text = blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
  }
  return words;
}

std::vector<std::string> Texts(text::ObjectView list) {
  std::vector<std::string> texts;
  for (const text::ObjectView item : list) texts.emplace_back(item.text());
  return texts;
}

bool Holds(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool IsVersion(std::string_view text) { return text.size() > 1 && text[0] == 'v' && text::IsDigit(text[1]); }

// By plural, singular, short name or kind; `name` is in lower case.
bool IsCalled(const Resource& resource, std::string_view name) {
  return resource.plural == name || resource.singular == name || Holds(resource.short_names, name) ||
         Lower(resource.kind) == name;
}

void AddColumns(Resource& resource, std::string_view version, text::ObjectView columns) {
  for (const text::ObjectView column : columns) {
    const text::ObjectView path = column["jsonPath"] ? column["jsonPath"] : column["JSONPath"];
    resource.columns.push_back({std::string(version), std::string(column["name"].text()),
                                std::string(column["type"].text()), std::string(path.text()),
                                column["priority"].Integer()});
  }
}

// How a version ranks: GA before beta before alpha, then by number; other names come last, by text.
struct VersionRank {
  int stage = 0;  // 3: GA
  uint64_t major = 0, minor = 0;

  explicit VersionRank(std::string_view name) {
    if (!IsVersion(name)) return;
    name.remove_prefix(1);
    if (!Take(name, major)) return;
    const int named = name.empty() ? 3 : name.starts_with("beta") ? 2 : name.starts_with("alpha") ? 1 : 0;
    if (named == 1 || named == 2) name.remove_prefix(named == 2 ? 4 : 5);
    const bool whole = named == 3 || (named > 0 && Take(name, minor) && name.empty());
    stage = whole ? named : 0;
  }
  auto operator<=>(const VersionRank&) const = default;

 private:
  static bool Take(std::string_view& text, uint64_t& number) {
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<size_t>(rest - text.data()));
    return error == std::errc();
  }
};

bool IsPreferred(const CustomVersion& a, const CustomVersion& b) {
  const VersionRank left(a.name), right(b.name);
  if (left.stage == 0 && right.stage == 0) return a.name < b.name;
  return left > right;
}

void AddVersion(Resource& resource, std::string_view name, text::ObjectView schema) {
  CustomVersion version{std::string(name), {}};
  schema.AppendJson(version.schema);
  if (version.schema.find("\"default\":") == std::string::npos) version.schema.clear();
  resource.versions.push_back(std::move(version));
}

}  // namespace

bool Resource::InGroup(std::string_view name) const { return group == name || Holds(other_groups, name); }

const CustomVersion* Resource::VersionOrPreferred(std::string_view version) const {
  for (const CustomVersion& each : versions) {
    if (version.empty() || each.name == version) return &each;
  }
  return nullptr;
}

ResourceTable::ResourceTable() {
  for (const ResourceRow& row : ResourceRows()) {
    Resource resource;
    resource.group = row.group;
    resource.plural = row.plural;
    resource.singular = Lower(row.kind);
    resource.kind = row.kind;
    resource.path = row.path.empty() ? row.plural : row.path;
    resource.namespaced = row.namespaced;
    resource.short_names = Words(row.short_names);
    resource.categories = Words(row.categories);
    resource.other_groups = Words(row.other_groups);
    resources_.push_back(std::move(resource));
    Index(resources_.back());
  }
}

void ResourceTable::Index(const Resource& resource) { by_path_.emplace(resource.path, &resource); }

bool ResourceTable::Learn(text::ObjectView definition) {
  const text::ObjectView spec = definition["spec"], names = spec["names"];
  Resource resource;
  resource.group = spec["group"].text();
  resource.plural = names["plural"].text();
  resource.kind = names["kind"].text();
  if (resource.group.empty() || resource.plural.empty() || resource.kind.empty()) return false;
  resource.singular = names["singular"].TextOr(Lower(resource.kind));
  resource.path = resource.group + "/" + resource.plural;
  resource.namespaced = spec["scope"].text() != "Cluster";
  resource.custom = true;
  resource.short_names = Texts(names["shortNames"]);
  resource.categories = Texts(names["categories"]);
  AddColumns(resource, "", spec["additionalPrinterColumns"]);
  for (const text::ObjectView version : spec["versions"]) {
    AddColumns(resource, version["name"].text(), version["additionalPrinterColumns"]);
    const text::ObjectView schema = version["schema"]["openAPIV3Schema"];
    if (version["served"].is_true())
      AddVersion(resource, version["name"].text(), schema ? schema : spec.At("validation.openAPIV3Schema"));
  }
  if (resource.versions.empty() && spec["version"])
    AddVersion(resource, spec["version"].text(), spec.At("validation.openAPIV3Schema"));
  std::ranges::stable_sort(resource.versions, IsPreferred);
  resource.has_webhook = spec.At("conversion.strategy").text() == "Webhook";
  if (by_path_.contains(resource.path)) return true;  // a second definition of the same name
  resources_.push_back(std::move(resource));
  Index(resources_.back());
  return true;
}

const Resource& ResourceTable::LearnFromKey(std::string_view path, bool namespaced) {
  if (const Resource* known = FindPath(path)) return *known;
  Resource resource;
  const size_t slash = path.find('/');
  resource.path = path;
  resource.plural = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (slash != std::string_view::npos) resource.group = path.substr(0, slash);
  resource.singular = resource.plural;
  resource.namespaced = namespaced;
  resource.custom = true;
  resources_.push_back(std::move(resource));
  Index(resources_.back());
  return resources_.back();
}

std::vector<const Resource*> ResourceTable::InCategory(std::string_view typed) const {
  const std::string name = Lower(typed);
  std::vector<const Resource*> found;
  for (const Resource& resource : resources_) {
    if (Holds(resource.categories, name)) found.push_back(&resource);
  }
  return found;
}

std::vector<const Resource*> ResourceTable::Resolve(std::string_view typed) const {
  const std::string name = Lower(typed);
  std::vector<const Resource*> found;
  for (const Resource& resource : resources_) {
    if (IsCalled(resource, name)) found.push_back(&resource);
  }
  if (!found.empty()) return found;
  // NAME.GROUP, NAME.VERSION.GROUP, and NAME.VERSION of the core group.
  const size_t dot = name.find('.');
  if (dot == std::string::npos) return found;
  const std::string_view plain = std::string_view(name).substr(0, dot);
  std::string_view group = std::string_view(name).substr(dot + 1);
  for (int pass = 0; pass < 2 && found.empty(); ++pass) {
    for (const Resource& resource : resources_) {
      if (resource.InGroup(group) && IsCalled(resource, plain)) found.push_back(&resource);
    }
    if (!IsVersion(group)) break;
    const size_t next = group.find('.');
    group = next == std::string_view::npos ? std::string_view() : group.substr(next + 1);
  }
  return found;
}

AskedVersion ResourceTable::AskedOf(std::string_view typed, const Resource& resource) {
  const std::string name = Lower(typed);
  const size_t dot = name.find('.');
  if (dot == std::string::npos || IsCalled(resource, name)) return {};
  std::string_view rest = std::string_view(name).substr(dot + 1);
  AskedVersion asked;
  if (!resource.InGroup(rest) && IsVersion(rest)) {
    const size_t next = std::min(rest.find('.'), rest.size());
    asked.version = rest.substr(0, next);
    rest.remove_prefix(std::min(next + 1, rest.size()));
  }
  asked.group = rest;
  return asked;
}

const Resource* ResourceTable::FindKind(std::string_view group, std::string_view kind) const {
  for (const Resource& resource : resources_) {
    if (resource.kind == kind && resource.InGroup(group)) return &resource;
  }
  return nullptr;
}

const Resource* ResourceTable::FindPath(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second;
}

std::vector<std::string> ResourceTable::Names() const {
  std::vector<std::string> names;
  for (const Resource& resource : resources_) {
    names.push_back(resource.plural);
    names.push_back(resource.singular);
    names.insert(names.end(), resource.short_names.begin(), resource.short_names.end());
    names.insert(names.end(), resource.categories.begin(), resource.categories.end());
  }
  return names;
}

}  // namespace etcdmedic::kubectl
