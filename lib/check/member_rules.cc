// SPDX-License-Identifier: Apache-2.0
#include "check/member_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "raft/conf_change.h"
#include "snap/snap.h"

namespace etcdmedic::check {
namespace {

using diag::Code;

std::string Hexes(const std::vector<uint64_t>& ids) {
  std::string out;
  for (const uint64_t id : ids) out += fmt::format("{}{:x}", out.empty() ? "" : " ", id);
  return out.empty() ? "none" : out;
}

std::string IdsOf(const cluster::Membership& membership) {
  std::vector<uint64_t> ids = membership.incomplete;
  for (const cluster::Member& member : membership.members) ids.push_back(member.id);
  std::ranges::sort(ids);
  return Hexes(ids);
}

void CheckRemoved(const member::MemberState& state, uint64_t node, diag::FindingSink& sink) {
  for (const raft::Segment& segment : state.log.segments) {
    for (const raft::EntryMark& mark : segment.marks) {
      const auto change = raft::ParseConfChange(mark);
      if (!change || change->type != raft::ConfChangeType::kRemoveNode || change->node_id != node) continue;
      sink.Add({Code::kRaftMemberRemoved,
                {segment.file, mark.offset},
                0,
                fmt::format("entry {} removes member {:x}, whose directory this is", mark.index, node)});
      return;
    }
  }
  if (!state.backend || !state.backend->membership.Removed(node)) return;
  sink.Add({Code::kRaftMemberRemoved,
            {state.layout.db.front().name, 0},
            0,
            fmt::format("bucket members_removed holds {:x}, whose directory this is", node)});
}

void CheckBackendMembers(const member::MemberState& state, uint64_t node, diag::FindingSink& sink) {
  if (!state.backend || !state.backend->consistent_index) return;
  const cluster::Membership& members = state.backend->membership;
  if (members.Count() == 0 || members.Names(node) || members.Removed(node)) return;
  if (raft::IsFreshlyRestored(state.log) ||
      raft::AddedAfter(state.log, node, *state.backend->consistent_index))
    return;
  sink.Add({Code::kDbMemberForeign,
            {state.layout.db.front().name, 0},
            0,
            fmt::format("the log is of member {:x} of cluster {:x}; the backend's members are {}", node,
                        state.log.metadata->cluster_id, IdsOf(members))});
}

// The newest .snap: against this member, and against the record that the log has of it.
void CheckSnapshotMembers(const member::MemberState& state, uint64_t node, diag::FindingSink& sink) {
  const member::SnapFile* const snap = state.NewestSnapshot();
  if (snap == nullptr || snap->content->conf_state.voters.empty()) return;
  const cluster::ConfState& told = snap->content->conf_state;
  for (const raft::SnapshotMark& mark : state.log.snapshots) {
    const auto logged = snap::ParseConfState(AsBytes(mark.conf_state));
    if (mark.index != snap->content->index || mark.conf_state.empty() || !logged) continue;
    if (logged->voters == told.voters && logged->learners == told.learners) return;
    sink.Add({Code::kSnapMemberForeign,
              {snap->file, 0},
              0,
              fmt::format("its voters are {}, those of the log's snapshot record {}", Hexes(told.voters),
                          Hexes(logged->voters))});
    return;
  }
  if (told.Holds(node) || raft::AddedAfter(state.log, node, snap->content->index)) return;
  if (state.backend && state.backend->membership.Removed(node)) return;
  sink.Add(
      {Code::kSnapMemberForeign,
       {snap->file, 0},
       0,
       fmt::format("the log is of member {:x}; the snapshot's voters are {}", node, Hexes(told.voters))});
}

}  // namespace

void CheckMembers(const member::MemberState& state, diag::FindingSink& sink) {
  if (state.backend) {
    if (const size_t learners = state.backend->membership.Learners(); learners > 1)
      sink.Add({Code::kMvccLearners,
                {state.layout.db.front().name, 0},
                0,
                fmt::format("{} members are learners", learners)});
  }
  if (!state.log.metadata) return;
  const uint64_t node = state.log.metadata->node_id;
  CheckRemoved(state, node, sink);
  CheckBackendMembers(state, node, sink);
  CheckSnapshotMembers(state, node, sink);
}

}  // namespace etcdmedic::check
