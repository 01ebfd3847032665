// SPDX-License-Identifier: Apache-2.0
#include "inputs/one_object.h"

#include <algorithm>

#include "base/try.h"

namespace etcdmedic::tool {

Result<std::optional<objects::ObjectWords>> ObjectWordsOf(const Args& args, size_t first) {
  const auto words = std::span(args.positional()).subspan(std::min(first, args.positional().size()));
  const auto space = args.Get("--namespace");
  if (words.empty()) return std::nullopt;
  const std::string& word = words.front();
  const size_t slash = word.find('/');
  if (words.size() == 1 && !space && (slash == 0 || slash == std::string::npos)) return std::nullopt;
  objects::ObjectWords object{word.substr(0, slash), {}, space.value_or("default")};
  if (words.size() == 1 && slash != std::string::npos) object.name = word.substr(slash + 1);
  if (words.size() == 2 && slash == std::string::npos) object.name = words[1];
  if (object.kind.empty() || object.name.empty())
    return Fail(Errc::kUsage, "", "an object is named by KIND/NAME or KIND NAME");
  return object;
}

bool IsOnlyAKey(const Args& args, const Error& error) {
  return error.code == Errc::kUsage && !args.Has("--namespace") && args.positional().size() == 2;
}

Result<FoundObject> FindObject(const mvcc::Store& store, objects::ObjectNames& names,
                               const objects::ObjectWords& words, int64_t revision, Enough enough) {
  const auto at = store.RevisionOr(revision);
  if (!at) return Propagate(at);
  const auto resources = names.Resolve(words.kind, *at);
  if (!resources) return Propagate(resources);
  std::vector<std::string> keys;
  std::vector<const kubectl::Resource*> of;
  for (const kubectl::Resource* resource : *resources) {
    for (std::string& key : names.KeysOf(*resource, words.namespace_name, words.name)) {
      if (std::ranges::find(keys, key) != keys.end()) continue;  // of two groups that serve the same objects
      keys.push_back(std::move(key));
      of.push_back(resource);
    }
  }
  auto found = mvcc::SearchBack(store.view(), keys, *at, [&](const mvcc::FoundChanges& all) {
    return std::ranges::any_of(all, enough);
  });
  const auto best =
      std::ranges::find_if(found, [](const std::vector<mvcc::Change>& changes) { return !changes.empty(); });
  const auto place = best == found.end() ? size_t{0} : static_cast<size_t>(best - found.begin());
  return FoundObject{of[place], std::move(keys[place]), std::move(found[place])};
}

}  // namespace etcdmedic::tool
