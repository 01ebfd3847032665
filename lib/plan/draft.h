// SPDX-License-Identifier: Apache-2.0
// A proposal in the making: what is known of the member, and one function for each kind of step. Used by
// ProposeSteps alone.
#pragma once

#include "plan/proposal.h"

namespace etcdmedic::plan {

struct Draft {
  const member::MemberState& state;
  const check::Report& report;
  Proposal proposal = {};

  void Add(Step step) { proposal.steps.push_back(std::move(step)); }
  void Advise(std::string advice) { proposal.advice.push_back(std::move(advice)); }

  // The newest .snap that the log knows, as etcd will find it after the steps above.
  uint64_t SnapshotIndex() const;
  uint64_t Applied() const;
  // Everything that the log holds or is known to have held.
  uint64_t KnownReach() const;
  bool WholeFromTheStart() const;
  // A fault that no cut of the tail can repair.
  bool NeedsRebuild() const;
  bool HasInnerDamage() const;
  bool HasNamingFault() const;
  // Whether the log still has its end: not where the backend knows of entries after it.
  bool TailWhole() const;
  bool AllSegmentsEmpty() const;
  size_t Members() const;
  // What is wrong with one file.
  std::vector<diag::Code> CodesOf(const std::string& file) const;
  std::vector<diag::Code> CodesOfLog() const;
};

// A segment without a record and without damage.
bool IsEmpty(const raft::Segment& segment);

// Bytes that are put right and files that no start of etcd uses: proven, and nothing is lost.
void PlanHealings(Draft& draft);
void PlanTailGarbage(Draft& draft);
void PlanSnapshots(Draft& draft);
void PlanLeftovers(Draft& draft);

// Segments that are not under their own name, or hold nothing.
void PlanCopies(Draft& draft);
void PlanRenames(Draft& draft);
void PlanEmptySegments(Draft& draft);

// The log rewritten. PlanRebuild gives true also where only that would help and it cannot be done.
void PlanNewerSnapshots(Draft& draft);
bool PlanRebuild(Draft& draft);

// The end of the last segment.
void PlanTailCut(Draft& draft);

}  // namespace etcdmedic::plan
