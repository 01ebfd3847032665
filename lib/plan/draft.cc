// SPDX-License-Identifier: Apache-2.0
#include "plan/draft.h"

#include <algorithm>

#include "raft/conf_change.h"

namespace etcdmedic::plan {

using diag::Code;

std::vector<raft::SegmentInput> LogInputs(const Draft& draft) {
  std::vector<raft::SegmentInput> inputs;
  for (const raft::Segment& segment : draft.state.log.segments)
    inputs.push_back({segment.file, segment.bytes});
  return inputs;
}

bool IsEmpty(const raft::Segment& segment) { return segment.chain.records == 0 && segment.damages.empty(); }

uint64_t Draft::SnapshotIndex() const {
  for (const member::SnapFile& file : state.snapshots) {
    if (!file.content) continue;
    for (const raft::SnapshotMark& mark : state.log.snapshots) {
      if (mark.index == file.content->index && mark.term == file.content->term) return mark.index;
    }
  }
  return 0;
}

uint64_t Draft::Applied() const { return state.backend ? state.backend->consistent_index.value_or(0) : 0; }

uint64_t Draft::KnownReach() const {
  uint64_t reach = std::max(state.log.last_index(), state.log.state ? state.log.state->commit : 0);
  for (const raft::SnapshotMark& mark : state.log.snapshots) reach = std::max(reach, mark.index);
  return reach;
}

bool Draft::WholeFromTheStart() const {
  // Entries that a leader's snapshot replaced were perhaps never those of the cluster.
  return LeadsOnFrom(0) && raft::BeginsEmpty(state.log);
}

bool Draft::LeadsOnFrom(uint64_t index) const {
  const auto& segments = state.log.segments;
  return !segments.empty() && segments.front().name && segments.front().name->index <= index &&
         KnownReach() > 0 && state.log.ContiguousFrom(index + 1) >= KnownReach() && !HasInnerDamage() &&
         !HasNamingFault();
}

bool Draft::NeedsRebuild() const {
  if (!state.whole()) return false;
  const uint64_t start = SnapshotIndex();
  const auto& segments = state.log.segments;
  if (segments.empty() || AllSegmentsEmpty()) return state.backend.has_value() && Applied() > 0;
  if (Applied() > std::max(state.log.last_index(), start) + 1) return true;
  if (segments.front().name && segments.front().name->index > start) return true;
  const uint64_t reach = KnownReach();
  if (std::max(state.log.ContiguousFrom(start + 1), start) < reach) return true;
  return HasInnerDamage() || HasNamingFault();
}

bool Draft::HasInnerDamage() const {
  for (size_t i = 0; i < state.log.segments.size(); ++i) {
    for (const wal::Damage& damage : state.log.segments[i].damages) {
      const bool tail = i + 1 == state.log.segments.size() && !damage.followed;
      if (damage.healings.empty() && !tail) return true;
    }
  }
  return false;
}

bool Draft::HasNamingFault() const {
  return std::ranges::any_of(report.findings, [](const diag::Finding& finding) {
    return finding.code == Code::kWalSegmentMissing || finding.code == Code::kWalSegmentMisnamed ||
           finding.code == Code::kWalSeedWrong;
  });
}

bool Draft::TailWhole() const {
  if (state.log.segments.empty()) return false;
  const raft::Segment& last = state.log.segments.back();
  if (Applied() > KnownReach()) return false;
  const bool cut = std::ranges::any_of(
      last.damages, [](const wal::Damage& damage) { return damage.healings.empty() && !damage.followed; });
  return last.chain.end_proven && !cut && !IsEmpty(last);
}

bool Draft::AllSegmentsEmpty() const { return std::ranges::all_of(state.log.segments, IsEmpty); }

bool Draft::RecordsProven() const {
  return state.witness && !state.witness->proven.empty() && state.witness->findings.empty();
}

size_t Draft::Members() const { return state.backend ? state.backend->membership.Count() : 0; }

std::vector<Code> Draft::CodesOf(const std::string& file) const {
  std::vector<Code> codes;
  for (const diag::Finding& finding : report.findings) {
    if (finding.where.file == file && finding.severity > diag::Severity::kNote) codes.push_back(finding.code);
  }
  return codes;
}

std::vector<Code> Draft::CodesOfLog() const {
  std::vector<Code> codes;
  for (const diag::Finding& finding : report.findings) {
    const std::string_view name = diag::InfoOf(finding.code).name;
    const bool log = name.starts_with("WAL-") || name.starts_with("RAFT-") || name.starts_with("DB-") ||
                     finding.code == Code::kSnapOutOfReach;
    if (!log || finding.severity <= diag::Severity::kNote) continue;
    if (std::ranges::find(codes, finding.code) == codes.end()) codes.push_back(finding.code);
  }
  return codes;
}

}  // namespace etcdmedic::plan
