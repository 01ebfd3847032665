// SPDX-License-Identifier: Apache-2.0
#include "plan/proposal.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/draft.h"

namespace etcdmedic::plan {
namespace {

using diag::Code;

bool CannotBeRepaired(Draft& draft) {
  if (draft.state.layout.given == "-") {
    draft.Advise("standard input cannot be repaired: name the file");
    return true;
  }
  if (!draft.state.complete()) {
    draft.Advise("not every file could be opened, and a plan made without it could do harm: see verify");
    return true;
  }
  for (const member::File& file : draft.state.layout.segments) {
    if (!file.name.ends_with(".zst") && !file.name.ends_with(".gz")) continue;
    draft.Advise("a compressed file cannot be repaired in place: unpack it first");
    return true;
  }
  return false;
}

// Also where a damaged segment is between the two, so that no rule compares them.
bool HasForeignMetadata(Draft& draft) {
  for (const raft::Segment& segment : draft.state.log.segments) {
    if (!segment.foreign) continue;
    draft.Advise(fmt::format(
        "{} is of member {:x} of cluster {:x}, the rest of the log of member {:x} of cluster {:x}: nothing "
        "is joined with it",
        segment.file, segment.metadata->node_id, segment.metadata->cluster_id,
        draft.state.log.metadata->node_id, draft.state.log.metadata->cluster_id));
    return true;
  }
  return false;
}

// Parts of different members or histories are never joined into one log.
bool IsForeign(Draft& draft) {
  constexpr Code kForeign[] = {Code::kWalSegmentForeign, Code::kWalMetadataConflict, Code::kDbMemberForeign,
                               Code::kSnapMemberForeign, Code::kMvccTerm};
  for (const diag::Finding& finding : draft.report.findings) {
    if (std::ranges::find(kForeign, finding.code) == std::end(kForeign)) continue;
    if (finding.code == Code::kMvccTerm && draft.RecordsProven()) continue;  // only the term is wrong
    draft.Advise(
        fmt::format("{} does not belong here ({}), so nothing is joined with it. Bring back the part that "
                    "does, or remove this "
                    "member from its cluster and add it again",
                    finding.where.file, finding.message));
    return true;
  }
  if (witness::HistoriesDiffer(draft.report.findings)) {
    draft.Advise(
        "the parts of this member have different histories, so nothing is combined or cut: compare with the "
        "other members, then replace this one or restore a snapshot");
    return true;
  }
  return HasForeignMetadata(draft);
}

}  // namespace

Proposal ProposeSteps(const member::MemberState& state, const check::Report& report,
                      const PlanOptions& options, const std::set<std::string>& refused) {
  Draft draft{state, report, options, refused};
  const std::vector<Step>& steps = draft.proposal.steps;
  // The first kind of step that there is something to do for.
  if (options.migrate_to) {
    PlanMigration(draft);
    return std::move(draft.proposal);
  }
  PlanModes(draft);
  if (!steps.empty() || CannotBeRepaired(draft)) return std::move(draft.proposal);
  PlanHealings(draft);
  PlanTailGarbage(draft);
  PlanSnapshots(draft);
  PlanLeftovers(draft);
  if (steps.empty()) PlanCopies(draft);
  if (steps.empty()) PlanRenames(draft);
  if (steps.empty()) PlanEmptySegments(draft);
  if (!steps.empty() || IsForeign(draft)) return std::move(draft.proposal);
  PlanBackend(draft);
  if (steps.empty()) PlanNewerSnapshots(draft);
  if (steps.empty() && !PlanRebuild(draft)) PlanTailCut(draft);
  if (steps.empty()) PlanRecordsOfSiblings(draft);
  if (steps.empty()) PlanAlarms(draft);
  if (steps.empty()) PlanMembers(draft);
  return std::move(draft.proposal);
}

}  // namespace etcdmedic::plan
