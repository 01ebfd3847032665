// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "cli/flags.h"
#include "diag/naming_sink.h"
#include "inputs/present_state.h"
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

// How many keys exist, which takes another pass over all revisions.
std::optional<uint64_t> CountKeys(const member::MemberState& state) {
  if (!state.backend || !state.db_map) return std::nullopt;
  diag::NoSink reported;  // by the check
  const auto store = mvcc::Store::Open(state.db_map->bytes(), {}, reported);
  if (!store) return std::nullopt;
  const auto table = mvcc::EntryTable::Read(store->view(), "key");
  if (!table) return std::nullopt;
  return mvcc::FindNewest(*table, std::numeric_limits<int64_t>::max()).live;
}

uint64_t EntriesOf(const bolt::FileReport& report, std::string_view name) {
  const auto bucket = std::ranges::find(report.buckets, name, &bolt::BucketInfo::name);
  return bucket == report.buckets.end() ? 0 : bucket->entries;
}

uint64_t FreePagesOf(const bolt::FileReport& report) {
  return static_cast<uint64_t>(std::ranges::count(report.pages, bolt::PageUse::kFree, &bolt::PageInfo::use));
}

// What the kind of a path is called in a sentence.
std::string_view TextOf(member::Kind kind) {
  constexpr std::string_view kTexts[] = {"data directory", "member directory", "WAL directory",
                                         "snap directory", "WAL segment",      "snapshot file",
                                         "backend file"};
  return kTexts[static_cast<size_t>(kind)];
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
  const uint64_t free = FreePagesOf(report);
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

void AddBackend(const member::MemberState& state, std::optional<uint64_t> keys, FactList& list) {
  const mvcc::BackendState& backend = *state.backend;
  list.Add("db", fmt::format("{}, page size {}, transaction {}", render::HumanSize(SizeOf(state.layout.db)),
                             backend.page_size, backend.txid));
  if (state.db) list.Add("db_pages", PagesText(*state.db, backend.page_size));
  if (state.db && !state.db->sound)
    list.Add("db_tree", std::string("damaged; what follows is as far as it can be reached"));
  list.Add("revision", backend.revision);
  list.Add("compact_revision", backend.compact_revision);
  if (state.db) list.Add("revisions_retained", EntriesOf(*state.db, "key"));
  list.Add("keys", keys);
  if (state.db) list.Add("leases", EntriesOf(*state.db, "lease"));
  list.Add("consistent_index", backend.consistent_index);
  list.Add("applied_term", backend.term);
  if (!backend.storage_version.empty()) list.Add("storage_version", backend.storage_version);
  if (!backend.membership.cluster_version.empty())
    list.Add("cluster_version", backend.membership.cluster_version);
  list.Add("members", backend.membership.Count());
  list.Add("alarms", AlarmsText(backend.alarms));
  if (!backend.downgrade_target.empty()) list.Add("downgrade_target", backend.downgrade_target);
}

Facts FactsOf(const member::MemberState& state, const check::Report& report, std::optional<uint64_t> keys) {
  FactList list;
  const auto add = [&](std::string name, std::string value) { list.Add(std::move(name), std::move(value)); };
  add("kind", std::string(TextOf(state.layout.kind)));
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
  if (state.backend && state.db_map) AddBackend(state, keys, list);
  add("health", report.sound() ? "sound" : "damaged: " + CountProblems(report.findings) + "; see verify");
  if (report.prediction.outcome != startup::Outcome::kUnknown)
    add("prediction", DescribeOutcome(report.prediction, report.version));
  return std::move(list.facts);
}

void WriteLog(render::Document& document, const member::MemberState& state) {
  if (state.log.metadata) {
    document.Id("member_id", state.log.metadata->node_id);
    document.Id("cluster_id", state.log.metadata->cluster_id);
  }
  if (!state.log.segments.empty()) {
    document.Field("segment_count", state.log.segments.size());
    document.Field("log_size", SizeOf(state.layout.segments));
    document.FieldIf("first_index", state.log.first_index());
    document.FieldIf("last_index", state.log.last_index());
  }
  if (state.log.state) {
    document.Field("term", state.log.state->term);
    document.Id("vote_id", state.log.state->vote);
    document.Field("commit", state.log.state->commit);
  }
  const member::SnapFile* const snap = state.NewestSnapshot();
  if (snap == nullptr) return;
  document.Map("snapshot", [&] {
    document.Field("file", snap->file);
    document.Field("index", snap->content->index);
    document.Field("term", snap->content->term);
  });
}

void WriteBackend(render::Document& document, const member::MemberState& state,
                  std::optional<uint64_t> keys) {
  const mvcc::BackendState& backend = *state.backend;
  document.Field("db_size", SizeOf(state.layout.db));
  document.Field("page_size", backend.page_size);
  document.Field("transaction", backend.txid);
  if (state.db) {
    document.Field("used_page_count", state.db->pages.size() - FreePagesOf(*state.db));
    document.Field("free_page_count", FreePagesOf(*state.db));
  }
  document.Field("revision", backend.revision);
  document.Field("compact_revision", backend.compact_revision);
  if (state.db) document.Field("revision_count", EntriesOf(*state.db, "key"));
  document.Field("key_count", keys);
  if (state.db) document.Field("lease_count", EntriesOf(*state.db, "lease"));
  document.Field("consistent_index", backend.consistent_index);
  document.Field("applied_term", backend.term);
  document.FieldIf("storage_version", backend.storage_version);
  document.FieldIf("cluster_version", backend.membership.cluster_version);
  document.Field("member_count", backend.membership.Count());
  document.FieldIf("downgrade_target", backend.downgrade_target);
  WriteAlarms(document, backend.alarms);
}

void WriteInfo(render::Document& document, const member::MemberState& state, const check::Report& report,
               std::optional<uint64_t> keys) {
  document.Field("path", state.layout.given);
  document.Field("path_kind", NameOf(state.layout.kind));
  document.Field("running", state.in_use.running);
  document.FieldIf("held_file", state.in_use.what);
  WriteLog(document, state);
  if (state.backend && state.db_map) WriteBackend(document, state, keys);
  document.Field("sound", report.sound());
  document.Field("error_count", CountOf(report.findings, diag::Severity::kError, diag::Severity::kFatal));
  document.Field("warning_count",
                 CountOf(report.findings, diag::Severity::kWarning, diag::Severity::kWarning));
  WritePrediction(document, "prediction", report.version, report.prediction);
}

int Run(Context& context, const Args& args) {
  const auto version = VersionOf(args);
  if (!version) return Report(context, version.error());
  auto state = Load(args, {.keys = true});
  if (!state) return Report(context, state.error());
  const check::Report report = check::Verify(*state, *version);
  const auto keys = args.Has("--count-keys") ? CountKeys(*state) : std::nullopt;
  if (context.format == render::Format::kTable) {
    PrintFacts(context, FactsOf(*state, report, keys));
  } else {
    WriteDocument(context, "info",
                  [&](render::Document& document) { WriteInfo(document, *state, report, keys); });
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
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
