// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/present_state.h"
#include "render/table.h"
#include "views/etcdctl_json.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    kPresentRevFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"members DIR", "the members as the backend knows them"},
    {"members DIR -o etcdctl-json", "as `etcdctl member list -w json`"},
};

void WriteMembership(render::Document& document, const mvcc::BackendState& backend) {
  document.List("members", backend.membership.members,
                [&](const cluster::Member& member) { WriteMember(document, member); });
  document.Ids("removed_members", backend.membership.removed);
  WriteAlarms(document, backend.alarms);
  document.FieldIf("cluster_version", backend.membership.cluster_version);
  document.FieldIf("downgrade_target", backend.downgrade_target);
}

void PrintMembership(Context& context, const mvcc::BackendState& backend) {
  render::Table table(context.out, {}, {.header = false});
  for (const cluster::Member& member : backend.membership.members)
    table.Add(Hex(member.id), member.name, member.is_learner ? "learner" : "voter", Joined(member.peer_urls),
              Joined(member.client_urls));
  for (const uint64_t id : backend.membership.removed) table.Add(Hex(id), "removed");
  for (const mvcc::Alarm& alarm : backend.alarms)
    table.Add(Hex(alarm.member_id), "alarm", NameOf(alarm.type));
}

int Run(Context& context, const Args& args) {
  const auto state = OpenPresent(context, args, "members and alarms");
  if (!state) return Report(context, state.error());
  const mvcc::BackendState backend = mvcc::ReadBackendState(state->store(), state->opened->found);
  if (AsEtcdctl(context)) {
    WriteEtcdctlMembers(context, *state->opened, backend.membership.members);
  } else if (context.format == render::Format::kTable) {
    PrintMembership(context, backend);
  } else if (context.format == render::Format::kName) {
    for (const cluster::Member& member : backend.membership.members)
      context.out.Print("{}\n", Hex(member.id));
  } else {
    WritePresent(context, *state, "members",
                 [&](render::Document& document) { WriteMembership(document, backend); });
  }
  return Finish(context, *state->opened, kClean);
}

}  // namespace

extern const Command kMembers = {
    .name = "members",
    .positional = "PATH",
    .summary = "members and alarms",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
