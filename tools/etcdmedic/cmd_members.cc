// SPDX-License-Identifier: Apache-2.0
#include "etcdctl_json.h"
#include "present_state.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

void WriteMember(render::Document& document, const cluster::Member& member) {
  document.Field("id", Hex(member.id));
  document.Field("name", member.name);
  WriteTexts(document, "peer_urls", member.peer_urls);
  WriteTexts(document, "client_urls", member.client_urls);
  document.Field("learner", member.is_learner);
}

void WriteAlarms(render::Document& document, const std::vector<mvcc::Alarm>& alarms) {
  document.Key("alarms");
  document.BeginList();
  for (const mvcc::Alarm& alarm : alarms) {
    document.BeginMap();
    document.Field("member", Hex(alarm.member_id));
    document.Field("alarm", NameOf(alarm.type));
    document.EndMap();
  }
  document.EndList();
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

void PrintAlarms(Context& context, const std::vector<mvcc::Alarm>& alarms) {
  if (context.format == render::Format::kName) {
    for (const mvcc::Alarm& alarm : alarms) context.out.Print("{}\n", Hex(alarm.member_id));
    return;
  }
  if (alarms.empty()) context.out.Write("no alarm is raised\n");
  for (const mvcc::Alarm& alarm : alarms)
    context.out.Print("{:<16} {}\n", Hex(alarm.member_id), NameOf(alarm.type));
}

}  // namespace

int RunMembers(Context& context, const Args& args) {
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

int RunAlarms(Context& context, const Args& args) {
  const auto state = OpenPresent(context, args, "alarms");
  if (!state) return Report(context, state.error());
  const mvcc::BackendState backend = mvcc::ReadBackendState(state->store(), state->opened->found);
  if (AsEtcdctl(context)) {
    WriteEtcdctlAlarms(context, *state->opened, backend.alarms);
  } else if (ForPeople(context)) {
    PrintAlarms(context, backend.alarms);
  } else {
    WriteOne(context, *state, "alarms",
             [&](render::Document& document) { WriteAlarms(document, backend.alarms); });
  }
  return Finish(context, *state->opened, kClean);
}

}  // namespace etcdmedic::tool
