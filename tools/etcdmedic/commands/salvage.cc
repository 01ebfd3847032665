// SPDX-License-Identifier: Apache-2.0

#include "salvage/salvage.h"

#include "inputs/new_cluster_args.h"
#include "inputs/salvage_inputs.h"
#include "render/text.h"
#include "restore/founding.h"
#include "salvage/copies.h"
#include "salvage/lost_and_found.h"
#include "views/plan_output.h"
#include "views/salvage_output.h"
#include "views/shared.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kFlags[] = {
    {"--output", "DIR", "the new data directory; lost+found.ndjson beside it in there"},
    Choice("--only", "WHAT", "only what the newest meta page leads to", [] { return SplitWords("live"); }),
    {"--as-of", "REVISION", "leave out what is newer"},
    kNameFlag,
    kInitialClusterFlag,
    kInitialTokenFlag,
    kAdvertiseFlag,
};
constexpr Example kExamples[] = {
    {"salvage DIR --output salvaged", "a data directory that etcd boots from, and what is missing in it"},
};

Result<salvage::Options> OptionsOf(const Args& args) {
  salvage::Options options;
  options.live_only = args.Has("--only");
  const auto as_of = args.Number("--as-of", 0);
  if (!as_of) return tl::make_unexpected(as_of.error());
  if (*as_of > INT64_MAX) return Fail(Errc::kUsage, "", "--as-of takes a revision");
  options.as_of = static_cast<int64_t>(*as_of);
  return options;
}

// Gives what could not be given to its owner.
Result<std::vector<std::string>> WriteMember(const restore::Placement& placement,
                                             const salvage::Salvaged& salvaged, const SalvageInputs& inputs) {
  auto members = restore::NewMembers::Begin(placement);
  if (!members) return tl::make_unexpected(members.error());
  auto replaced = restore::ChangesOf(placement.cluster, MetaOf(salvaged)).replaced;
  replaced["alarm"];  // of members that are no more
  auto written = members->WriteDbs([&](bolt::PageSink& db) -> Result<void> {
    const auto built = salvage::Write(salvaged, replaced, db);
    if (!built) return tl::make_unexpected(built.error());
    return {};
  });
  if (!written) return tl::make_unexpected(written.error());
  auto left = salvage::WriteLostAndFound(salvaged, inputs.sources, [&](std::string_view lines) {
    return members->Append("lost+found.ndjson", lines);
  });
  if (left) left = members->Commit();
  if (!left) return tl::make_unexpected(left.error());
  return members->not_given();
}

int Run(Context& context, const Args& args) {
  if (!args.Has("--output")) return Report(context, {Errc::kUsage, {}, "salvage needs --output DIR"});
  auto placement = NewClusterOf(args);
  if (!placement) return Report(context, placement.error());
  const auto options = OptionsOf(args);
  if (!options) return Report(context, options.error());
  auto inputs = ReadSalvageInputs(args.positional());
  if (!inputs) return Report(context, inputs.error());
  auto copies = salvage::FindCopies(inputs->sources, options->threads);
  auto log = salvage::HistoryOf(inputs->logs, inputs->sources, copies);
  log.end_lost |= !inputs->unopened.empty();  // what is in those files may be newer
  const auto salvaged = salvage::Salvage(inputs->sources, std::move(copies), log, *options);
  if (salvaged.records().empty())
    return ReportNothingFound(context, args.positional().front(), salvaged, *options);
  placement->read = args.positional();
  placement->owner = inputs->owner;
  const auto not_given = WriteMember(*placement, salvaged, *inputs);
  if (!not_given) return Report(context, not_given.error());
  for (const Error& error : inputs->unopened) PrintError(context, error);
  WriteSalvage(context, salvaged, args.positional().front(), placement->output);
  SayNotGiven(context, *not_given);
  const int code = salvaged.losses().any() || !inputs->unopened.empty() ? kDamaged : kClean;
  return not_given->empty() ? code : code | kFailed;
}

}  // namespace

extern const Command kSalvage = {
    .name = "salvage",
    .positional = "PATH...",
    .summary = "make a data directory of every record that can be found, and say what is missing",
    .flags = kFlags,
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kDocuments,
};

}  // namespace etcdmedic::tool
