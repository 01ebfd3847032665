// SPDX-License-Identifier: Apache-2.0
#include "base/hex.h"
#include "cli/flags.h"
#include "commands/plan_runner.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--apply", "", "do it in place, with an undo journal"},
    {"--output", "DIR", "do it on a copy in this new directory"},
    {"--accept-loss", "", "also carry out the steps that lose data"},
    {"--journal", "FILE", "where to write the undo journal"},
    {"--clear-alarms", "", "also clear the alarms of a single member"},
    {"--new-cluster", "", "also make this member the only one of its cluster"},
    {"--cluster-id", "HEX", "with --new-cluster: the cluster's new id"},
    {"--drop-member", "ID,…", "also drop these members, which are lost, from the cluster"},
    {"--from", "DIR,…", "also take what is missing from these other members of the cluster"},
    kReleaseToPredictFlag,
    kWalDirFlag,
};
constexpr Example kExamples[] = {
    {"repair DIR", "show what would be done; changes nothing"},
};

// Ids as etcd prints them, in hexadecimal, separated by commas.
Result<std::vector<uint64_t>> IdsOf(const Args& args, std::string_view flag) {
  std::vector<uint64_t> ids;
  std::string text = args.Get(flag).value_or("");
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(',', at), text.size());
    const auto id = ParseHex(std::string_view(text).substr(at, end - at));
    if (!id) return Fail(Errc::kUsage, {}, fmt::format("{} takes ids in hexadecimal, not {}", flag, text));
    ids.push_back(*id);
    at = end + 1;
  }
  return ids;
}

Result<plan::PlanOptions> OptionsOf(const Args& args) {
  plan::PlanOptions options;
  options.clear_alarms = args.Has("--clear-alarms");
  options.new_cluster = args.Has("--new-cluster");
  auto dropped = IdsOf(args, "--drop-member");
  if (!dropped) return tl::make_unexpected(dropped.error());
  options.drop_members = std::move(*dropped);
  const auto cluster = IdsOf(args, "--cluster-id");
  if (!cluster) return tl::make_unexpected(cluster.error());
  if (cluster->size() > 1 || (!cluster->empty() && !options.new_cluster))
    return Fail(Errc::kUsage, {}, "--cluster-id takes one id, and goes with --new-cluster");
  if (!cluster->empty()) options.cluster_id = cluster->front();
  return options;
}

int Run(Context& context, const Args& args) {
  auto options = OptionsOf(args);
  if (!options) return Report(context, options.error());
  const auto version = VersionOf(args);
  if (!version) return Report(context, version.error());
  return RunPlan(context, args, *version, {.options = std::move(*options)});
}

}  // namespace

extern const Command kRepair = {
    .name = "repair",
    .positional = "PATH",
    .summary = "show a plan that lets etcd start; --apply or --output carries it out",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
