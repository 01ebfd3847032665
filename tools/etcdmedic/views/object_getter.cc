// SPDX-License-Identifier: Apache-2.0
#include "views/object_getter.h"

#include <algorithm>
#include <functional>

#include "render/text.h"
#include "views/not_found.h"

namespace etcdmedic::tool {

void ObjectGetter::All() {
  Walk();
  std::ranges::stable_sort(sorted_, std::less<>());
  for (const kubectl::SortKey& key : sorted_) {
    const StoredObject object = job_.catalog->At(key.number());
    sink_.Add(object, sink_.wants_tree() ? job_.reader->Tree(object) : text::ObjectView());
  }
}

int ObjectGetter::Code() const {
  if (count_ > 0 || missed_) return missed_ ? kNotable : kClean;
  job_.context.out.Flush();
  const std::string where =
      query_.all_namespaces ? "" : fmt::format(" in {} namespace", query_.namespace_name);
  job_.context.err.Print("etcdmedic: no resources found{} at revision {}\n", render::Printable(where),
                         job_.catalog->revision());
  return kNotable;
}

void ObjectGetter::Walk() {
  if (query_.every_kind) {
    for (const objects::Section& section : job_.catalog->sections()) Take(section);
    return;
  }
  for (const objects::Wanted& wanted : query_.wanted) {
    for (const std::string& name : wanted.names) Named(*wanted.resource, name);
    if (!wanted.names.empty()) continue;
    for (const objects::Section& section : job_.catalog->sections()) {
      if (section.resource == wanted.resource) Take(section);
    }
  }
}

void ObjectGetter::Take(const objects::Section& section) {
  for (size_t at = section.begin; at < section.end && !job_.context.out.closed(); ++at) Offer(at);
}

void ObjectGetter::Offer(size_t number) {
  const StoredObject object = job_.catalog->At(number);
  if (!query_.InNamespace(object.key)) return;
  const bool look = query_.filters() || query_.sort_by || sink_.wants_tree();
  const text::ObjectView tree = look ? job_.reader->Tree(object) : text::ObjectView();
  if (query_.filters() &&
      (!query_.labels.Matches(tree.At("metadata.labels")) || !query_.fields.Matches(tree)))
    return;
  ++count_;
  if (!query_.sort_by) return sink_.Add(object, tree);
  const auto found = query_.sort_by->Find(tree);
  sorted_.emplace_back(found.empty() ? text::ObjectView() : found.front(), number);
}

void ObjectGetter::Named(const kubectl::Resource& resource, const std::string& name) {
  if (Exact(resource, name) || (by_prefix_ && WithPrefix(resource, name))) return;
  Miss(resource, name);
}

bool ObjectGetter::Exact(const kubectl::Resource& resource, const std::string& name) {
  bool found = false;
  for (const objects::Section& section : job_.catalog->sections()) {
    if (section.resource != &resource) continue;
    const auto at = job_.catalog->Find(section, query_.namespace_name, name);
    if (!at) continue;
    Offer(*at);
    found = true;
  }
  return found;
}

bool ObjectGetter::WithPrefix(const kubectl::Resource& resource, const std::string& name) {
  const size_t before = count_;
  for (const objects::Section& section : job_.catalog->sections()) {
    for (size_t at = section.begin; section.resource == &resource && at < section.end; ++at) {
      if (job_.catalog->At(at).key.name.starts_with(name)) Offer(at);
    }
  }
  return count_ > before;
}

void ObjectGetter::Miss(const kubectl::Resource& resource, const std::string& name) {
  missed_ = true;
  sink_.Settle();
  job_.context.out.Flush();
  const objects::ObjectWords words{resource.plural, name, query_.namespace_name};
  const std::string text = objects::NotFoundText(resource, words, job_.catalog->revision());
  job_.context.err.Print("etcdmedic: {}{}\n", render::Printable(text), Elsewhere(resource, name));
  if (const auto deleted_at = Deletion(resource, name))
    NoteDeletedObject(job_.context, job_.args.positional()[0], resource, words, *deleted_at);
}

// The revision that deleted an object that does not exist; nothing where no retained revision holds it.
std::optional<int64_t> ObjectGetter::Deletion(const kubectl::Resource& resource,
                                              const std::string& name) const {
  const std::string space = resource.namespaced ? query_.namespace_name : "";
  for (const std::string& prefix : job_.catalog->registry().prefixes()) {
    const std::string key = kubectl::Registry::KeyOf(prefix, resource, space, name);
    const auto changes = job_.opened->store->History(key, job_.catalog->revision());
    if (!changes || changes->size() < 2 || !changes->back().tombstone) continue;
    return changes->back().revision.main;
  }
  return std::nullopt;
}

// "; there is one in namespace demo".
std::string ObjectGetter::Elsewhere(const kubectl::Resource& resource, const std::string& name) const {
  for (const objects::Section& section : job_.catalog->sections()) {
    for (size_t at = section.begin; section.resource == &resource && at < section.end; ++at) {
      const kubectl::RegistryKey key = job_.catalog->At(at).key;
      if (key.name == name)
        return fmt::format("; there is one in namespace {}", render::Printable(key.namespace_name));
    }
  }
  return {};
}

}  // namespace etcdmedic::tool
