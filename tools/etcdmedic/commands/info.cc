// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "cli/flags.h"
#include "diag/naming_sink.h"
#include "inputs/present_state.h"
#include "mvcc/backend.h"
#include "mvcc/newest.h"
#include "render/text.h"
#include "views/member_fields.h"
#include "views/verdict.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kReleaseToPredictFlag,
    {"--count-keys", "", "also count the keys, which needs another pass over the db"},
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"info DIR", "a summary on one screen"},
    {"info DIR --count-keys -o json", "the same for programs, and the number of keys"},
};

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

// What the kind of a path is called in a sentence.
std::string_view TextOf(member::Kind kind) {
  constexpr std::string_view kTexts[] = {"data directory", "member directory", "WAL directory",
                                         "snap directory", "WAL segment",      "snapshot file",
                                         "backend file"};
  return kTexts[static_cast<size_t>(kind)];
}

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

void PrintLog(render::Table& facts, const member::MemberState& state) {
  const raft::Log& log = state.log;
  if (log.metadata) {
    facts.Add("member_id", Hex(log.metadata->node_id));
    facts.Add("cluster_id", Hex(log.metadata->cluster_id));
  }
  if (!log.segments.empty()) {
    facts.Add("wal", fmt::format("{}, {}", render::Count(log.segments.size(), "segment"),
                                 render::HumanSize(SizeOf(state.layout.segments))));
    facts.Add("entries",
              log.surviving.empty() ? "none" : fmt::format("{} to {}", log.first_index(), log.last_index()));
  }
  if (log.state) {
    facts.Add("term", log.state->term);
    facts.Add("vote", Hex(log.state->vote));
    facts.Add("commit", log.state->commit);
  }
  if (const member::SnapFile* snap = state.NewestSnapshot()) {
    facts.Add("snapshot",
              fmt::format("index {} term {} ({})", snap->content->index, snap->content->term, snap->file));
  }
}

// "1.8 MiB", or of a packed file "41.8 KiB packed, 1.8 MiB unpacked".
std::string DbSizeText(const member::MemberState& state) {
  const std::string size = render::HumanSize(SizeOf(state.layout.db));
  if (!state.db_map->compressed()) return size;
  return fmt::format("{} packed, {} unpacked", size, render::HumanSize(state.db_map->bytes().size()));
}

void PrintBackend(render::Table& facts, const member::MemberState& state, std::optional<uint64_t> keys) {
  const mvcc::BackendState& backend = *state.backend;
  const auto add = [&](std::string_view name, const auto& value) {
    if (value) facts.Add(name, *value);
  };
  const auto add_text = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) facts.Add(name, text);
  };
  facts.Add("db", fmt::format("{}, page size {}, transaction {}", DbSizeText(state), backend.page_size,
                              backend.txid));
  if (state.db) facts.Add("db_pages", PagesText(*state.db, backend.page_size));
  if (state.db && !state.db->sound)
    facts.Add("db_tree", "damaged; what follows is as far as it can be reached");
  add("revision", backend.revision);
  add("compact_revision", backend.compact_revision);
  if (state.db) facts.Add("revisions_retained", EntriesOf(*state.db, "key"));
  add("keys", keys);
  if (state.db) facts.Add("leases", EntriesOf(*state.db, "lease"));
  add("consistent_index", backend.consistent_index);
  add("applied_term", backend.term);
  add_text("storage_version", backend.storage_version);
  add_text("cluster_version", backend.membership.cluster_version);
  facts.Add("members", backend.membership.Count());
  facts.Add("alarms", AlarmsText(backend.alarms));
  add_text("downgrade_target", backend.downgrade_target);
}

void PrintInfo(Context& context, const member::MemberState& state, const check::Report& report,
               std::optional<uint64_t> keys) {
  render::Table facts(context.out, {}, kFacts);
  facts.Add("kind", TextOf(state.layout.kind));
  if (state.in_use.running)
    facts.Add("running", "yes, it holds " + state.in_use.what);
  else if (state.layout.member_folder)
    facts.Add("running", "no");
  PrintLog(facts, state);
  if (state.backend && state.db_map) PrintBackend(facts, state, keys);
  facts.Add("health",
            report.sound() ? "sound" : "damaged: " + CountProblems(report.findings) + "; see verify");
  if (report.prediction.outcome != startup::Outcome::kUnknown)
    facts.Add("prediction", DescribeOutcome(report.prediction, report.version));
}

void WriteInfo(render::Document& document, const member::MemberState& state, const check::Report& report,
               std::optional<uint64_t> keys) {
  document.Field("path", state.layout.given);
  document.Field("path_kind", NameOf(state.layout.kind));
  document.Field("running", state.in_use.running);
  document.FieldIf("held_file", state.in_use.what);
  WriteLogFields(document, state);
  if (state.backend && state.db_map) WriteBackendFields(document, state, keys);
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
    PrintInfo(context, *state, report, keys);
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
