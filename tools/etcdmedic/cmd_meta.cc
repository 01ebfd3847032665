// SPDX-License-Identifier: Apache-2.0
#include "mvcc/backend.h"
#include "mvcc/membership.h"
#include "present_state.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

Facts MetaFacts(const OpenedStore& opened, const mvcc::Membership& membership) {
  diag::FindingList unused;
  const mvcc::Store& store = *opened.store;
  const auto backend = mvcc::ReadBackendState(store.db(), store.file(), unused);
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
  if (backend && backend->consistent_index)
    add("consistent_index", fmt::format("{}", *backend->consistent_index));
  if (backend && backend->term) add("term", fmt::format("{}", *backend->term));
  if (membership.conf_state) {
    add("voters", ids(membership.conf_state->voters));
    add("learners", ids(membership.conf_state->learners));
  }
  if (backend) add("storage_version", backend->storage_version.empty() ? "-" : backend->storage_version);
  add("cluster_version", membership.cluster_version.empty() ? "-" : membership.cluster_version);
  if (!membership.downgrade_target.empty()) add("downgrade_target", membership.downgrade_target);
  for (const mvcc::Alarm& alarm : membership.alarms)
    add("alarm", fmt::format("{} of member {}", NameOf(alarm.type), Hex(alarm.member_id)));
  return facts;
}

}  // namespace

int RunMeta(Context& context, const Args& args) {
  const auto state = OpenPresent(context, args, "the backend's own records");
  if (!state) return Report(context, state.error());
  const mvcc::Membership membership = mvcc::ReadMembership(state->store(), state->opened->found);
  const Facts facts = MetaFacts(*state->opened, membership);
  if (ForPeople(context)) {
    PrintFacts(context, facts);
  } else {
    WriteOne(context, *state, "meta", [&](render::Document& document) {
      for (const auto& [name, value] : facts) document.Field(name, value);
    });
  }
  return Finish(context, *state->opened, kClean);
}

}  // namespace etcdmedic::tool
