// SPDX-License-Identifier: Apache-2.0
// The steps of a start from raft's state on: what etcd makes of the entries, and what it serves then.
#include <fmt/format.h>

#include <algorithm>

#include "raft/conf_change.h"
#include "startup/backend.h"
#include "startup/predictor.h"

namespace etcdmedic::startup {
namespace {

using diag::Code;

// Findings that do not stop a start and yet make what is served wrong, or end etcd in use.
constexpr Code kServesWrong[] = {
    Code::kDbMemberForeign, Code::kMvccRevision,  Code::kMvccValue,         Code::kMvccRevisionGap,
    Code::kMvccModRevision, Code::kMvccHistory,   Code::kMvccTombstone,     Code::kMvccSeparator,
    Code::kMvccLease,       Code::kMvccAuth,      Code::kMvccBucketMissing, Code::kDbBucket,
    Code::kDbPageZeroed,    Code::kDbPageId,      Code::kDbPageType,        Code::kDbPageOverflow,
    Code::kDbPageCount,     Code::kDbPageShared,  Code::kDbPageCycle,       Code::kDbElement,
    Code::kDbKeyOrder,      Code::kDbTreeDamaged, Code::kDbFreelistInUse,   Code::kDbPageOutOfRange};

bool MakesWrong(const diag::Finding& finding) {
  const bool grave = finding.severity >= diag::Severity::kError || finding.code == Code::kMvccTombstone;
  return grave && std::ranges::find(kServesWrong, finding.code) != std::end(kServesWrong);
}

}  // namespace

End Predictor::CheckRaftState() {
  const uint64_t commit = read_.state ? read_.state->commit : 0;
  if (commit <= Reach() && (!read_.state || commit >= snapshot_.index)) return std::nullopt;
  return Panics(fmt::format("state.commit {} is out of range [{}, {}]", commit, snapshot_.index, Reach()),
                "the recorded commit index is not within the log");
}

End Predictor::CheckReach() {
  if (!state_.whole()) return std::nullopt;
  if (ConsistentIndex() > Reach() + 1) {
    Prediction hangs =
        Hangs(fmt::format("the backend has applied entry {}, the log ends at {}: the member elects itself "
                          "and then ignores every "
                          "new entry up to {}",
                          ConsistentIndex(), Reach(), ConsistentIndex()));
    hangs.message = Hint();
    return hangs;
  }
  if (Reach() > 0) return std::nullopt;
  return Hangs("the log holds no entry and no snapshot, so no member may vote and no leader is elected");
}

// Entries after the snapshot are decoded and applied, those that the backend holds already to the membership
// alone.
End Predictor::ApplyEntries() {
  for (const raft::Segment* segment : opened_) {
    if (segment->last_undecodable > snapshot_.index && segment->last_undecodable <= Reach())
      return Panics("unmarshal should never fail",
                    fmt::format("entry {} holds a request that does not decode", segment->last_undecodable));
  }
  if (auto end = ApplyV2Requests()) return end;
  if (auto end = ApplyVersions()) return end;
  return ApplyConfChanges();
}

End Predictor::ApplyV2Requests() const {
  if (version_ < EtcdVersion{3, 6}) return std::nullopt;
  for (const raft::Segment* segment : opened_) {
    const auto after = [&](const raft::V2Requests& requests) { return requests.last > snapshot_.index; };
    if (version_ >= EtcdVersion{3, 7} && (after(segment->v2_cluster) || after(segment->v2_client)))
      return Panics(
          "unmarshal should never fail",
          fmt::format("entries up to {} hold requests of the v2 API, which 3.7 cannot read; let etcd "
                      "3.6 take a snapshot after them first",
                      std::max(segment->v2_cluster.last, segment->v2_client.last)));
    if (after(segment->v2_client))
      return Panics("detected disallowed v2 WAL for stage --v2-deprecation=write-only",
                    fmt::format("{} hold requests of v2 clients",
                                raft::NameEntries(segment->v2_client.first, segment->v2_client.last)));
  }
  return std::nullopt;
}

// 3.4 knows the v2 form alone. From 3.6 on only entries that are new to the backend set the version.
End Predictor::ApplyVersions() const {
  for (const raft::Segment* segment : opened_) {
    const auto& mark = version_ < EtcdVersion{3, 5} ? segment->v2_cluster_version : segment->cluster_version;
    if (!mark || mark->index <= snapshot_.index) continue;
    if (version_ >= EtcdVersion{3, 6} && mark->index <= ConsistentIndex()) continue;
    if (auto end = RefuseVersion(mark->version)) return end;
  }
  return std::nullopt;
}

// etcd 3.6 checks a change against the members of the backend. Where it refuses the first member of a log
// that begins with it, raft is left without voters.
End Predictor::ApplyConfChanges() const {
  if (version_ != EtcdVersion{3, 6} || snapshot_.index > 0 || !state_.backend) return std::nullopt;
  const auto changes = raft::ConfChanges(state_.log);
  if (changes.empty() || changes.front().index <= ConsistentIndex()) return std::nullopt;
  const uint64_t node = changes.front().node_id;
  if (!state_.backend->membership.Names(node)) return std::nullopt;
  return Panics(
      "removed all voters",
      fmt::format("consistent_index is {}, so entry {} adds member {:x} a second time, which etcd refuses",
                  ConsistentIndex(), changes.front().index, node));
}

// A member that is not in its own cluster.
End Predictor::RefuseOwnMember() {
  if (!state_.whole() || !state_.backend || NodeId() == 0) return std::nullopt;
  const std::string id = fmt::format("{:x}", NodeId());
  for (const raft::ConfChange& change : raft::ConfChanges(state_.log)) {
    const bool removed = change.type == raft::ConfChangeType::kRemoveNode && change.node_id == NodeId();
    if (removed && change.index > snapshot_.index && change.index <= Reach())
      return Exits("the member has been permanently removed from the cluster",
                   fmt::format("entry {} removes this member, {}", change.index, id));
  }
  if (state_.backend->membership.Removed(NodeId()))
    return Hangs(fmt::format("this member, {}, was removed from its cluster: no peer answers it", id));
  if (state_.backend->membership.Names(NodeId()) || version_ < EtcdVersion{3, 6} ||
      raft::AddedAfter(state_.log, NodeId(), ConsistentIndex()))
    return std::nullopt;
  return FailAsUnknown(
      fmt::format("the log is of member {}, which the backend's members do not include", id));
}

// Setting the attributes of a member that the backend does not know ends etcd: those that entries after the
// snapshot set, and the member's own, as soon as it is elected. 3.7 lets only the backend's members vote.
End Predictor::FailAsUnknown(const std::string& why) const {
  const bool set = std::ranges::any_of(
      opened_, [&](const raft::Segment* segment) { return segment->last_attributes > snapshot_.index; });
  if (version_ >= EtcdVersion{3, 7} && !set) return Hangs(why + ": it may not vote, and elects nobody");
  return Panics("failed to update; member unknown", why);
}

// What a start that succeeds makes of the log's end.
End Predictor::JudgeTail() {
  const uint64_t held = state_.log.last_index();
  if (repaired_ && held > Reach()) {
    const bool in_backend = ConsistentIndex() >= held;
    return Prediction{in_backend ? Outcome::kRepairsAndStarts : Outcome::kStartsAndLoses, Hint(),
                      fmt::format("etcd cuts the last segment at {} and loses what can still be read: {}",
                                  cut_, raft::NameEntries(Reach() + 1, held))};
  }
  if (held <= Reach()) return std::nullopt;
  return Prediction{
      Outcome::kStartsAndLoses, "",
      fmt::format("etcd stops reading at entry {}; entries up to {} are after a zeroed length and are "
                  "not seen",
                  Reach(), held)};
}

End Predictor::JudgeContent() {
  if (auto wrong = WrongAnswers(state_, version_))
    return Prediction{Outcome::kStartsWrong, Hint(), std::move(*wrong)};
  const auto found = std::ranges::find_if(findings_, MakesWrong);
  if (found != findings_.end() && state_.whole()) {
    return Prediction{
        Outcome::kStartsWrong, Hint(),
        fmt::format("nothing at the start notices {}: {}", InfoOf(found->code).name, found->message)};
  }
  if (!repaired_) return std::nullopt;
  return Prediction{Outcome::kRepairsAndStarts, Hint(),
                    fmt::format("etcd cuts {} at {} and keeps a .broken copy", opened_.back()->file, cut_)};
}

}  // namespace etcdmedic::startup
