// SPDX-License-Identifier: Apache-2.0
#include "plan/rebuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/path.h"
#include "base/sha256.h"
#include "cluster/members.h"
#include "plan/edit.h"
#include "plan/log_writer.h"
#include "raft/conf_change.h"
#include "snap/snap.h"

namespace etcdmedic::plan {
namespace {

using member::MemberState;

// The term of the entry that the backend applied last.
std::optional<uint64_t> TermOfBackend(const MemberState& state) {
  if (state.backend->term) return state.backend->term;
  if (const auto term = state.log.TermAt(*state.backend->consistent_index)) return term;
  if (state.backend->membership.Count() != 1) return std::nullopt;
  uint64_t term = std::max<uint64_t>(state.log.state ? state.log.state->term : 0, 1);
  if (!state.log.surviving.empty()) term = std::max(term, state.log.surviving.back().term);
  for (const member::SnapFile& file : state.snapshots) {
    if (file.content) term = std::max(term, file.content->term);
  }
  return term;
}

// Who votes at the backend's index. A restore leaves in the backend's meta what the snapshot had there, so
// that the log counts first and then the members.
cluster::ConfState ConfStateOfBackend(const MemberState& state) {
  if (const auto logged = raft::ConfStateAt(state.log, *state.backend->consistent_index))
    if (!logged->voters.empty()) return *logged;
  const cluster::ConfState members = cluster::ConfStateOf(state.backend->membership.members);
  const auto& told = state.backend->conf_state;
  return members.voters.empty() && told ? *told : members;
}

// Where the log is, or has to be where there is none.
std::string LogFolder(const member::Layout& layout) {
  if (layout.wal_elsewhere) return std::filesystem::absolute(layout.wal_dir).lexically_normal().string();
  return layout.kind == member::Kind::kDataDir ? "member/wal" : "wal";
}

// Copies what is after the base into the new log, entries cut at `last`.
class Copier final : public wal::SegmentVisitor {
 public:
  Copier(LogWriter& out, const Base& base, uint64_t last, const std::vector<raft::Entry>& borrowed)
      : out_(out), base_(base), last_(last), borrowed_(borrowed) {}

  void OnRecord(const wal::Record& record) override {
    if (record.type == wal::RecordType::kEntry) return OnEntry(record);
    if (record.type == wal::RecordType::kSnapshot) return OnSnapshot(record);
    if (record.type == wal::RecordType::kState) return OnState(record);
  }
  void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const wal::Damage& damage) override {
    if (!damage.healings.empty() && damage.record) OnRecord(*damage.record);
  }

  const std::optional<raft::HardState>& state() const { return state_; }
  uint64_t reach() const { return reach_; }
  // The borrowed entries that follow directly, those before `end`.
  void Borrow(uint64_t end) {
    auto next = std::ranges::lower_bound(borrowed_, Next(), {}, &raft::Entry::index);
    for (; next != borrowed_.end() && next->index == Next() && next->index < end; ++next) {
      out_.Append(wal::RecordType::kEntry, AsBytes(raft::EncodeEntry(*next)));
      reach_ = next->index;
    }
  }

 private:
  uint64_t Next() const { return std::max(reach_, base_.index) + 1; }

  void OnEntry(const wal::Record& record) {
    raft::Entry entry;
    if (!raft::ParseEntry(record.data, entry) || entry.index <= base_.index || entry.index > last_) return;
    if (entry.index > Next()) Borrow(entry.index);
    if (entry.index > Next()) return;  // after a hole
    reach_ = entry.index;
    out_.Append(record.type, record.data);
  }

  void OnSnapshot(const wal::Record& record) {
    raft::WalSnapshot snapshot;
    if (!raft::ParseWalSnapshot(record.data, snapshot) || snapshot.index <= base_.index ||
        snapshot.index > std::min(last_, base_.newest_snapshot))
      return;
    out_.Append(record.type, record.data);
  }

  // Only the last state counts; it is written at the end, within what the log holds.
  void OnState(const wal::Record& record) {
    raft::HardState state;
    if (raft::ParseHardState(record.data, state)) state_ = state;
  }

  LogWriter& out_;
  const Base& base_;
  const uint64_t last_;
  const std::vector<raft::Entry>& borrowed_;
  std::optional<raft::HardState> state_;
  uint64_t reach_ = 0;
};

void AppendEdits(const MemberState& state, std::string bytes, std::vector<Edit>& edits) {
  for (const raft::Segment& segment : state.log.segments)
    edits.push_back(RenameEdit(segment.file, segment.bytes, AsideName(state, segment.file)));
  const std::string name = wal::FormatSegmentName({0, 0});
  if (!state.log.segments.empty()) {
    edits.push_back(CreateEdit(SiblingOf(state.log.segments.front().file, name), std::move(bytes)));
    return;
  }
  const std::string folder = LogFolder(state.layout);
  if (state.layout.wal_dir.empty()) {
    const auto& above = state.layout.member_folder;
    edits.push_back(MakeFolderEdit(folder, above ? Ownership{above->uid, above->gid, 0700} : Ownership{}));
  }
  edits.push_back(CreateEdit(folder + "/" + name, std::move(bytes)));
}

// The .snap for a base in the backend; another file of that name is set aside.
void AppendSnapshot(const MemberState& state, const Base& base, std::vector<Edit>& edits) {
  snap::Snapshot snapshot;
  snapshot.index = base.index;
  snapshot.term = base.term;
  snapshot.conf_state = *snap::ParseConfState(AsBytes(base.conf_state));
  cluster::Membership membership = base.membership.value_or(state.backend->membership);
  std::ranges::sort(membership.members, {}, &cluster::Member::id);
  std::ranges::sort(membership.removed);
  const std::string store = snap::EncodeStore(membership);
  snapshot.store = store;
  const std::string& db = state.layout.db.front().name;
  const std::string name = SiblingOf(db, snap::SnapshotName(base.term, base.index));
  for (const member::SnapFile& file : state.snapshots) {
    if (file.file == name) edits.push_back(RenameEdit(name, file.bytes, AsideName(state, name)));
  }
  edits.push_back(CreateEdit(name, snap::EncodeSnapshot(snapshot)));
}

}  // namespace

std::string FreeName(const MemberState& state, const std::string& file, std::string_view suffix) {
  std::set<std::string> taken;
  const member::Layout& layout = state.layout;
  for (const auto* list : {&layout.segments, &layout.wal_broken, &layout.wal_stray, &layout.snap_broken}) {
    for (const member::File& each : *list) taken.insert(each.name);
  }
  const std::filesystem::path root(layout.root);
  const auto is_there = [&](const std::string& name) {
    return taken.contains(name) || std::filesystem::exists(std::filesystem::symlink_status(root / name));
  };
  std::string name = fmt::format("{}{}", file, suffix);
  for (int i = 1; is_there(name); ++i) name = fmt::format("{}{}.{}", file, suffix, i);
  return name;
}

std::string AsideName(const MemberState& state, const std::string& file) {
  return FreeName(state, file, ".broken");
}

std::optional<raft::Metadata> IdentityOf(const MemberState& state) {
  if (state.log.metadata) return state.log.metadata;
  if (!state.backend) return std::nullopt;
  const auto& [members, incomplete, removed, version] = state.backend->membership;
  if (members.size() != 1 || !incomplete.empty()) return std::nullopt;
  std::string id;
  for (int shift = 56; shift >= 0; shift -= 8) id.push_back(static_cast<char>(members[0].id >> shift & 0xFF));
  return raft::Metadata{members[0].id, *ByteReader(AsBytes(Sha1(AsBytes(id)))).Big<uint64_t>()};
}

std::optional<Base> BackendBase(const MemberState& state) {
  if (!state.backend || !state.backend->consistent_index || state.backend->membership.members.empty())
    return std::nullopt;
  Base base{Base::Kind::kBackend, *state.backend->consistent_index, 0, {}};
  const auto term = TermOfBackend(state);
  if (!term || *term == 0) return std::nullopt;
  base.term = *term;
  const cluster::ConfState conf_state = ConfStateOfBackend(state);
  if (conf_state.voters.empty()) return std::nullopt;
  base.conf_state = snap::EncodeConfState(conf_state);
  return base;
}

std::optional<Base> ChooseBase(const MemberState& state, uint64_t reach) {
  const uint64_t applied = state.backend ? state.backend->consistent_index.value_or(0) : 0;
  for (const Base& base : BasesOf(state)) {
    if (base.kind == Base::Kind::kBeginning && reach == 0) continue;
    if (base.kind != Base::Kind::kBackend && applied > reach + 1) continue;
    if (std::max(state.log.ContiguousFrom(base.index + 1), base.index) >= reach) return base;
  }
  return std::nullopt;
}

std::vector<Base> BasesOf(const MemberState& state) {
  const uint64_t applied = state.backend ? state.backend->consistent_index.value_or(0) : 0;
  std::vector<Base> bases{Base{}};
  for (const member::SnapFile& file : state.snapshots) {
    if (!file.content || file.content->index > applied) continue;
    bases.push_back({Base::Kind::kSnapshot, file.content->index, file.content->term,
                     snap::EncodeConfState(file.content->conf_state)});
  }
  std::ranges::sort(bases, {}, &Base::index);
  if (auto base = BackendBase(state)) bases.push_back(std::move(*base));
  return bases;
}

Result<std::vector<Edit>> RebuildLog(const MemberState& state, const Base& base, uint64_t last,
                                     const std::vector<raft::Entry>& borrowed) {
  const std::string& place = state.layout.given;
  const auto metadata = base.identity ? base.identity : IdentityOf(state);
  if (!metadata)
    return Fail(
        Errc::kRefused, place,
        "the log's metadata are lost, and the backend names several members: which of them this is, only "
        "a peer can tell. Remove this member from its cluster (`etcdctl member remove ID`), add it again "
        "(`etcdctl member add`), and start it with an empty directory");
  LogWriter out;
  out.Append(wal::RecordType::kMetadata, AsBytes(raft::EncodeMetadata(*metadata)));
  out.Append(wal::RecordType::kSnapshot, AsBytes(raft::EncodeWalSnapshot({0, 0, std::nullopt})));
  if (base.index > 0) {
    raft::WalSnapshot mark{base.index, base.term, std::nullopt};
    if (!base.conf_state.empty()) mark.conf_state = AsBytes(base.conf_state);
    out.Append(wal::RecordType::kSnapshot, AsBytes(raft::EncodeWalSnapshot(mark)));
  }
  Copier copier(out, base, last, borrowed);
  for (size_t i = 0; i < state.log.segments.size(); ++i) member::ReadSegmentAgain(state, i, copier);
  copier.Borrow(last + 1);
  raft::HardState hard = copier.state().value_or(raft::HardState{base.term, 0, base.index});
  const uint64_t reach = std::max(copier.reach(), base.index);
  hard.term = std::max(hard.term, base.term);
  hard.commit = std::clamp(hard.commit, base.index, reach);
  if (const auto term = state.log.TermAt(reach); term) hard.term = std::max(hard.term, *term);
  std::vector<Edit> edits;
  AppendEdits(state, out.Finish(hard), edits);
  if (base.kind == Base::Kind::kBackend) AppendSnapshot(state, base, edits);
  return edits;
}

}  // namespace etcdmedic::plan
