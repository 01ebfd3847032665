// SPDX-License-Identifier: Apache-2.0
// Ways to a sound backend, tried one after the other; each is a step that answers every fault of the backend,
// or it is not taken. docs/design/repair-safety.md, "The backend".
#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "bolt/copy.h"
#include "plan/backend_faults.h"
#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/rebuild.h"
#include "raft/conf_change.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

// Where the tree of the newer meta page is damaged and that of the older one is not.
void GoBack(Draft& draft) {
  const bolt::Metas& metas = draft.state.db->metas;
  if (!metas.active || !metas.pages[1 - *metas.active].valid()) return;
  const int older = 1 - *metas.active;
  diag::FindingList found;
  if (!bolt::Check(Db(draft), DbName(draft), {older, 0, nullptr}, found).sound) return;
  const auto view = bolt::View::Open(Db(draft), DbName(draft), found, {older, false});
  const auto number = view ? NumberInMeta(*view, "consistent_index") : std::nullopt;
  if (!number) return;
  const uint64_t applied = bolt::LoadBig(*number);
  auto edits = EditsForOlderBackend(draft, applied);
  if (!edits) return;
  edits->insert(edits->begin(), MetaEdit(draft, *metas.active, metas.pages[older].meta));
  draft.Add(WayTo(
      draft, fmt::format("take db back to its older meta page, transaction {}", metas.pages[older].meta.txid),
      fmt::format("every page of that state is sound; it has applied entries up to {}, and the log "
                  "holds all that follow",
                  applied),
      std::move(*edits)));
}

// The same entries in a new file, where the damage hides none of them.
void WriteAnew(Draft& draft) {
  const std::string title = "rewrite db with the same entries, in order; set the old file aside";
  if (!draft.state.db->meta || draft.WasRefused(title)) return;
  diag::FindingList found;
  const auto view = bolt::View::Open(Db(draft), DbName(draft), found);
  if (!view) return;
  bolt::CopyResult copied;
  auto edits = NewDb(draft, [&](bolt::PageSink& sink) -> Result<void> {
    bolt::Builder builder(sink, {view->meta().page_size, 90});
    auto made = bolt::Copy(*view, builder);
    if (!made) return Propagate(made);
    copied = *made;
    return {};
  });
  if (!edits || !copied.whole || copied.repeated > 0) return;
  draft.Add(WayTo(
      draft, title,
      fmt::format("all of its {} entries can be read, and keep every rule there is", copied.built.entries),
      std::move(*edits)));
}

}  // namespace

const std::string& DbName(const Draft& draft) { return draft.state.layout.db.front().name; }

Bytes Db(const Draft& draft) { return draft.state.db_map->bytes(); }

std::optional<std::vector<Edit>> NewDb(Draft& draft,
                                       const std::function<Result<void>(bolt::PageSink&)>& fill) {
  auto pages = SpoolPages(fill);
  if (!pages) {
    draft.Advise(
        fmt::format("a new db might help, but could not be written: {} (set TMPDIR to a place for it)",
                    pages.error().what));
    return std::nullopt;
  }
  std::vector<Edit> edits;
  const bool data_dir = draft.state.layout.kind == member::Kind::kDataDir;
  const bool kept = !draft.state.layout.db.empty();
  const std::string name = kept ? DbName(draft) : data_dir ? "member/snap/db" : "snap/db";
  if (kept) edits.push_back(RenameEdit(name, Db(draft), AsideName(draft.state, name)));
  edits.push_back(CreateEdit(name, std::move(*pages)));
  return edits;
}

Step WayTo(const Draft& draft, std::string title, std::string why, std::vector<Edit> edits) {
  std::vector<Code> codes = BackendFaults(draft.report.findings);
  if (Found(draft, {Code::kDbMissing})) codes.push_back(Code::kDbMissing);
  Step step{.heals = std::move(codes), .title = std::move(title), .why = std::move(why)};
  step.edits = std::move(edits);
  step.one_way = true;
  return step;
}

bool Found(const Draft& draft, std::initializer_list<Code> codes) {
  return std::ranges::any_of(draft.report.findings, [&](const diag::Finding& finding) {
    return std::ranges::find(codes, finding.code) != codes.end();
  });
}

std::string BigEndian(uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift & 0xFF));
  return bytes;
}

std::optional<Bytes> NumberInMeta(const bolt::View& view, std::string_view name) {
  std::optional<Bytes> number;
  view.ForEach("meta", [&](Bytes key, Bytes value) {
    if (AsText(key) == name && value.size() == 8) number = value;
    return true;
  });
  return number;
}

std::optional<std::vector<Edit>> EditsForOlderBackend(const Draft& draft, uint64_t applied) {
  const member::MemberState& state = draft.state;
  if (!state.whole() || state.log.segments.empty()) return std::nullopt;
  Base base;
  for (const raft::SnapshotMark& mark : state.log.snapshots) {
    const bool kept = std::ranges::any_of(state.snapshots, [&](const member::SnapFile& file) {
      return file.content && file.content->index == mark.index && file.content->term == mark.term;
    });
    if (mark.index == 0 || mark.index > applied || !kept || mark.index < base.index) continue;
    base = {Base::Kind::kSnapshot, mark.index, mark.term, mark.conf_state};
  }
  const bool restored = raft::EntriesOfRestore(state.log) > applied;
  if (restored || !draft.LeadsOnFrom(base.index)) return std::nullopt;
  base.newest_snapshot = applied;
  std::vector<Edit> edits;
  const bool again =
      draft.report.version >= startup::EtcdVersion{3, 7} &&
      std::ranges::any_of(state.log.snapshots, [&](const auto& mark) { return mark.index > applied; });
  if (again) {
    auto log = draft.TailWhole() ? RebuildLog(state, base, state.log.last_index())
                                 : Result<std::vector<Edit>>(Fail(Errc::kRefused, "", ""));
    if (!log) return std::nullopt;
    edits = std::move(*log);
  }
  for (const member::SnapFile& file : state.snapshots) {
    if (file.content && file.content->index > applied)
      edits.push_back(RenameEdit(file.file, file.bytes, AsideName(state, file.file)));
  }
  return edits;
}

void PlanBackend(Draft& draft) {
  if (draft.state.whole() && draft.state.layout.db.empty() && draft.state.has_log) {
    WriteFromLog(draft);
    if (draft.proposal.steps.empty()) TakeDbOfSibling(draft);
    return;
  }
  if (!draft.state.db_map || draft.state.layout.db.empty()) return;
  if (BackendFaults(draft.report.findings).empty()) return HealIndex(draft);
  // From the change that leaves most as it is to the one that leaves least.
  constexpr void (*kWays[])(Draft&) = {
      HealMetaBits, CopyMeta,      HealPages,    HealNames,  HealTerm,        HealIndex,
      HealRecords,  HealMembers,   DropFreelist, WriteAnew,  GoBack,          FindRoot,
      WriteFromLog, GatherRecords, TakeSnapDb,   LeaveToLog, TakeDbOfSibling, GatherWithLoss};
  for (const auto way : kWays) {
    way(draft);
    if (!draft.proposal.steps.empty()) return;
  }
}

}  // namespace etcdmedic::plan
