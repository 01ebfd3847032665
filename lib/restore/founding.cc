// SPDX-License-Identifier: Apache-2.0
#include "restore/founding.h"

#include <fmt/format.h>

#include <algorithm>

#include "mvcc/revision.h"
#include "raft/conf_change.h"

namespace etcdmedic::restore {
namespace {

using cluster::Member;

constexpr uint64_t kTerm = 1;

std::string Big(uint64_t number) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
  return out;
}

std::string ChangeOf(const Member& member) {
  const auto type =
      member.is_learner ? raft::ConfChangeType::kAddLearnerNode : raft::ConfChangeType::kAddNode;
  return raft::EncodeConfChange(type, member.id, cluster::EncodeMember(member));
}

}  // namespace

plan::MemberFiles FilesOf(const cluster::NewCluster& cluster, uint64_t member_id) {
  plan::NewMember founder;
  founder.identity = {member_id, cluster.id};
  founder.index = cluster.members.size();
  founder.term = kTerm;
  founder.conf_state = cluster::ConfStateOf(cluster.members);
  founder.state = {kTerm, founder.conf_state.voters.front(), founder.index};
  std::vector<std::string> changes;
  for (const Member& member : cluster.members) {
    changes.push_back(ChangeOf(member));
    founder.membership.members.push_back(member);
    founder.membership.members.back().name.clear();  // which is for the member itself to say, when it starts
  }
  for (size_t i = 0; i < changes.size(); ++i)
    founder.entries.push_back({raft::EntryType::kConfChange, kTerm, i + 1, AsBytes(changes[i])});
  return plan::FilesOf(founder);
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
