// SPDX-License-Identifier: Apache-2.0
// consistent_index and term, where the content says that they are others.
#include <fmt/format.h>

#include <algorithm>

#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/testimony.h"
#include "raft/log.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

// The index from `first` to `last` that is one bit away from the stored one, where there is only one.
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

// Closer to the end of the log, an index may be right, and entries that make no revision be lost.
constexpr uint64_t kMostLost = uint64_t{1} << 20;

// Whether an entry after `index` changes more when it is applied once more: users and roles, alarms, members.
class NotTwice final : public raft::EntryVisitor {
 public:
  explicit NotTwice(uint64_t index) : index_(index) {}
  void Begin(size_t) override {}
  void BeginSegment(uint32_t) override {}
  void OnEntry(uint32_t, uint64_t, const raft::Entry& entry, const raft::Request& request) override {
    found_ |= entry.index > index_ && (request.kind.starts_with("auth") || request.kind == "alarm" ||
                                       request.kind.starts_with("conf_change"));
  }
  bool found() const { return found_; }

 private:
  const uint64_t index_;
  bool found_ = false;
};

bool CanBeAppliedTwice(const Draft& draft, uint64_t index) {
  NotTwice later(index);
  raft::ReadLog(LogInputs(draft), 1, &later);
  return !later.found();
}

// The entry that the backend has applied last: the one that made its newest revision, or a later one that
// makes none, if the stored number says so.
std::optional<uint64_t> IndexByContent(const Draft& draft) {
  diag::FindingList found;
  const auto store = mvcc::Store::Open(Db(draft), DbName(draft), found);
  if (!store) return std::nullopt;
  const uint64_t end = draft.state.log.last_index();
  const auto report = Testify(draft.state, *store, end);
  if (!report || !report->last || report->last->revision != store->current_revision()) return std::nullopt;
  const uint64_t index = report->last->index;
  const auto near = OneBitFrom(draft.Applied(), index, end);
  // A log that has lost its end looks the same, unless one high bit shows that it has not.
  if (draft.Applied() > end && (!near || draft.Applied() - end < kMostLost)) return std::nullopt;
  if (!near && !CanBeAppliedTwice(draft, index)) return std::nullopt;
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
