// SPDX-License-Identifier: Apache-2.0
#include "salvage/identity.h"

#include <algorithm>

#include "base/hex.h"
#include "raft/conf_change.h"

namespace etcdmedic::salvage {

bool Meet(const std::set<uint64_t>& a, const std::set<uint64_t>& b) {
  return std::ranges::any_of(a, [&](const uint64_t id) { return b.contains(id); });
}

std::set<uint64_t> MembersOf(const DbSource& db) {
  std::set<uint64_t> ids;
  for (const std::string_view bucket : {"members", "members_removed"}) {
    const auto found = db.buckets.find(bucket);
    if (found == db.buckets.end()) continue;
    for (const auto& [key, value] : found->second.entries) {
      if (const auto id = ParseHex(key)) ids.insert(*id);
    }
  }
  return ids;
}

std::set<uint64_t> MembersOf(const raft::Log& log) {
  std::set<uint64_t> ids;
  if (log.metadata) ids.insert(log.metadata->node_id);
  for (const raft::ConfChange& change : raft::ConfChanges(log)) ids.insert(change.node_id);
  if (const auto told = raft::ConfStateAt(log, UINT64_MAX)) {
    ids.insert(told->voters.begin(), told->voters.end());
    ids.insert(told->learners.begin(), told->learners.end());
  }
  return ids;
}

bool MayBeOfOneCluster(const DbSource& db, const raft::Log& log) {
  const std::set<uint64_t> by_db = MembersOf(db), by_log = MembersOf(log);
  return by_db.empty() || by_log.empty() || Meet(by_db, by_log) || raft::IsFreshlyRestored(log);
}

std::optional<LogSource> LogOfKnownMember(const LogSource& mixed, const DbSource& db) {
  const auto& segments = mixed.log.segments;
  const std::set<uint64_t> known = MembersOf(db);
  const auto of_known = [&](const raft::Segment& segment) {
    return segment.metadata && known.contains(segment.metadata->node_id);
  };
  const auto first = std::ranges::find_if(segments, of_known);
  if (MayBeOfOneCluster(db, mixed.log) || first == segments.end() || !of_known(segments.back()))
    return std::nullopt;
  std::vector<raft::SegmentInput> inputs;
  for (const raft::Segment& segment : segments) {
    if (!segment.metadata || segment.metadata == first->metadata)
      inputs.push_back({segment.file, segment.bytes});
  }
  return ReadLogSource(mixed.name, inputs);
}

}  // namespace etcdmedic::salvage
