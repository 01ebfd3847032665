// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/present_state.h"
#include "mvcc/backend.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kPresentRevFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"meta DIR", "revisions, compactions, applied index, versions, alarms"},
};

std::string CompactionText(int64_t revision) { return revision < 0 ? "never" : fmt::format("{}", revision); }

std::string IdsText(const std::vector<uint64_t>& ids) {
  std::vector<std::string> texts;
  for (const uint64_t id : ids) texts.push_back(Hex(id));
  return Joined(texts);
}

std::string VersionText(const std::string& version) { return version.empty() ? "-" : version; }

void PrintMeta(Context& context, const mvcc::Store& store, const mvcc::BackendState& backend) {
  render::Table facts(context.out, {}, kFacts);
  facts.Add("revision", store.current_revision());
  facts.Add("oldest_readable_revision", store.oldest_revision());
  facts.Add("scheduled_compaction", CompactionText(store.scheduled_compaction()));
  facts.Add("finished_compaction", CompactionText(store.finished_compaction()));
  if (backend.consistent_index) facts.Add("consistent_index", *backend.consistent_index);
  if (backend.term) facts.Add("term", *backend.term);
  if (backend.conf_state) {
    facts.Add("voters", IdsText(backend.conf_state->voters));
    facts.Add("learners", IdsText(backend.conf_state->learners));
  }
  facts.Add("storage_version", VersionText(backend.storage_version));
  facts.Add("cluster_version", VersionText(backend.membership.cluster_version));
  if (!backend.downgrade_target.empty()) facts.Add("downgrade_target", backend.downgrade_target);
  for (const mvcc::Alarm& alarm : backend.alarms)
    facts.Add("alarm", fmt::format("{} of member {}", NameOf(alarm.type), Hex(alarm.member_id)));
}

void WriteMeta(render::Document& document, const mvcc::Store& store, const mvcc::BackendState& backend) {
  document.Field("oldest_readable_revision", store.oldest_revision());
  if (store.scheduled_compaction() >= 0)
    document.Field("scheduled_compact_revision", store.scheduled_compaction());
  if (store.finished_compaction() >= 0)
    document.Field("finished_compact_revision", store.finished_compaction());
  document.Field("consistent_index", backend.consistent_index);
  document.Field("applied_term", backend.term);
  if (backend.conf_state) {
    document.Ids("voters", backend.conf_state->voters);
    document.Ids("learners", backend.conf_state->learners);
  }
  document.FieldIf("storage_version", backend.storage_version);
  document.FieldIf("cluster_version", backend.membership.cluster_version);
  document.FieldIf("downgrade_target", backend.downgrade_target);
  WriteAlarms(document, backend.alarms);
}

int Run(Context& context, const Args& args) {
  const auto state = OpenPresent(context, args, "the backend's own records");
  if (!state) return Report(context, state.error());
  const mvcc::Store& store = state->store();
  const mvcc::BackendState backend = mvcc::ReadBackendState(store, state->opened->found);
  if (ForPeople(context)) {
    PrintMeta(context, store, backend);
  } else {
    WritePresent(context, *state, "meta",
                 [&](render::Document& document) { WriteMeta(document, store, backend); });
  }
  return Finish(context, *state->opened, kClean);
}

}  // namespace

extern const Command kMeta = {
    .name = "meta",
    .positional = "PATH",
    .summary = "revisions, indexes and versions recorded in the backend",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
