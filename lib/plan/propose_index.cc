// SPDX-License-Identifier: Apache-2.0
// consistent_index and term, where the content says that they are others.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/testimony.h"
#include "raft/conf_change.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

// The indexes from `first` to `last` that are one bit from what stands there; the content allows all of them.
std::optional<uint64_t> OneBitFrom(uint64_t stored, uint64_t first, uint64_t last) {
  std::optional<uint64_t> only;
  for (int bit = 0; bit < 64; ++bit) {
    const uint64_t index = stored ^ uint64_t { 1 } << bit;
    if (index < first || index > last) continue;
    if (only) return std::nullopt;
    only = index;
  }
  return only;
}

// The entry that the backend has applied last: that which made its newest revision, or a later one that makes
// none, if the number that stands there tells so.
std::optional<uint64_t> IndexByContent(const Draft& draft) {
  diag::FindingList found;
  const auto store = mvcc::Store::Open(Db(draft), DbName(draft), found);
  if (!store) return std::nullopt;
  const uint64_t end = draft.state.log.last_index();
  const auto report = Testify(draft.state, *store, end);
  if (!report || !report->last || report->last->revision != store->current_revision()) return std::nullopt;
  const uint64_t index = report->last->index;
  const auto near = OneBitFrom(draft.Applied(), index, end);
  // A log that has lost its end looks the same, unless one bit tells that it has not.
  if (!near && draft.Applied() > end) return std::nullopt;
  // Applied twice, a change of members is refused, and raft does not count the member.
  const bool members_change = std::ranges::any_of(raft::ConfChanges(draft.state.log),
                                                  [&](const auto& change) { return change.index > index; });
  if (!near && members_change) return std::nullopt;
  return near.value_or(index);
}

}  // namespace

void HealIndex(Draft& draft) {
  if (!Found(draft, {Code::kDbIndexBehind, Code::kDbRevisionBehind, Code::kDbAhead})) return;
  if (!draft.state.whole() || !draft.state.backend || !draft.state.db->sound) return;
  diag::FindingList found;
  const auto view = bolt::View::Open(Db(draft), DbName(draft), found);
  const auto place = view ? NumberInMeta(*view, "consistent_index") : std::nullopt;
  const auto index = place ? IndexByContent(draft) : std::nullopt;
  if (!index || *index == draft.Applied()) return;
  std::vector<Edit> edits{
      WriteEdit(DbName(draft), Db(draft), view->pages().OffsetOf(*place), BigEndian(*index))};
  const auto term = draft.state.log.TermAt(*index);
  if (const auto at = NumberInMeta(*view, "term"); at && term && bolt::LoadBig(*at) != *term)
    edits.push_back(WriteEdit(DbName(draft), Db(draft), view->pages().OffsetOf(*at), BigEndian(*term)));
  Step step =
      WayTo(draft, fmt::format("set meta/consistent_index of db from {} to {}", draft.Applied(), *index),
            "the log holds the entry that made the backend's newest revision; etcd applies all that follow",
            std::move(edits));
  step.heals.push_back(Code::kDbAhead);
  draft.Add(std::move(step));
}

}  // namespace etcdmedic::plan
