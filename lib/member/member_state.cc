// SPDX-License-Identifier: Apache-2.0
#include "member/member_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/path.h"
#include "base/try.h"
#include "member/load_backend.h"
#include "member/snap_db.h"

namespace etcdmedic::member {
namespace {

Result<Bytes> Map(MemberState& state, const member::File& file, const LoadOptions& options) {
  auto mapped = options.open ? options.open(file.path) : MappedFile::Open(file.path);
  if (!mapped) return Propagate(mapped);
  state.maps.push_back(std::move(*mapped));
  return state.maps.back().bytes();
}

// Hands entries on to those who want them.
class Collector final : public raft::EntryVisitor {
 public:
  Collector(witness::LogSteps& steps, replay::EntryList* entries) : steps_(steps), entries_(entries) {}

  void Begin(size_t segments) override {
    steps_.Begin(segments);
    if (entries_ != nullptr) entries_->Begin(segments);
  }
  void BeginSegment(uint32_t segment) override {
    steps_.BeginSegment(segment);
    if (entries_ != nullptr) entries_->BeginSegment(segment);
  }
  void OnEntry(uint32_t segment, uint64_t offset, const raft::Entry& entry,
               const raft::Request& request) override {
    steps_.OnEntry(segment, offset, entry, request);
    if (entries_ != nullptr) entries_->OnEntry(segment, offset, entry, request);
  }

 private:
  witness::LogSteps& steps_;
  replay::EntryList* const entries_;
};

// By the name of its first segment, which says which entry that begins with.
bool BeginsWithFirstEntry(const std::vector<raft::SegmentInput>& inputs) {
  const auto name = inputs.empty() ? std::nullopt : wal::ParseSegmentName(BaseName(inputs.front().file));
  return name && name->index <= 1;
}

void LoadLog(MemberState& state, const LoadOptions& options) {
  std::vector<raft::SegmentInput> inputs;
  for (const member::File& file : state.layout.segments) {
    if (auto bytes = Map(state, file, options)) {
      inputs.push_back({file.name, *bytes, &state.maps.back()});
    } else {
      state.unopened.push_back({file, bytes.error()});
    }
  }
  // A log without a backend beside it is not a witness of anything, so its changes need not be kept.
  const bool witness = options.keys && !(state.layout.db.empty() && state.layout.snap_db.empty());
  const bool replayed = BeginsWithFirstEntry(inputs) || !state.layout.snap_db.empty();
  Collector collector(state.steps, replayed ? &state.entries : nullptr);
  state.log = raft::ReadLog(inputs, options.threads, witness ? &collector : nullptr);
}

constexpr int kLogReadings = 5;  // beside a member that keeps writing
constexpr auto kLogWriting = std::chrono::milliseconds(10);

// Whether the log of a running member was not read as etcd knows it: the backend has applied what came later,
// perhaps in a segment that is new, or the last record was not there as a whole.
bool IsLogLacking(const MemberState& state) {
  if (state.backend && state.backend->consistent_index.value_or(0) > state.log.last_index()) return true;
  return !state.log.segments.empty() && !state.log.segments.back().damages.empty();
}

void LoadLogAgain(MemberState& state, const LoadOptions& options) {
  std::this_thread::sleep_for(kLogWriting);
  auto now = member::Recognise(state.layout.given, state.layout.wal_elsewhere ? state.layout.wal_dir : "");
  if (now) state.layout.segments = std::move(now->segments);
  std::erase_if(state.unopened, [](const Unopened& each) { return each.file.name.ends_with(".wal"); });
  state.maps.reserve(state.maps.size() + state.layout.segments.size());
  state.steps = {};
  state.entries = {};
  state.witness = std::nullopt;  // it spoke of the log as it was
  LoadLog(state, options);
}

void LoadSnapshots(MemberState& state, const LoadOptions& options, diag::FindingSink& sink) {
  for (const member::File& file : state.layout.snapshots) {
    const auto bytes = Map(state, file, options);
    if (!bytes) {
      state.unopened.push_back({file, bytes.error()});
      continue;
    }
    SnapFile snap;
    snap.file = file.name;
    snap.size = bytes->size();
    snap.bytes = *bytes;
    snap.name = snap::ParseSnapshotName(BaseName(file.name));
    snap.content = snap::ReadSnapshot(*bytes, file.name, sink);
    state.snapshots.push_back(std::move(snap));
  }
}

diag::Code CodeOf(const Unopened& file) {
  if (file.error.code == Errc::kDenied) return diag::Code::kFilePermission;
  return file.file.kind == FileKind::kRegular ? diag::Code::kFileUnreadable : diag::Code::kFileKind;
}

void ReportUnopened(const MemberState& state, diag::FindingSink& sink) {
  for (const Unopened& file : state.unopened)
    sink.Add({CodeOf(file), {file.file.name, 0}, file.file.size, file.error.what, diag::Severity::kError});
  for (const Error& error : state.layout.unlisted) {
    const bool denied = error.code == Errc::kDenied;
    sink.Add({denied ? diag::Code::kFilePermission : diag::Code::kFileUnreadable, error.where, 0, error.what,
              diag::Severity::kError});
  }
}

// The error where nothing can be said of the member's content.
std::optional<Error> NothingOpened(const MemberState& state) {
  if (state.unopened.empty() || !state.maps.empty() || state.db_map) return std::nullopt;
  const bool lone = !state.layout.member_folder;
  return lone || state.denied() ? std::optional(state.unopened.front().error) : std::nullopt;
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

bool MemberState::complete() const {
  // etcd sets a .snap aside that is not a file, and takes the one before it; a link to nothing is not a file
  // at all.
  return layout.unlisted.empty() && std::ranges::all_of(unopened, [](const Unopened& each) {
           const FileKind kind = each.file.kind;
           return each.file.name.ends_with(".wal")    ? false
                  : each.file.name.ends_with(".snap") ? kind != FileKind::kRegular
                                                      : kind == FileKind::kDanglingLink;
         });
}

bool MemberState::denied() const {
  const auto is_denied = [](const Error& error) { return error.code == Errc::kDenied; };
  return std::ranges::any_of(unopened, is_denied, &Unopened::error) ||
         std::ranges::any_of(layout.unlisted, is_denied);
}

void ReadSegmentAgain(const MemberState& state, size_t i, wal::SegmentVisitor& visitor) {
  const std::vector<raft::Segment>& segments = state.log.segments;
  std::optional<uint32_t> seed;
  if (i > 0 && segments[i - 1].chain.end_proven) seed = segments[i - 1].chain.end_crc;
  wal::ReadSegment(segments[i].bytes, {seed, i + 1 == segments.size()}, visitor);
  for (const MappedFile& map : state.maps) {
    if (map.bytes().data() == segments[i].bytes.data()) map.ReleasePages();
  }
}

Result<MemberState> LoadMember(member::Layout layout, const LoadOptions& options) {
  MemberState state;
  state.layout = std::move(layout);
  state.in_use = member::IsRunning(state.layout);
  state.has_log = !state.layout.wal_dir.empty() || !state.layout.segments.empty();
  state.maps.reserve(state.layout.segments.size() + state.layout.snapshots.size());
  diag::FindingList found;
  LoadLog(state, options);
  if (options.snapshots) LoadSnapshots(state, options, found);
  if (options.backend) LoadSnapDbs(state);  // the log leads from them to the backend
  if (options.backend) LoadBackend(state, options, found);
  const bool writes = state.in_use.running && state.has_log;
  for (int i = 1; writes && i < kLogReadings && IsLogLacking(state); ++i) LoadLogAgain(state, options);
  if (auto error = NothingOpened(state)) return tl::make_unexpected(std::move(*error));
  ReportUnopened(state, found);
  ReportUnreadable(state.maps, found);
  if (state.db_map) ReportUnreadable(*state.db_map, found);
  state.findings = std::move(found.items);
  return state;
}

}  // namespace etcdmedic::member
