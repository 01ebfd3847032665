// SPDX-License-Identifier: Apache-2.0
#include "objects/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/suggest.h"

namespace etcdmedic::objects {
namespace {

tl::unexpected<Error> Usage(std::string what) { return Fail(Errc::kUsage, "", std::move(what)); }

std::vector<std::string_view> SplitByComma(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t comma = text.find(',');
    if (comma != 0 && !text.empty()) parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text = text.substr(comma + 1);
  }
}

// Of several resources with that name the first that the data holds, else the one that kubectl would take.
Result<std::vector<const kubectl::Resource*>> ResolveKind(std::string_view name,
                                                          const ObjectCatalog& catalog) {
  auto category = catalog.resources().InCategory(name);
  if (!category.empty()) return category;
  const auto found = catalog.resources().Resolve(name);
  const auto held = std::ranges::find_if(found, [&](const auto* each) { return catalog.Holds(*each); });
  if (held != found.end()) return std::vector{*held};
  if (!found.empty()) return std::vector{found.front()};
  const std::vector<std::string> names = catalog.resources().Names();
  return Usage(fmt::format("neither Kubernetes nor a definition in this data knows a resource {}{}", name,
                           text::Suggest(name, {names.begin(), names.end()})));
}

// KIND/NAME for every word.
Result<void> TakePairs(std::span<const std::string> words, const ObjectCatalog& catalog, ObjectQuery& query) {
  for (const std::string& word : words) {
    const size_t slash = word.find('/');
    if (slash == std::string::npos || slash + 1 == word.size()) {
      return Usage(fmt::format("where one argument is KIND/NAME all of them are, and {} is not", word));
    }
    const auto kinds = ResolveKind(std::string_view(word).substr(0, slash), catalog);
    if (!kinds) return tl::make_unexpected(kinds.error());
    for (const kubectl::Resource* kind : *kinds)
      query.wanted.push_back(
          {kind, {word.substr(slash + 1)}, kubectl::ResourceTable::AskedOf(word.substr(0, slash), *kind)});
  }
  return {};
}

Result<void> TakeKinds(std::span<const std::string> words, const ObjectCatalog& catalog, ObjectQuery& query) {
  for (const std::string_view name : SplitByComma(words[0])) {
    const auto kinds = ResolveKind(name, catalog);
    if (!kinds) return tl::make_unexpected(kinds.error());
    for (const kubectl::Resource* kind : *kinds)
      query.wanted.push_back(
          {kind, {words.begin() + 1, words.end()}, kubectl::ResourceTable::AskedOf(name, *kind)});
  }
  if (query.wanted.empty()) return Usage("a kind is missing");
  return {};
}

}  // namespace

Result<ObjectQuery> ParseObjectQuery(const ObjectRequest& request, const ObjectCatalog& catalog) {
  ObjectQuery query;
  const std::span<const std::string> words = request.words;
  const bool pairs =
      std::ranges::any_of(words, [](const std::string& word) { return word.find('/') != std::string::npos; });
  if (!words.empty()) {
    const auto taken = pairs ? TakePairs(words, catalog, query) : TakeKinds(words, catalog, query);
    if (!taken) return tl::make_unexpected(taken.error());
  }
  query.every_kind = words.empty();
  query.by_name = pairs || words.size() > 1;
  query.one = query.by_name && query.wanted.size() == 1 && query.wanted[0].names.size() == 1;
  query.all_namespaces = request.all_namespaces;
  if (query.all_namespaces && query.by_name)
    return Usage("an object is not got by name across all namespaces");
  query.only_namespace = query.every_kind && request.namespace_name.has_value();
  query.namespace_name = request.namespace_name.value_or("default");
  auto labels = kubectl::LabelSelector::Parse(request.labels);
  if (!labels) return tl::make_unexpected(labels.error());
  auto fields = kubectl::FieldSelector::Parse(request.fields);
  if (!fields) return tl::make_unexpected(fields.error());
  query.labels = std::move(*labels);
  query.fields = std::move(*fields);
  if (request.sort_by) {
    auto parsed = kubectl::JsonPath::Parse(*request.sort_by);
    if (!parsed) return tl::make_unexpected(parsed.error());
    query.sort_by = std::move(*parsed);
  }
  if (query.by_name && query.filters()) return Usage("a selector goes with kinds, not with names");
  return query;
}

}  // namespace etcdmedic::objects
