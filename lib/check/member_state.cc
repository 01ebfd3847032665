// SPDX-License-Identifier: Apache-2.0
#include "check/member_state.h"

#include <fmt/format.h>

#include "check/backend.h"

namespace etcdmedic::check {
namespace {

Result<Bytes> Map(MemberState& state, const member::File& file) {
  auto mapped = MappedFile::Open(file.path);
  if (!mapped) return tl::make_unexpected(mapped.error());
  state.maps.push_back(std::move(*mapped));
  return state.maps.back().bytes();
}

Result<void> LoadLog(MemberState& state, unsigned threads) {
  std::vector<raft::SegmentInput> inputs;
  for (const member::File& file : state.layout.segments) {
    auto bytes = Map(state, file);
    if (!bytes) return tl::make_unexpected(bytes.error());
    inputs.push_back({file.name, *bytes, &state.maps.back()});
  }
  state.log = raft::ReadLog(inputs, threads);
  return {};
}

Result<void> LoadSnapshots(MemberState& state, diag::FindingSink& sink) {
  for (const member::File& file : state.layout.snapshots) {
    auto bytes = Map(state, file);
    if (!bytes) return tl::make_unexpected(bytes.error());
    SnapFile snap;
    snap.file = file.name;
    snap.size = bytes->size();
    snap.bytes = *bytes;
    snap.name = snap::ParseSnapshotName(file.name.substr(file.name.rfind('/') + 1));
    snap.content = snap::ReadSnapshot(*bytes, file.name, sink);
    state.snapshots.push_back(std::move(snap));
  }
  return {};
}

void ReportUnreadable(const MappedFile& map, diag::FindingSink& sink) {
  if (map.unreadable_pages() == 0) return;
  sink.Add({diag::Code::kFileUnreadable,
            {map.path(), map.first_unreadable_offset()},
            map.unreadable_pages() * 4096,
            fmt::format("{} pages read as zeros", map.unreadable_pages())});
}

}  // namespace

void ReportUnreadable(const std::vector<MappedFile>& maps, diag::FindingSink& sink) {
  for (const MappedFile& map : maps) ReportUnreadable(map, sink);
}

const SnapFile* MemberState::NewestSnapshot() const {
  for (const SnapFile& snap : snapshots) {
    if (snap.content) return &snap;
  }
  return nullptr;
}

Result<MemberState> LoadMember(member::Layout layout, const LoadOptions& options) {
  MemberState state;
  state.layout = std::move(layout);
  state.in_use = member::IsRunning(state.layout);
  state.has_log = !state.layout.wal_dir.empty() || !state.layout.segments.empty();
  state.maps.reserve(state.layout.segments.size() + state.layout.snapshots.size());
  diag::FindingList found;
  if (auto done = LoadLog(state, options.threads); !done) return tl::make_unexpected(done.error());
  if (options.snapshots) {
    if (auto done = LoadSnapshots(state, found); !done) return tl::make_unexpected(done.error());
  }
  if (options.backend) {
    if (auto done = LoadBackend(state, options.keys, found); !done) return tl::make_unexpected(done.error());
  }
  ReportUnreadable(state.maps, found);
  if (state.db_map) ReportUnreadable(*state.db_map, found);
  state.findings = std::move(found.items);
  return state;
}

}  // namespace etcdmedic::check
