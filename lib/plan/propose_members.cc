// SPDX-License-Identifier: Apache-2.0
// Alarms and members: records that no start gets over, and what the user asks for.
#include <fmt/format.h>

#include <algorithm>

#include "bolt/change_entries.h"
#include "cluster/members.h"
#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/rebuild.h"
#include "raft/conf_change.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

std::string Hex(uint64_t id) { return fmt::format("{:x}", id); }

// The edits of the backend's pages; nothing, and advice, where they cannot be made in place.
std::optional<std::vector<Edit>> EntryEdits(Draft& draft, const bolt::Changes& changes) {
  diag::FindingList found;
  const auto view = bolt::View::Open(Db(draft), DbName(draft), found);
  if (!view) return std::nullopt;
  auto pages = bolt::ChangeEntries(*view, changes);
  if (!pages) {
    draft.Advise(pages.error().what);
    return std::nullopt;
  }
  std::vector<Edit> edits;
  for (bolt::PageBytes& page : *pages)
    edits.push_back(WriteEdit(DbName(draft), Db(draft), page.offset, std::move(page.bytes)));
  return edits;
}

bool HasBackend(const Draft& draft) {
  return draft.state.whole() && draft.state.db_map && draft.state.db && draft.state.db->sound &&
         draft.state.backend;
}

// The entries of bucket `alarm` for which `chosen` is true.
template <class Chosen>
bolt::Changes::mapped_type AlarmsGone(const Draft& draft, const Chosen& chosen) {
  bolt::Changes::mapped_type gone;
  for (const mvcc::Alarm& alarm : draft.state.backend->alarms) {
    if (chosen(alarm)) gone[alarm.key] = std::nullopt;
  }
  return gone;
}

// ---- members

// Who is left, by what the user asks for; nothing where nothing is asked for, or it cannot be done.
std::optional<cluster::Membership> MembersLeft(Draft& draft, uint64_t self) {
  cluster::Membership left = draft.state.backend->membership;
  const PlanOptions& options = draft.options;
  const auto drops = [&](uint64_t id) {
    return (options.new_cluster && id != self) ||
           std::ranges::find(options.drop_members, id) != options.drop_members.end();
  };
  for (const uint64_t id : options.drop_members) {
    if (left.Names(id) || left.Removed(id)) continue;
    draft.Advise(fmt::format("{:x} is not a member, so it was not dropped", id));
  }
  if (drops(self)) {
    draft.Advise(
        fmt::format("{:x} is this member itself: remove it with the others' help, or its directory", self));
    return std::nullopt;
  }
  for (const cluster::Member& member : draft.state.backend->membership.members) {
    if (drops(member.id)) left.removed.push_back(member.id);
  }
  std::erase_if(left.members, [&](const cluster::Member& member) { return drops(member.id); });
  std::erase_if(left.incomplete, drops);
  if (options.new_cluster && !left.members.empty()) left.members.front().is_learner = false;
  return left;
}

bolt::Changes ChangesTo(const Draft& draft, const cluster::Membership& left) {
  const mvcc::BackendState& backend = *draft.state.backend;
  bolt::Changes changes;
  for (const cluster::Member& member : backend.membership.members) {
    if (!left.Names(member.id)) changes["members"][Hex(member.id)] = std::nullopt;
  }
  for (const uint64_t id : left.removed) {
    if (!backend.membership.Removed(id)) changes["members_removed"][Hex(id)] = "removed";
  }
  for (const cluster::Member& member : left.members) {
    const auto was = std::ranges::find(backend.membership.members, member.id, &cluster::Member::id);
    if (was->is_learner != member.is_learner)
      changes["members"][Hex(member.id)] = cluster::EncodeMember(member);
  }
  if (backend.conf_state)
    changes["meta"]["confState"] = cluster::EncodeConfStateDocument(cluster::ConfStateOf(left.members));
  auto alarms = AlarmsGone(draft, [&](const mvcc::Alarm& alarm) { return !left.Names(alarm.member_id); });
  if (!alarms.empty()) changes["alarm"] = std::move(alarms);
  return changes;
}

// Entries that change the members after the backend's index would undo what is asked for.
bool ChangesMembersAfter(const Draft& draft, uint64_t index) {
  return std::ranges::any_of(raft::ConfChanges(draft.state.log),
                             [&](const raft::ConfChange& change) { return change.index > index; });
}

std::string NamesOf(const std::vector<uint64_t>& ids) {
  std::string names;
  for (const uint64_t id : ids) names += (names.empty() ? "" : ", ") + Hex(id);
  return names;
}

// The backend without those members, and a log that begins at its index with the others as voters.
void ChangeMembers(Draft& draft, const raft::Metadata& self, const cluster::Membership& left) {
  auto base = BackendBase(draft.state);
  if (!base)
    return draft.Advise("the backend does not tell at which entry and term it is, so its members stay");
  const uint64_t commit = draft.state.log.state ? draft.state.log.state->commit : 0;
  const uint64_t last =
      std::max(std::min(commit, draft.state.log.ContiguousFrom(base->index + 1)), base->index);
  if (ChangesMembersAfter(draft, base->index))
    return draft.Advise(
        "entries that the backend has not applied change the members: start etcd on a copy first");
  base->conf_state = snap::EncodeConfState(cluster::ConfStateOf(left.members));
  base->newest_snapshot = base->index;
  base->membership = left;
  base->identity = raft::Metadata{self.node_id, draft.options.cluster_id.value_or(self.cluster_id)};
  auto edits = EntryEdits(draft, ChangesTo(draft, left));
  auto log = RebuildLog(draft.state, *base, last);
  if (!edits || !log) return;
  edits->insert(edits->end(), log->begin(), log->end());
  std::vector<uint64_t> gone;
  for (const cluster::Member& member : draft.state.backend->membership.members) {
    if (!left.Names(member.id)) gone.push_back(member.id);
  }
  Step step{.edits = std::move(*edits)};
  step.title = draft.options.new_cluster ? fmt::format("make {:x} the only member, of cluster {:x}",
                                                       self.node_id, base->identity->cluster_id)
                                         : fmt::format("drop member {} from the cluster", NamesOf(gone));
  step.why = draft.options.new_cluster
                 ? "asked for; as etcd --force-new-cluster does, without starting it"
                 : "asked for; do the same on every member that is left, before any is started";
  if (draft.state.log.last_index() > last) {
    step.safety = Safety::kLossy;
    step.lost_first = last + 1;
    step.lost_last = draft.state.log.last_index();
    step.loss = raft::NameEntries(last + 1, step.lost_last) + ", which the log does not say to be committed";
  }
  step.asked_for = true;
  draft.Add(std::move(step));
}

// A member's record as the newest .snap has it, or, without its client URLs, as the log does; nothing where
// neither knows its address.
std::optional<cluster::Member> RecordOf(const Draft& draft, uint64_t id) {
  const member::SnapFile* const newest = draft.state.NewestSnapshot();
  const auto told = newest != nullptr ? snap::ParseMembership(newest->content->store) : std::nullopt;
  for (const cluster::Member& each : told ? told->members : std::vector<cluster::Member>()) {
    if (each.id == id && !each.peer_urls.empty()) return each;
  }
  std::optional<cluster::Member> member;
  for (const raft::ConfChange& change : raft::ConfChanges(draft.state.log)) {
    if (change.node_id != id || change.peer_urls.empty()) continue;
    member = cluster::Member{
        id, change.name, change.peer_urls, {}, change.type == raft::ConfChangeType::kAddLearnerNode};
  }
  return member;
}

// Entries of bucket members without a document: one that may vote gets it back, any other is taken away.
void MendRecords(Draft& draft) {
  const auto base = BackendBase(draft.state);
  const auto voters = base ? snap::ParseConfState(AsBytes(base->conf_state)) : std::nullopt;
  if (!voters) return;
  bolt::Changes changes;
  std::vector<uint64_t> back, gone;
  for (const uint64_t id : draft.state.backend->membership.incomplete) {
    const auto record = voters->Holds(id) ? RecordOf(draft, id) : std::nullopt;
    if (voters->Holds(id) && !record) return;
    (record ? back : gone).push_back(id);
    changes["members"][Hex(id)] = record ? std::optional(cluster::EncodeMember(*record)) : std::nullopt;
  }
  if (changes.empty()) return;
  auto edits = EntryEdits(draft, changes);
  if (!edits) return;
  std::string title;
  if (!back.empty()) title = fmt::format("write the record of member {} into db again", NamesOf(back));
  if (!gone.empty())
    title += fmt::format("{}remove the empty record of member {} from db", title.empty() ? "" : ", ",
                         NamesOf(gone));
  draft.Add(WayTo(draft, std::move(title),
                  gone.empty()
                      ? "the newest .snap or the log has it; etcd 3.6 and newer panic on an empty one"
                      : "raft does not count it among those that vote, and etcd 3.6 and newer panic on it",
                  std::move(*edits)));
}

}  // namespace

// An alarm of a member that does not exist any more is never disarmed by anybody.
void PlanAlarms(Draft& draft) {
  if (!HasBackend(draft)) return;
  const mvcc::BackendState& backend = *draft.state.backend;
  if (draft.options.clear_alarms && backend.membership.Count() > 1) {
    draft.Advise(
        "alarms of a cluster of several members are cleared on all of them at once: `etcdctl alarm disarm`");
    return;
  }
  auto gone = AlarmsGone(draft, [&](const mvcc::Alarm& alarm) {
    // On one of several it would then apply what the others refuse.
    return draft.options.clear_alarms ||
           (backend.membership.Count() == 1 && !backend.membership.Names(alarm.member_id));
  });
  if (gone.empty()) return;
  const size_t count = gone.size();
  auto edits = EntryEdits(draft, {{"alarm", std::move(gone)}});
  if (!edits) return;
  Step step{.heals = {Code::kMvccAlarmActive}, .edits = std::move(*edits)};
  step.title = fmt::format("clear {} of {} alarms in db", count, backend.alarms.size());
  step.why = draft.options.clear_alarms
                 ? "asked for; etcd raises an alarm again where its cause is still there"
                 : "the member that raised it is not in the cluster; it came with a snapshot";
  draft.Add(std::move(step));
}

void PlanMembers(Draft& draft) {
  if (!HasBackend(draft)) return;
  const PlanOptions& options = draft.options;
  const auto self = IdentityOf(draft.state);
  if (!self || (!options.new_cluster && options.drop_members.empty())) return;
  const auto left = MembersLeft(draft, self->node_id);
  if (!left) return;
  const bool other_id = options.cluster_id.value_or(self->cluster_id) != self->cluster_id;
  if (ChangesTo(draft, *left).contains("members") || other_id) ChangeMembers(draft, *self, *left);
}

void HealMembers(Draft& draft) {
  if (HasBackend(draft) && Found(draft, {Code::kMvccMember})) MendRecords(draft);
}

}  // namespace etcdmedic::plan
