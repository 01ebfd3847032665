// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "inputs/present_state.h"
#include "render/text.h"
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

void WriteMember(render::Document& document, const cluster::Member& member) {
  document.Field("id", Hex(member.id));
  document.Field("name", member.name);
  WriteTexts(document, "peer_urls", member.peer_urls);
  WriteTexts(document, "client_urls", member.client_urls);
  document.Field("learner", member.is_learner);
}

void WriteMembership(render::Document& document, const mvcc::BackendState& backend) {
  document.Key("members");
  document.BeginList();
  for (const cluster::Member& member : backend.membership.members) {
    document.BeginMap();
    WriteMember(document, member);
    document.EndMap();
  }
  document.EndList();
  std::vector<std::string> removed;
  for (const uint64_t id : backend.membership.removed) removed.push_back(Hex(id));
  WriteTexts(document, "removed", removed);
  WriteAlarms(document, backend.alarms);
  document.Field("cluster_version", backend.membership.cluster_version);
  document.Field("downgrade_target", backend.downgrade_target);
}

void PrintMembership(Context& context, const mvcc::BackendState& backend) {
  for (const cluster::Member& member : backend.membership.members) {
    if (context.format == render::Format::kName) {
      context.out.Print("{}\n", Hex(member.id));
      continue;
    }
    context.out.Print("{:<16} {:<12} {:<8} {} {}\n", Hex(member.id), render::Printable(member.name),
                      member.is_learner ? "learner" : "voter", Joined(member.peer_urls),
                      Joined(member.client_urls));
  }
  if (context.format == render::Format::kName) return;
  for (const uint64_t id : backend.membership.removed) context.out.Print("{:<16} removed\n", Hex(id));
  for (const mvcc::Alarm& alarm : backend.alarms)
    context.out.Print("{:<16} alarm {}\n", Hex(alarm.member_id), NameOf(alarm.type));
}

int Run(Context& context, const Args& args) {
  const auto state = OpenPresent(context, args, "members and alarms");
  if (!state) return Report(context, state.error());
  const mvcc::BackendState backend = mvcc::ReadBackendState(state->store(), state->opened->found);
  if (AsEtcdctl(context)) {
    WriteEtcdctlMembers(context, *state->opened, backend.membership.members);
  } else if (ForPeople(context)) {
    PrintMembership(context, backend);
  } else {
    WriteOne(context, *state, "members",
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
