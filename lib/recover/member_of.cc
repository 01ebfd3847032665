// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/try.h"
#include "raft/conf_change.h"
#include "recover/recovery.h"
#include "replay/backend_writer.h"

namespace etcdmedic::recover {
namespace {

using member::MemberState;

constexpr uint32_t kPageSize = 4096;  // of a backend that began with nothing

cluster::ConfState ConfStateOf(const MemberState& state, const replay::Machine& machine) {
  const cluster::ConfState& told = machine.cluster().conf_state();
  if (!told.voters.empty()) return told;
  return raft::ConfStateAt(state.log, machine.index()).value_or(cluster::ConfState());
}

// The newest .snap up to the entry, for what an old backend does not hold.
cluster::Membership MembershipOfSnap(const MemberState& state, uint64_t index) {
  for (const member::SnapFile& file : state.snapshots) {
    if (!file.content || file.content->index > index) continue;
    return snap::ParseMembership(file.content->store).value_or(cluster::Membership());
  }
  return {};
}

cluster::Membership MembershipOf(const MemberState& state, const replay::Machine& machine,
                                 const cluster::ConfState& conf_state) {
  const replay::ClusterState& now = machine.cluster();
  cluster::Membership membership;
  for (const auto& [id, member] : now.members()) membership.members.push_back(member);
  membership.removed.assign(now.removed().begin(), now.removed().end());
  membership.cluster_version = now.version();
  const cluster::Membership old = MembershipOfSnap(state, machine.index());
  if (membership.cluster_version.empty()) membership.cluster_version = old.cluster_version;
  for (const cluster::Member& member : old.members) {
    if (conf_state.Holds(member.id) && !membership.Names(member.id)) membership.members.push_back(member);
  }
  std::ranges::sort(membership.members, {}, &cluster::Member::id);
  return membership;
}

uint64_t TermOf(const MemberState& state, const replay::Machine& machine) {
  if (machine.term() != 0) return machine.term();
  if (const auto term = state.log.TermAt(machine.index())) return *term;
  for (const raft::SnapshotMark& mark : state.log.snapshots) {
    if (mark.index == machine.index()) return mark.term;
  }
  return state.log.state ? state.log.state->term : 0;
}

// A vote once given stays given.
raft::HardState HardStateOf(const MemberState& state, uint64_t index, uint64_t term) {
  raft::HardState hard = state.log.state.value_or(raft::HardState{});
  if (hard.term < term) hard = {term, 0, 0};
  hard.commit = index;
  return hard;
}

// The log's promise to the others: what it has acknowledged it still holds, and nothing else is applied.
bool KeepsItsPromise(const Recovery& recovery) {
  const uint64_t end = recovery.after.empty() ? recovery.machine.index() : recovery.after.back().index;
  return !recovery.target.past() && !recovery.target.uncommitted && end >= recovery.extent.last;
}

raft::EntryType TypeOf(const replay::LogEntry& entry) {
  if (entry.form == raft::RequestForm::kConfChange) return raft::EntryType::kConfChange;
  if (entry.form == raft::RequestForm::kConfChangeV2) return raft::EntryType::kConfChangeV2;
  return raft::EntryType::kNormal;
}

}  // namespace

std::vector<std::string> LossesOf(const Recovery& recovery) {
  std::vector<std::string> losses;
  const replay::Machine& machine = recovery.machine;
  if (const uint64_t index = machine.index(); !recovery.target.past() && index < recovery.extent.committed) {
    losses.push_back(
        fmt::format("what entries {} to {} did: they were committed, and the log does not hold all of them",
                    index + 1, recovery.extent.committed));
  }
  if (const int64_t compacted = machine.keys().compacted(); compacted > 1)
    losses.push_back(fmt::format("the history before revision {}: it was compacted", compacted));
  if (recovery.by_history) {
    losses.push_back(
        fmt::format("leases, users, roles, members and alarms of then: they are taken as of revision {}",
                    recovery.base->current_revision()));
  }
  if (const auto& users = machine.lost_passwords(); !users.empty()) {
    losses.push_back(fmt::format("the passwords of {}, which a log of etcd 3.4 does not tell: set them again",
                                 fmt::join(users, ", ")));
  }
  for (const std::string& file : recovery.extent.foreign)
    losses.push_back(fmt::format("what belongs in place of {}, a segment of another member", file));
  if (recovery.unknown > 0)
    losses.push_back(fmt::format("what {} entries did whose requests are not known", recovery.unknown));
  return losses;
}

Result<plan::NewMember> MemberOf(const MemberState& state, const Recovery& recovery) {
  const std::string& place = state.layout.given;
  if (!state.log.metadata)
    return Fail(Errc::kRefused, place,
                "no log says which member of which cluster this is; --snapshot writes a snapshot instead");
  const replay::Machine& machine = recovery.machine;
  plan::NewMember member;
  member.identity = *state.log.metadata;
  member.index = machine.index();
  member.term = TermOf(state, machine);
  member.conf_state = ConfStateOf(state, machine);
  member.membership = MembershipOf(state, machine, member.conf_state);
  member.state = HardStateOf(state, member.index, member.term);
  if (member.index == 0 || member.term == 0 || member.conf_state.voters.empty())
    return Fail(Errc::kRefused, place, fmt::format("nothing says who votes after entry {}", member.index));
  for (const uint64_t id : member.conf_state.voters) {
    if (!member.membership.Names(id))
      return Fail(Errc::kRefused, place, fmt::format("no file has the URLs of member {:x}", id));
  }
  const size_t members = member.conf_state.voters.size() + member.conf_state.learners.size();
  if (members > 1 && !KeepsItsPromise(recovery)) {
    return Fail(Errc::kRefused, place,
                fmt::format("it is one of {} members, and the others would not accept a member that has "
                            "forgotten entries: write a "
                            "snapshot with --snapshot, and restore every member from it",
                            members));
  }
  for (const replay::LogEntry& entry : recovery.after)
    member.entries.push_back({TypeOf(entry), entry.term, entry.index, entry.body});
  return member;
}

Result<void> WriteBackend(const Recovery& recovery, bolt::PageSink& db) {
  const uint32_t page_size = recovery.base ? recovery.base->view().meta().page_size : kPageSize;
  bolt::Builder builder(db, {.page_size = page_size});
  auto written = replay::WriteBackend(recovery.machine, recovery.base ? &*recovery.base : nullptr, builder);
  return written ? Result<void>() : Propagate(written);
}

}  // namespace etcdmedic::recover
