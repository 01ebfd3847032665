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

Facts MetaFacts(const mvcc::Store& store, const mvcc::BackendState& backend) {
  const auto ids = [](const std::vector<uint64_t>& all) {
    std::vector<std::string> texts;
    for (const uint64_t id : all) texts.push_back(Hex(id));
    return Joined(texts);
  };
  Facts facts;
  const auto add = [&](std::string name, std::string value) {
    facts.emplace_back(std::move(name), std::move(value));
  };
  const auto number = [&](std::string name, int64_t value) {
    add(std::move(name), value < 0 ? "never" : fmt::format("{}", value));
  };
  add("revision", fmt::format("{}", store.current_revision()));
  add("oldest_readable_revision", fmt::format("{}", store.oldest_revision()));
  number("scheduled_compaction", store.scheduled_compaction());
  number("finished_compaction", store.finished_compaction());
  if (backend.consistent_index) add("consistent_index", fmt::format("{}", *backend.consistent_index));
  if (backend.term) add("term", fmt::format("{}", *backend.term));
  if (backend.conf_state) {
    add("voters", ids(backend.conf_state->voters));
    add("learners", ids(backend.conf_state->learners));
  }
  const std::string& cluster_version = backend.membership.cluster_version;
  add("storage_version", backend.storage_version.empty() ? "-" : backend.storage_version);
  add("cluster_version", cluster_version.empty() ? "-" : cluster_version);
  if (!backend.downgrade_target.empty()) add("downgrade_target", backend.downgrade_target);
  for (const mvcc::Alarm& alarm : backend.alarms)
    add("alarm", fmt::format("{} of member {}", NameOf(alarm.type), Hex(alarm.member_id)));
  return facts;
}

int Run(Context& context, const Args& args) {
  const auto state = OpenPresent(context, args, "the backend's own records");
  if (!state) return Report(context, state.error());
  const mvcc::BackendState backend = mvcc::ReadBackendState(state->store(), state->opened->found);
  const Facts facts = MetaFacts(state->store(), backend);
  if (ForPeople(context)) {
    PrintFacts(context, facts);
  } else {
    WriteOne(context, *state, "meta", [&](render::Document& document) {
      for (const auto& [name, value] : facts) document.Field(name, value);
    });
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
};

}  // namespace etcdmedic::tool
