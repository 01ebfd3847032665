// SPDX-License-Identifier: Apache-2.0
// The steps of a start that read the backend and the .snap.
#include <fmt/format.h>

#include <algorithm>

#include "mvcc/revision.h"
#include "snap/snap.h"
#include "startup/backend.h"
#include "startup/predict_buckets.h"
#include "startup/predictor.h"
#include "startup/predict_snap_db.h"

namespace etcdmedic::startup {
namespace {

using diag::Code;

// A new member's own first entries: it joins itself, elects itself, and publishes its name. A backend that
// has applied more ignores that publication, so the member never becomes ready.
constexpr uint64_t kFirstPublication = 3;

}  // namespace

uint64_t Predictor::ConsistentIndex() const {
  if (applied_) return *applied_;
  return state_.backend ? state_.backend->consistent_index.value_or(0) : 0;
}

End Predictor::OpenBackend() {
  if (!state_.db) return RefuseIndex(state_);
  if (auto end = FailToOpen(*state_.db, state_.db_map->bytes(), version_)) return end;
  return RefuseIndex(state_);
}

// Without a segment etcd takes this for a new member, whatever the backend holds.
End Predictor::StartWithoutLog() {
  if (!segments_.empty()) return std::nullopt;
  if (!state_.whole()) return Prediction{};
  if (ConsistentIndex() >= kFirstPublication) {
    return Hangs(
        fmt::format("there is no log, so etcd begins a new one at entry 1, while the backend has applied "
                    "entry {}: new entries up to there are ignored",
                    ConsistentIndex()));
  }
  const bool bare = !state_.has_db && state_.snapshots.empty();
  return Prediction{bare ? Outcome::kStarts : Outcome::kStartsAndLoses, "",
                    "there is no log, so etcd takes this for a new member and bootstraps or joins"};
}

End Predictor::ChooseSnapshot() {
  if (version_ >= EtcdVersion{3, 7}) {
    if (!records_.empty()) snapshot_ = records_.back();
    return std::nullopt;
  }
  for (const member::SnapFile& file : state_.snapshots) {
    if (!file.content) continue;
    const WalSnapshotKey key{file.content->term, file.content->index};
    if (std::ranges::find(records_, key) == records_.end()) continue;
    snapshot_ = key;
    snap_file_ = &file;
    break;
  }
  return std::nullopt;
}

End Predictor::RefuseV2Content() {
  if (version_ != EtcdVersion{3, 6} || snap_file_ == nullptr) return std::nullopt;
  const snap::ClientKeys keys = snap::FindClientKeys(snap_file_->content->store);
  if (!keys.refused) return std::nullopt;
  return Exits(
      "illegal v2store content",
      fmt::format("{} holds keys of the v2 API ({}); etcd 3.5 can delete them and take a snapshot after",
                  snap_file_->file, keys.first.empty() ? "folders only" : keys.first.front()));
}

End Predictor::InstallSnapshotDb() {
  if (!state_.whole()) return std::nullopt;
  uint64_t applied = ConsistentIndex();
  auto end = TakeSnapDb(state_, version_, snapshot_.index, applied);
  if (!end) applied_ = applied;
  // Up to 3.5 the backend is compared with the snapshot only after the members and the keys have been read.
  const bool later = end && end->outcome == Outcome::kExits && version_ < EtcdVersion{3, 6};
  if (later) end.swap(mismatch_);
  return end;
}

// A backend that a newer release has written to.
End Predictor::ValidateSchema() {
  if (version_ < EtcdVersion{3, 6} || !state_.backend) return std::nullopt;
  const auto stored = ParseEtcdVersion(state_.backend->storage_version);
  if (!stored || *stored <= version_) return std::nullopt;
  return Exits(fmt::format("version \"{}.{}.0\" is not supported", stored->major, stored->minor),
               fmt::format("the backend's storageVersion is {}, and etcd does not downgrade it at a start",
                           state_.backend->storage_version));
}

End Predictor::RefuseVersion(const std::string& cluster_version) const {
  const auto cluster = ParseEtcdVersion(cluster_version);
  if (!cluster || *cluster <= version_) return std::nullopt;
  const std::string why = fmt::format("the cluster's version is {}", cluster_version);
  if (version_ < EtcdVersion{3, 5}) return Exits("cluster cannot be downgraded", why);
  if (version_ < EtcdVersion{3, 6})
    return Exits("invalid downgrade; server version is lower than determined cluster version", why);
  return Panics("invalid downgrade; server version is lower than determined cluster version", why);
}

// While a downgrade is under way, 3.5 joins only where it is the release that is wanted.
End Predictor::RefuseDowngrade() const {
  const auto target = ParseEtcdVersion(state_.backend ? state_.backend->downgrade_target : "");
  if (version_ != EtcdVersion{3, 5} || !target || *target == version_) return std::nullopt;
  return Exits("invalid downgrade; server version is not allowed to join when downgrade is enabled",
               fmt::format("the cluster is being downgraded to {}.{}", target->major, target->minor));
}

// Up to 3.5 members and version come from the v2 store in the .snap.
End Predictor::RecoverFromStore() const {
  if (auto end = RefuseDowngrade()) return end;
  if (snap_file_ == nullptr) return std::nullopt;
  const auto membership = snap::ParseMembership(snap_file_->content->store);
  if (!membership) return Panics("failed to recover from snapshot", "the .snap does not hold a v2 store");
  if (!membership->incomplete.empty())
    return Panics("failed to nodeToMember",
                  fmt::format("member {:x} has no raftAttributes in the v2 store of {}",
                              membership->incomplete.front(), snap_file_->file));
  return RefuseVersion(membership->cluster_version);
}

End Predictor::RecoverFromBackend() const {
  if (!state_.backend) return std::nullopt;
  if (auto end = RefuseMembers(state_, version_)) return end;
  if (auto end = RefuseVersion(state_.backend->membership.cluster_version)) return end;
  constexpr size_t kMostLearners = 1;  // --max-learners
  const auto learners = state_.backend->membership.Learners();
  if (learners <= kMostLearners) return std::nullopt;
  return Exits(
      "too many learner members in cluster",
      fmt::format("{} members are learners, and --max-learners is {} by default", learners, kMostLearners));
}

End Predictor::RecoverMembership() {
  return version_ < EtcdVersion{3, 6} ? RecoverFromStore() : RecoverFromBackend();
}

// Leases, keys, users and alarms, in this order.
End Predictor::RestoreStore() {
  if (!state_.backend) return mismatch_;
  if (auto end = RefuseLeases(state_)) return end;
  if (auto end = RefuseCompaction(state_, version_)) return end;
  for (const diag::Finding& finding : findings_) {
    const bool empty = finding.length == mvcc::kRevisionSize;  // which etcd reads as an empty KeyValue
    const bool taken = version_ >= EtcdVersion{3, 7} && IsAnyMessage(state_, finding);
    if (finding.code == Code::kMvccValue && !empty && !taken)
      return Exits(
          version_ < EtcdVersion{3, 5} ? "cannot unmarshal event" : "failed to unmarshal mvccpb.KeyValue",
          finding.message);
    if (finding.code == Code::kMvccRevision && version_ >= EtcdVersion{3, 6})
      return Panics(RevisionError(state_, finding), "bucket key holds a key that is not a revision");
  }
  if (mismatch_) return mismatch_;
  return RefuseAuthAndAlarms(state_, version_);
}

}  // namespace etcdmedic::startup
