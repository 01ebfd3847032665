// SPDX-License-Identifier: Apache-2.0
// A proposal in the making: what is known of the member, and one function for each kind of step. Used by
// ProposeSteps alone.
#pragma once

#include "plan/proposal.h"

namespace etcdmedic::plan {

struct Draft {
  const member::MemberState& state;
  const check::Report& report;
  const PlanOptions& options;
  const std::set<std::string>& refused;
  Proposal proposal = {};

  // A step of that title was tried and does not help: what it would need is not to be made once more.
  bool WasRefused(const std::string& title) const { return refused.contains(title); }
  // Gives whether the step is proposed, which it is not where it was refused before.
  bool Add(Step step) {
    if (WasRefused(step.title)) return false;
    proposal.steps.push_back(std::move(step));
    return true;
  }
  void Advise(std::string advice) { proposal.advice.push_back(std::move(advice)); }

  // The newest .snap that the log knows, as etcd will find it after the steps above.
  uint64_t SnapshotIndex() const;
  uint64_t Applied() const;
  // Everything that the log holds or is known to have held.
  uint64_t KnownReach() const;
  // The log holds every entry up to its end, from the one after `index`, or from the first one and an empty
  // member.
  bool LeadsOnFrom(uint64_t index) const;
  bool WholeFromTheStart() const;
  // A fault that no cut of the tail can repair.
  bool NeedsRebuild() const;
  bool HasInnerDamage() const;
  bool HasNamingFault() const;
  // Whether the log still has its end: not where the backend knows of entries after it.
  bool TailWhole() const;
  bool AllSegmentsEmpty() const;
  size_t Members() const;
  // The log proves records of the backend, and contradicts none.
  bool RecordsProven() const;
  // What is wrong with one file.
  std::vector<diag::Code> CodesOf(const std::string& file) const;
  std::vector<diag::Code> CodesOfLog() const;
};

// The segments, to be read once more.
std::vector<raft::SegmentInput> LogInputs(const Draft& draft);

// A segment without a record and without damage.
bool IsEmpty(const raft::Segment& segment);

// Owners and modes.
void PlanModes(Draft& draft);

// Bytes that are put right and files that no start of etcd uses: proven, and nothing is lost.
void PlanHealings(Draft& draft);
void PlanTailGarbage(Draft& draft);
void PlanSnapshots(Draft& draft);
void PlanLeftovers(Draft& draft);

// Segments that are not under their own name, or hold nothing.
void PlanCopies(Draft& draft);
void PlanRenames(Draft& draft);
void PlanEmptySegments(Draft& draft);

// The backend changed in place, taken back to an older state, or left to be built again from the log.
void PlanBackend(Draft& draft);

// What lets etcd continue from a backend that has applied entries up to `applied` only: newer .snap files are
// set aside, and where the release takes the snapshot from the log, it is written without their records.
// Nothing where the log does not lead on from there to its end.
std::optional<std::vector<Edit>> EditsForOlderBackend(const Draft& draft, uint64_t applied);

// The log rewritten with entries of other members; gives whether that is proposed.
bool PlanBorrowed(Draft& draft);
// Single records of the backend, as other members have them.
void PlanRecordsOfSiblings(Draft& draft);

// The log rewritten. PlanRebuild gives true also where only that would help and it cannot be done.
void PlanNewerSnapshots(Draft& draft);
bool PlanRebuild(Draft& draft);

// What the user asks for, or what no start of etcd gets over.
void PlanAlarms(Draft& draft);
void PlanMembers(Draft& draft);
void PlanMigration(Draft& draft);

// The end of the last segment.
void PlanTailCut(Draft& draft);

}  // namespace etcdmedic::plan
