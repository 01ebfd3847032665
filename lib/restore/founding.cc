// SPDX-License-Identifier: Apache-2.0
#include "restore/founding.h"

#include <fmt/format.h>

#include <algorithm>

#include "mvcc/revision.h"
#include "plan/log_writer.h"
#include "raft/conf_change.h"
#include "snap/snap.h"
#include "wal/segment_name.h"

namespace etcdmedic::restore {
namespace {

using cluster::Member;
using wal::RecordType;

constexpr uint64_t kTerm = 1;

std::string Big(uint64_t number) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
  return out;
}

std::string EntryOf(const Member& member, uint64_t index) {
  const auto type =
      member.is_learner ? raft::ConfChangeType::kAddLearnerNode : raft::ConfChangeType::kAddNode;
  const std::string data = raft::EncodeConfChange(type, member.id, cluster::EncodeMember(member));
  return raft::EncodeEntry({raft::EntryType::kConfChange, kTerm, index, AsBytes(data)});
}

}  // namespace

FoundingFiles FilesOf(const cluster::NewCluster& cluster, uint64_t member_id) {
  const uint64_t commit = cluster.members.size();
  const cluster::ConfState conf_state = cluster::ConfStateOf(cluster.members);
  const raft::HardState state{kTerm, conf_state.voters.front(), commit};
  plan::LogWriter log;
  const auto append = [&log](RecordType type, const std::string& message) {
    log.Append(type, AsBytes(message));
  };
  append(RecordType::kMetadata, raft::EncodeMetadata({member_id, cluster.id}));
  append(RecordType::kSnapshot, raft::EncodeWalSnapshot({}));
  uint64_t index = 0;
  for (const Member& member : cluster.members) append(RecordType::kEntry, EntryOf(member, ++index));
  append(RecordType::kState, raft::EncodeHardState(state));
  const std::string encoded = snap::EncodeConfState(conf_state);
  append(RecordType::kSnapshot, raft::EncodeWalSnapshot({commit, kTerm, AsBytes(encoded)}));
  cluster::Membership membership;
  for (Member member : cluster.members) {
    member.name.clear();  // that a member has a name is for itself to say, when it starts
    membership.members.push_back(std::move(member));
  }
  const std::string store = snap::EncodeStore(membership);
  return {wal::FormatSegmentName({0, 0}), log.Finish(state), snap::SnapshotName(kTerm, commit),
          snap::EncodeSnapshot({commit, kTerm, conf_state, store, 0})};
}

bolt::Changes ChangesOf(const cluster::NewCluster& cluster, bolt::EntriesByKey meta) {
  bolt::Changes changes;
  changes.replaced["members_removed"];
  for (const Member& member : cluster.members)
    changes.replaced["members"][fmt::format("{:x}", member.id)] = cluster::EncodeMember(member);
  meta["consistent_index"] = Big(cluster.members.size());
  meta["term"] = Big(kTerm);
  // Releases before 3.5 do not keep it.
  if (const auto found = meta.find("confState"); found != meta.end())
    found->second = cluster::EncodeConfStateDocument(cluster::ConfStateOf(cluster.members));
  changes.replaced["meta"] = std::move(meta);
  return changes;
}

void RaiseRevision(int64_t revision, bolt::Changes& changes) {
  const std::string key = mvcc::EncodeRevisionKey({{revision, 0}, false});
  changes.appended["key"][key] = "";
  changes.replaced["meta"]["scheduledCompactRev"] = key;
}

uint64_t SafeBump(int64_t age_in_seconds) {
  const auto age = static_cast<uint64_t>(std::max<int64_t>(age_in_seconds, 0));
  return std::max(kLeastBump, age * kFastestCluster);
}

}  // namespace etcdmedic::restore
