// SPDX-License-Identifier: Apache-2.0
#include "check/member_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "raft/conf_change.h"
#include "startup/boot_buckets.h"

namespace etcdmedic::check {
namespace {

using diag::Code;

std::string Hexes(const std::vector<uint64_t>& ids) {
  std::string out;
  for (const uint64_t id : ids) out += fmt::format("{}{:x}", out.empty() ? "" : " ", id);
  return out.empty() ? "none" : out;
}

bool Holds(const snap::ConfState& state, uint64_t id) {
  for (const auto* ids : {&state.voters, &state.learners, &state.voters_outgoing, &state.learners_next}) {
    if (std::ranges::find(*ids, id) != ids->end()) return true;
  }
  return false;
}

bool Names(const std::vector<std::pair<std::string, std::string>>& members, const std::string& id) {
  return std::ranges::any_of(members, [&](const auto& member) { return member.first == id; });
}

std::string IdsOf(const mvcc::BackendState& backend) {
  std::string ids;
  for (const auto& [id, document] : backend.members) ids += (ids.empty() ? "" : " ") + id;
  return ids.empty() ? "none" : ids;
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
  const std::string id = fmt::format("{:x}", node);
  if (!state.backend ||
      std::ranges::find(state.backend->removed_members, id) == state.backend->removed_members.end())
    return;
  sink.Add({Code::kRaftMemberRemoved,
            {state.layout.db.front().name, 0},
            0,
            fmt::format("bucket members_removed holds {}, whose directory this is", id)});
}

void CheckBackendMembers(const member::MemberState& state, uint64_t node, diag::FindingSink& sink) {
  if (!state.backend || !state.backend->consistent_index || state.backend->members.empty()) return;
  const std::string id = fmt::format("{:x}", node);
  const auto& removed = state.backend->removed_members;
  if (Names(state.backend->members, id) || std::ranges::find(removed, id) != removed.end()) return;
  if (raft::IsFreshlyRestored(state.log) ||
      raft::AddedAfter(state.log, node, *state.backend->consistent_index))
    return;
  sink.Add({Code::kDbMemberForeign,
            {state.layout.db.front().name, 0},
            0,
            fmt::format("the log is of member {} of cluster {:x}; the backend's members are {}", id,
                        state.log.metadata->cluster_id, IdsOf(*state.backend))});
}

// The newest .snap: against this member, and against the record that the log has of it.
void CheckSnapshotMembers(const member::MemberState& state, uint64_t node, diag::FindingSink& sink) {
  const member::SnapFile* const snap = state.NewestSnapshot();
  if (snap == nullptr || snap->content->conf_state.voters.empty()) return;
  const snap::ConfState& told = snap->content->conf_state;
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
  if (Holds(told, node) || raft::AddedAfter(state.log, node, snap->content->index)) return;
  const auto removed = state.backend ? state.backend->removed_members : std::vector<std::string>();
  if (std::ranges::find(removed, fmt::format("{:x}", node)) != removed.end()) return;
  sink.Add(
      {Code::kSnapMemberForeign,
       {snap->file, 0},
       0,
       fmt::format("the log is of member {:x}; the snapshot's voters are {}", node, Hexes(told.voters))});
}

}  // namespace

void CheckMembers(const member::MemberState& state, diag::FindingSink& sink) {
  if (state.backend) {
    if (const size_t learners = startup::CountLearners(*state.backend); learners > 1)
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
