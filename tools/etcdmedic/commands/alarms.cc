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
    {"alarms DIR", "what keeps etcd from accepting writes"},
};

void PrintAlarms(Context& context, const std::vector<mvcc::Alarm>& alarms) {
  if (context.format == render::Format::kName) {
    for (const mvcc::Alarm& alarm : alarms) context.out.Print("{}\n", Hex(alarm.member_id));
    return;
  }
  if (alarms.empty()) context.out.Write("no alarm is raised\n");
  render::Table table(context.out, {}, {.header = false});
  for (const mvcc::Alarm& alarm : alarms) table.Add(Hex(alarm.member_id), NameOf(alarm.type));
}

int Run(Context& context, const Args& args) {
  const auto state = OpenPresent(context, args, "alarms");
  if (!state) return Report(context, state.error());
  const mvcc::BackendState backend = mvcc::ReadBackendState(state->store(), state->opened->found);
  if (AsEtcdctl(context)) {
    WriteEtcdctlAlarms(context, *state->opened, backend.alarms);
  } else if (ForPeople(context)) {
    PrintAlarms(context, backend.alarms);
  } else {
    WritePresent(context, *state, "alarms",
                 [&](render::Document& document) { WriteAlarms(document, backend.alarms); });
  }
  return Finish(context, *state->opened, kClean);
}

}  // namespace

extern const Command kAlarms = {
    .name = "alarms",
    .positional = "PATH",
    .summary = "active alarms",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .formats = kEtcdctlJson,
};

}  // namespace etcdmedic::tool
