// SPDX-License-Identifier: Apache-2.0
#include "member/origin.h"

#include <algorithm>

#include "diag/naming_sink.h"
#include "mvcc/backend.h"
#include "raft/entry.h"
#include "wal/frame.h"

namespace etcdmedic::member {
namespace {

constexpr int kHeadRecords = 8;  // etcd begins a segment with its CRC and the metadata

std::optional<uint64_t> ClusterOf(Bytes segment) {
  wal::Frame frame;
  for (int i = 0; i < kHeadRecords; ++i) {
    wal::Record record;
    raft::Metadata metadata;
    if (wal::ReadFrame(segment, frame.end(), frame) != wal::FrameFault::kNone) return std::nullopt;
    if (wal::ParseRecord(frame, record) && record.type == wal::RecordType::kMetadata &&
        raft::ParseMetadata(record.data, metadata))
      return metadata.cluster_id;
  }
  return std::nullopt;
}

}  // namespace

Origin OriginOf(const Layout& layout, Bytes db) {
  Origin origin;
  diag::NoSink reported;  // by who reads the backend
  if (const auto backend = mvcc::ReadBackendState(db, {}, reported)) {
    for (const auto& member : backend->membership.members) origin.members.push_back(member.id);
    for (const auto* ids : {&backend->membership.incomplete, &backend->membership.removed})
      origin.members.insert(origin.members.end(), ids->begin(), ids->end());
  }
  if (layout.segments.empty()) return origin;
  if (const auto segment = MappedFile::Open(layout.segments.back().path))
    origin.cluster_id = ClusterOf(segment->bytes());
  return origin;
}

bool AreUnrelated(const Origin& a, const Origin& b) {
  if (a.cluster_id && b.cluster_id) return *a.cluster_id != *b.cluster_id;
  const auto is_in_b = [&](uint64_t id) { return std::ranges::find(b.members, id) != b.members.end(); };
  return !a.members.empty() && !b.members.empty() && std::ranges::none_of(a.members, is_in_b);
}

}  // namespace etcdmedic::member
