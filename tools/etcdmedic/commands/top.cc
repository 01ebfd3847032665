// SPDX-License-Identifier: Apache-2.0
// What fills the key space: by key, prefix, Kubernetes resource or namespace.
#include <algorithm>
#include <map>

#include "cli/flags.h"
#include "inputs/kubernetes_args.h"
#include "inputs/open_store.h"
#include "objects/definitions.h"
#include "objects/space_use.h"
#include "views/rows.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    Choice("--by", "WHAT", "what is counted together (default: prefix)",
           [] { return SplitWords("prefix|key|kind|namespace"); }),
    Choice("--sort", "WHAT", "the largest first, by (default: history)",
           [] { return SplitWords("history|size|revisions|keys"); }),
    {"--depth", "N", "how many parts of a key make its prefix (default 2)"},
    kRevFlag,
    {"--limit", "N", "print at most N rows (default 20, 0: all)"},
    kEncryptionFlag,
    kEtcdPrefixFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"top DIR --by kind", "which resources fill the db"},
};

using objects::SpaceUse;

using Grouping = std::string (*)(std::string_view key, uint64_t depth, const kubectl::Registry& registry);
struct GroupName {
  std::string_view name;
  std::string_view field;  // in documents
  std::string_view heading;
  std::string_view none;  // in tables, where a key belongs to no group
  Grouping of;
};
constexpr GroupName kGroupings[] = {
    {"key", "key", "KEY", "",
     [](std::string_view key, uint64_t, const kubectl::Registry&) { return std::string(key); }},
    {"prefix", "prefix", "PREFIX", "",
     [](std::string_view key, uint64_t depth, const kubectl::Registry&) {
       return std::string(objects::PrefixOf(key, depth));
     }},
    {"kind", "resource", "KIND", "(no Kubernetes key)",
     [](std::string_view key, uint64_t, const kubectl::Registry& registry) {
       const auto parts = registry.Parse(key);
       return parts ? std::string(parts->path) : std::string();
     }},
    {"namespace", "namespace", "NAMESPACE", "(none)",
     [](std::string_view key, uint64_t, const kubectl::Registry& registry) {
       const auto parts = registry.Parse(key);
       return parts && !parts->namespace_name.empty() ? std::string(parts->namespace_name) : std::string();
     }},
};

using Row = std::pair<std::string, SpaceUse>;

std::vector<Row> Count(const mvcc::KeyIndex& index, Grouping grouping, uint64_t depth,
                       const kubectl::Registry& registry) {
  std::map<std::string, SpaceUse> uses;
  index.ForEachKey([&](mvcc::Numbers numbers) {
    const objects::KeyUse key = objects::UseOf(index, numbers);
    uses[grouping(key.newest.kv.key, depth, registry)].Add(key);
    return true;
  });
  return {uses.begin(), uses.end()};
}

using Order = uint64_t (*)(const SpaceUse&);
constexpr std::pair<std::string_view, Order> kOrders[] = {
    {"history", [](const SpaceUse& use) { return use.history; }},
    {"size", [](const SpaceUse& use) { return use.size; }},
    {"revisions", [](const SpaceUse& use) { return use.revisions; }},
    {"keys", [](const SpaceUse& use) { return use.keys; }},
};

void Print(Context& context, const std::vector<Row>& rows, const GroupName& by, int64_t revision) {
  Rows out(context, {"top", "top-group", "groups"},
           {{by.field},
            {"key_count", "KEYS", kRight},
            {"size", "SIZE NOW", kRight},
            {"revision_count", "REVISIONS", kRight},
            {"history_size", "SIZE HISTORY", kRight},
            {"", by.heading}},
           [&](render::Document& document) {
             document.Field("revision", revision);
             document.Field("by", by.name);
           });
  for (const auto& [name, use] : rows) {
    const Cell label = TextCell(name, by.none);
    out.Add({label, use.keys, use.size, use.revisions, use.history, label});
  }
}

int Run(Context& context, const Args& args) {
  const std::string by = args.Get("--by").value_or("prefix");
  const auto grouping = std::ranges::find(kGroupings, by, &GroupName::name);
  const std::string sort = args.Get("--sort").value_or("history");
  const auto order = std::ranges::find(kOrders, sort, &std::pair<std::string_view, Order>::first);
  const auto depth = args.Number("--depth", 2);
  if (!depth) return Report(context, depth.error());
  const auto limit = args.Number("--limit", 20);
  if (!limit) return Report(context, limit.error());
  const auto encryption = EncryptionOf(args);
  if (!encryption) return Report(context, encryption.error());
  auto opened = OpenStore(context, args);
  if (!opened) return Report(context, opened.error());
  const auto at = RevisionAt(args, *(*opened)->store);
  if (!at) return Report(context, at.error());
  const std::string prefix = args.positional().size() > 1 ? args.positional()[1] : "";
  const auto index = (*opened)->store->Index(mvcc::WithPrefix(prefix), *at);
  if (!index) return Report(context, index.error());
  kubectl::ResourceTable resources;
  const kubectl::Registry registry(resources, args.Get("--etcd-prefix").value_or(""));
  if (by == "kind" || by == "namespace") {
    const auto keys = mvcc::LiveKeys::Read(*(*opened)->store, *at);
    if (!keys) return Report(context, keys.error());
    objects::StoredObjects stored(encryption->open);
    objects::LearnDefinitions(*keys, registry, stored, resources);
  }
  std::vector<Row> rows = Count(*index, grouping->of, *depth, registry);
  std::ranges::stable_sort(rows, std::greater<>(), [&](const Row& row) { return order->second(row.second); });
  if (*limit != 0 && rows.size() > *limit) rows.resize(*limit);
  Print(context, rows, *grouping, *at);
  return Finish(context, **opened, rows.empty() && !prefix.empty() ? kNotable : kClean);
}

}  // namespace

extern const Command kTop = {
    .name = "top",
    .positional = "PATH [PREFIX]",
    .summary = "what fills the key space, now and in history",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
