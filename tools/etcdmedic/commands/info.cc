// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "cli/flags.h"
#include "diag/naming_sink.h"
#include "mvcc/backend.h"
#include "mvcc/newest.h"
#include "render/text.h"
#include "views/shared.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kPredictFlag,
    {"--count-keys", "", "also count the keys, which needs another pass over the db"},
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"info DIR", "a summary on one screen"},
    {"info DIR --count-keys -o json", "the same for programs, and the number of keys"},
};

uint64_t SizeOf(const std::vector<member::File>& files) {
  uint64_t size = 0;
  for (const member::File& file : files) size += file.size;
  return size;
}

class FactList {
 public:
  void Add(std::string name, std::string value) { facts.emplace_back(std::move(name), std::move(value)); }
  template <std::integral T>
  void Add(std::string name, T number) {
    Add(std::move(name), fmt::format("{}", number));
  }
  template <class T>
  void Add(std::string name, const std::optional<T>& number) {
    if (number) Add(std::move(name), *number);
  }
  Facts facts;
};

std::string PagesText(const bolt::FileReport& report, uint32_t page_size) {
  const auto free =
      static_cast<uint64_t>(std::ranges::count(report.pages, bolt::PageUse::kFree, &bolt::PageInfo::use));
  const uint64_t used = report.pages.size() - free;
  return fmt::format("{} in use ({}), {} free ({})", used, render::HumanSize(used * page_size), free,
                     render::HumanSize(free * page_size));
}

std::string AlarmsText(const std::vector<mvcc::Alarm>& alarms) {
  std::string text;
  for (const mvcc::Alarm& alarm : alarms)
    text += fmt::format("{}{} of {}", text.empty() ? "" : ", ", NameOf(alarm.type), Hex(alarm.member_id));
  return text.empty() ? "none" : text;
}

// How many keys exist, which takes another pass over all revisions.
std::optional<uint64_t> CountKeys(const mvcc::Store& store) {
  const auto table = mvcc::EntryTable::Read(store.view(), "key");
  if (!table) return std::nullopt;
  return mvcc::FindNewest(*table, std::numeric_limits<int64_t>::max()).live;
}

void AddBackend(const member::MemberState& state, bool count_keys, FactList& list) {
  const mvcc::BackendState& backend = *state.backend;
  const auto entries = [&](std::string_view name) {
    const auto bucket = std::ranges::find(state.db->buckets, name, &bolt::BucketInfo::name);
    return bucket == state.db->buckets.end() ? 0 : bucket->entries;
  };
  diag::NoSink reported;  // by the check
  const auto store = mvcc::Store::Open(state.db_map->bytes(), {}, reported);
  list.Add("db", fmt::format("{}, page size {}, transaction {}", render::HumanSize(SizeOf(state.layout.db)),
                             backend.page_size, backend.txid));
  if (state.db) list.Add("db_pages", PagesText(*state.db, backend.page_size));
  if (state.db && !state.db->sound)
    list.Add("db_tree", std::string("damaged; what follows is as far as it can be reached"));
  list.Add("revision", backend.revision);
  list.Add("compact_revision", backend.compact_revision);
  if (state.db) list.Add("revisions_retained", entries("key"));
  if (count_keys && store) list.Add("keys", CountKeys(*store));
  if (state.db) list.Add("leases", entries("lease"));
  list.Add("consistent_index", backend.consistent_index);
  list.Add("applied_term", backend.term);
  if (!backend.storage_version.empty()) list.Add("storage_version", backend.storage_version);
  if (!backend.membership.cluster_version.empty())
    list.Add("cluster_version", backend.membership.cluster_version);
  list.Add("members", backend.membership.Count());
  if (!store) return;
  list.Add("alarms", AlarmsText(backend.alarms));
  if (!backend.downgrade_target.empty()) list.Add("downgrade_target", backend.downgrade_target);
}

Facts FactsOf(const member::MemberState& state, const check::Report& report, bool count_keys) {
  FactList list;
  const auto add = [&](std::string name, std::string value) { list.Add(std::move(name), std::move(value)); };
  add("kind", std::string(member::NameOf(state.layout.kind)));
  add("running", state.in_use.running ? "yes, it holds " + state.in_use.what : "no");
  if (state.log.metadata)
    add("member_id", Hex(state.log.metadata->node_id)),
        add("cluster_id", Hex(state.log.metadata->cluster_id));
  if (!state.log.segments.empty()) {
    add("wal", fmt::format("{}, {}", render::Count(state.log.segments.size(), "segment"),
                           render::HumanSize(SizeOf(state.layout.segments))));
    add("entries", state.log.surviving.empty()
                       ? "none"
                       : fmt::format("{} to {}", state.log.first_index(), state.log.last_index()));
  }
  if (state.log.state) {
    add("term", fmt::format("{}", state.log.state->term));
    add("vote", Hex(state.log.state->vote));
    add("commit", fmt::format("{}", state.log.state->commit));
  }
  if (const member::SnapFile* snap = state.NewestSnapshot()) {
    add("snapshot",
        fmt::format("index {} term {} ({})", snap->content->index, snap->content->term, snap->file));
  }
  if (state.backend && state.db_map) AddBackend(state, count_keys, list);
  add("health", report.sound() ? "sound" : "damaged: " + CountProblems(report.findings) + "; see verify");
  if (report.prediction.outcome != startup::Outcome::kUnknown)
    add("prediction", DescribeOutcome(report.prediction, report.version));
  return std::move(list.facts);
}

int Run(Context& context, const Args& args) {
  const auto version = VersionOf(args);
  if (!version) return Report(context, version.error());
  auto state = Load(args, {.keys = true});
  if (!state) return Report(context, state.error());
  const check::Report report = check::Verify(*state, *version);
  const Facts facts = FactsOf(*state, report, args.Has("--count-keys"));
  if (context.format == render::Format::kTable || context.format == render::Format::kName) {
    PrintFacts(context, facts);
  } else {
    render::Document document(context.out, context.format);
    document.BeginMap();
    document.Field("schema", "etcdmedic.info/v1");
    document.Field("path", state->layout.given);
    for (const auto& [name, value] : facts) document.Field(name, value);
    document.EndMap();
  }
  return (report.sound() ? kClean : kDamaged) | (state->denied() ? kFailed : kClean);
}

}  // namespace

extern const Command kInfo = {
    .name = "info",
    .positional = "PATH",
    .summary = "summarise a data directory: versions, ids, revision, index, term, health",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
};

}  // namespace etcdmedic::tool
