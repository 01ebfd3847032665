// SPDX-License-Identifier: Apache-2.0
#include "check/member_facts.h"

#include <algorithm>

#include "raft/conf_change.h"

namespace etcdmedic::check {
namespace {

LogPlace LastOf(const member::MemberState& state) {
  LogPlace last;
  for (const raft::SnapshotMark& mark : state.log.snapshots) last = std::max(last, {mark.term, mark.index});
  if (!state.log.surviving.empty()) {
    const raft::Run& run = state.log.surviving.back();
    last = std::max(last, {run.term, run.last});
  }
  return last;
}

void Take(const cluster::Membership& membership, MemberFacts& facts) {
  for (const cluster::Member& member : membership.members) facts.names.emplace_back(member.id, member.name);
  facts.removed = membership.removed;
}

void ReadMembers(const member::MemberState& state, MemberFacts& facts) {
  if (!state.backend || !state.db || !state.db->meta) return;
  const cluster::ConfState conf_state = cluster::ConfStateOf(state.backend->membership.members);
  facts.voters = conf_state.voters;
  facts.learners = conf_state.learners;
  Take(state.backend->membership, facts);
  facts.config_index = facts.applied;
}

// Where there is no backend: the newest snapshot that etcd can read, else the log from its first entry.
void ReadSnapshotMembers(const member::MemberState& state, MemberFacts& facts) {
  const member::SnapFile* const snapshot = state.NewestSnapshot();
  if (snapshot == nullptr) return;
  facts.voters = snapshot->content->conf_state.voters;
  facts.learners = snapshot->content->conf_state.learners;
  facts.config_index = snapshot->content->index;
  if (const auto membership = snap::ParseMembership(snapshot->content->store)) Take(*membership, facts);
}

void Apply(const raft::ConfChange& change, MemberFacts& facts) {
  using Type = raft::ConfChangeType;
  if (change.type == Type::kUpdateNode) return;
  std::erase(facts.learners, change.node_id);
  std::erase(facts.voters, change.node_id);
  if (change.type == Type::kAddNode) facts.voters.push_back(change.node_id);
  if (change.type == Type::kAddLearnerNode) facts.learners.push_back(change.node_id);
  if (change.type == Type::kRemoveNode) facts.removed.push_back(change.node_id);
  if (!change.name.empty()) facts.names.emplace_back(change.node_id, change.name);
}

// Changes that are committed and that the backend has not applied.
void ApplyLaterChanges(const raft::Log& log, MemberFacts& facts) {
  for (const raft::ConfChange& change : raft::ConfChanges(log)) {
    if (change.index <= facts.config_index || change.index > facts.commit) continue;
    Apply(change, facts);
    facts.config_index = change.index;
  }
}

}  // namespace

MemberFacts FactsOf(const member::MemberState& state, const Report& report) {
  MemberFacts facts;
  facts.path = state.layout.given;
  if (state.log.metadata) {
    facts.id = state.log.metadata->node_id;
    facts.cluster_id = state.log.metadata->cluster_id;
  }
  facts.first_index = state.log.first_index();
  facts.last = LastOf(state);
  if (state.log.state) {
    facts.term = state.log.state->term;
    facts.commit = state.log.state->commit;
  }
  if (state.backend) {
    facts.applied = state.backend->consistent_index.value_or(0);
    facts.revision = state.backend->revision.value_or(1);
  }
  facts.commit = std::max(facts.commit, facts.applied);
  for (const raft::SnapshotMark& mark : state.log.snapshots)
    facts.commit = std::max(facts.commit, mark.index);
  facts.outcome = report.prediction.outcome;
  facts.sound = report.sound();
  ReadMembers(state, facts);
  if (facts.voters.empty()) ReadSnapshotMembers(state, facts);
  ApplyLaterChanges(state.log, facts);
  const auto name = std::ranges::find(facts.names, facts.id, &std::pair<uint64_t, std::string>::first);
  facts.name = name == facts.names.end() || name->second.empty() ? facts.path : name->second;
  return facts;
}

}  // namespace etcdmedic::check
