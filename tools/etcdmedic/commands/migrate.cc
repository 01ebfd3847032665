// SPDX-License-Identifier: Apache-2.0
#include "cli/flags.h"
#include "commands/plan_runner.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr startup::EtcdVersion kOldest{3, 5};

constexpr Flag kFlags[] = {
    {"--to", "X.Y", "the release that is to start on it: 3.5 to 3.7"},
    {"--apply", "", "do it in place, with an undo journal"},
    {"--output", "DIR", "do it on a copy in this new directory"},
    {"--journal", "FILE", "where to write the undo journal"},
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"migrate DIR --to 3.7", "show what would be changed, or what forbids it; changes nothing"},
};

Result<startup::EtcdVersion> TargetOf(const Args& args) {
  const auto text = args.Get("--to");
  if (!text) return Fail(Errc::kUsage, "", "migrate needs --to X.Y, the release that is to start");
  const auto version = startup::ParseEtcdVersion(*text);
  if (version && startup::IsKnown(*version) && *version >= kOldest) return *version;
  return Fail(Errc::kUsage, "", fmt::format("--to {}: etcd can migrate to 3.5, 3.6 and 3.7", *text));
}

int Run(Context& context, const Args& args) {
  const auto target = TargetOf(args);
  if (!target) return Report(context, target.error());
  const std::string name = fmt::format("{}.{}", target->major, target->minor);
  PlanRun run{.command = "etcdmedic migrate --to " + name, .document = "migrate", .migrates = true};
  run.options.migrate_to = *target;
  run.fields = [&](render::Document& document) { document.Field("etcd_version", name); };
  return RunPlan(context, args, *target, run);
}

}  // namespace

extern const Command kMigrate = {
    .name = "migrate",
    .positional = "PATH",
    .summary = "bring the backend to the schema of another release of etcd; shows a plan first",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
