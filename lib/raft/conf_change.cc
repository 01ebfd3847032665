// SPDX-License-Identifier: Apache-2.0
#include "raft/conf_change.h"

#include <algorithm>

#include "proto/etcd_messages.h"
#include "proto/wire.h"
#include "snap/snap.h"

namespace etcdmedic::raft {
namespace {

using Fields = proto::raftpb::ConfChange;

// The context is the member as a JSON document; a removal has none.
void ReadContext(Bytes context, ConfChange& change) {
  auto document = cluster::ParseMemberDocument(AsText(context));
  if (!document) return;
  change.promote = document->is_promote;
  change.name = std::move(document->member.name);
  change.peer_urls = std::move(document->member.peer_urls);
}

void Apply(const ConfChange& change, cluster::ConfState& state) {
  std::erase(state.learners, change.node_id);
  if (change.type == ConfChangeType::kUpdateNode) return;
  std::erase(state.voters, change.node_id);
  if (change.type == ConfChangeType::kAddNode) state.voters.push_back(change.node_id);
  if (change.type == ConfChangeType::kAddLearnerNode) state.learners.push_back(change.node_id);
}

struct Base {
  uint64_t index = 0;
  cluster::ConfState state;
};

std::optional<Base> BaseFor(const Log& log, uint64_t index) {
  std::optional<Base> base;
  if (log.first_index() == 1) base.emplace();
  for (const SnapshotMark& mark : log.snapshots) {
    if (mark.index > index || mark.conf_state.empty() || (base && mark.index < base->index)) continue;
    if (auto state = snap::ParseConfState(AsBytes(mark.conf_state)))
      base = Base{mark.index, std::move(*state)};
  }
  return base;
}

}  // namespace

std::optional<ConfChange> ParseConfChange(const EntryMark& mark) {
  if (mark.type != EntryType::kConfChange) return std::nullopt;
  ConfChange change;
  change.index = mark.index;
  change.term = mark.term;
  Bytes context;
  const bool whole = proto::ForEachField(AsBytes(mark.data), [&](const proto::WireField& field) {
    switch (field.number) {
      case Fields::kType:
        return field.Number(change.type);
      case Fields::kNodeId:
        return field.Number(change.node_id);
      case Fields::kContext:
        return field.Payload(context);
      default:
        return field.number != Fields::kId || field.wire_type == proto::kVarint;
    }
  });
  if (!whole || change.type < ConfChangeType::kAddNode || change.type > ConfChangeType::kAddLearnerNode)
    return std::nullopt;
  ReadContext(context, change);
  return change;
}

std::vector<ConfChange> ConfChanges(const Log& log) {
  std::vector<ConfChange> changes;
  for (const Segment& segment : log.segments) {
    for (const EntryMark& mark : segment.marks) {
      if (log.TermAt(mark.index) != mark.term) continue;
      if (auto change = ParseConfChange(mark)) changes.push_back(std::move(*change));
    }
  }
  std::ranges::stable_sort(changes, {}, &ConfChange::index);
  return changes;
}

std::string EncodeConfChange(ConfChangeType type, uint64_t node_id, std::string_view context) {
  std::string out;
  proto::AppendNumber(Fields::kId, 0, out);
  proto::AppendNumber(Fields::kType, static_cast<uint64_t>(type), out);
  proto::AppendNumber(Fields::kNodeId, node_id, out);
  proto::AppendDelimited(Fields::kContext, context, out);
  return out;
}

std::optional<cluster::ConfState> ConfStateAt(const Log& log, uint64_t index) {
  auto base = BaseFor(log, index);
  if (!base) return std::nullopt;
  for (const ConfChange& change : ConfChanges(log)) {
    if (change.index > base->index && change.index <= index) Apply(change, base->state);
  }
  std::ranges::sort(base->state.voters);
  std::ranges::sort(base->state.learners);
  return base->state;
}

uint64_t EntriesOfRestore(const Log& log) {
  if (log.first_index() != 1) return 0;
  uint64_t count = 0;
  for (const ConfChange& change : ConfChanges(log)) {
    if (change.index != count + 1 || change.term != 1) break;
    ++count;
  }
  const bool marked = std::ranges::any_of(log.snapshots, [&](const SnapshotMark& mark) {
    return mark.index > 0 && mark.index == count && mark.term == 1;
  });
  return marked ? count : 0;
}

uint64_t ReplacedUpTo(const Log& log) {
  uint64_t index = 0;
  for (const SnapshotMark& mark : log.snapshots) {
    const auto term = log.TermAt(mark.index);
    if (term && *term != mark.term) index = std::max(index, mark.index);
  }
  return index;
}

bool BeginsEmpty(const Log& log) {
  return log.first_index() == 1 && EntriesOfRestore(log) == 0 && ReplacedUpTo(log) == 0;
}

uint64_t CommittedIn(const Log& log) {
  uint64_t committed = log.state ? log.state->commit : 0;
  for (const SnapshotMark& mark : log.snapshots) committed = std::max(committed, mark.index);
  const auto conf_state = ConfStateAt(log, log.last_index());
  const bool alone = conf_state && log.metadata && conf_state->voters.size() == 1 &&
                     conf_state->voters.front() == log.metadata->node_id;
  return alone ? std::max(committed, log.last_index()) : committed;
}

bool AddedAfter(const Log& log, uint64_t node, uint64_t index) {
  return std::ranges::any_of(ConfChanges(log), [&](const ConfChange& change) {
    const bool adds =
        change.type == ConfChangeType::kAddNode || change.type == ConfChangeType::kAddLearnerNode;
    return adds && change.node_id == node && change.index > index;
  });
}

bool IsFreshlyRestored(const Log& log) {
  const uint64_t entries = EntriesOfRestore(log);
  return entries > 0 && entries == log.last_index();
}

}  // namespace etcdmedic::raft
