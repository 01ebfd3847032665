// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/rebuild.h"
#include "raft/log.h"

namespace etcdmedic::plan {

using diag::Code;

namespace {

std::string Describe(const Base& base) {
  switch (base.kind) {
    case Base::Kind::kBeginning:
      return "from the first entry";
    case Base::Kind::kSnapshot:
      return fmt::format("after the snapshot at index {}", base.index);
    case Base::Kind::kBackend:
      return fmt::format("after index {}, which is the backend's", base.index);
  }
  return {};
}

std::string TitleOf(const Draft& draft, const Base& base, uint64_t last) {
  const std::string where =
      Describe(base) + (last > base.index ? fmt::format(" up to entry {}", last) : std::string());
  if (draft.state.log.segments.empty()) return fmt::format("make a log that begins {}", where);
  return fmt::format("rewrite the log {}, set the old segments aside", where);
}

// Who the member says to be where only the backend tells.
std::string WhoItIs(const Draft& draft) {
  const auto identity = IdentityOf(draft.state);
  if (draft.state.log.metadata || !identity) return {};
  return fmt::format("; by the backend this is member {:x}, alone in its cluster, whose id then is {:x}",
                     identity->node_id, identity->cluster_id);
}

// A member of several that has lost its votes and acknowledgements must not come back with others.
bool RefuseAmnesia(Draft& draft) {
  if (draft.Members() < 2 || !draft.state.log.surviving.empty()) return false;
  draft.Advise(
      "the log is lost, and this member is one of several: with a new log it might vote twice. Remove it "
      "from "
      "its cluster (`etcdctl member remove ID`), add it again (`etcdctl member add`), and start it with an "
      "empty directory. Where no other member is left, `repair --new-cluster` makes it the only one");
  return true;
}

bool AddRebuild(Draft& draft, const Base& base, uint64_t last) {
  if (RefuseAmnesia(draft)) return true;
  auto edits = RebuildLog(draft.state, base, last);
  if (!edits) {
    draft.Advise(edits.error().what);
    return true;
  }
  const bool whole = draft.TailWhole() && draft.state.log.metadata.has_value();
  // The log that tells which of two records is right would be set aside.
  const bool disputed = Found(draft, {Code::kMvccLogMismatch});
  const bool safe = whole && !disputed;
  Step step{.safety = safe ? Safety::kSafe : Safety::kLossy,
            .heals = draft.CodesOfLog(),
            .edits = std::move(*edits)};
  step.title = TitleOf(draft, base, last);
  step.why = base.kind == Base::Kind::kBackend ? "the backend already holds the effect of every entry "
                                                 "before that index, so etcd does not need them"
                                               : "every entry after it is held and proven";
  step.why += WhoItIs(draft);
  step.loss =
      safe    ? "nothing of the data; a peer that lags far behind gets a snapshot instead of old entries"
      : whole ? "what the old log says of the records from which the backend differs"
              : fmt::format("the log's end was lost: acknowledged writes after entry {}, if there were any",
                            last);
  if (!whole) step.lost_first = last + 1;
  if (!whole && draft.Members() > 1) {
    draft.Advise(
        "this member is one of several: removing it from the cluster and adding it again is safer than a "
        "log without its end");
  }
  draft.Add(std::move(step));
  return true;
}

// The base from which most is kept where no base reaches the log's end: a snapshot or the beginning up to
// the first hole, or, where the backend has gone further than that, the backend itself.
std::optional<Base> BaseOfCut(const Draft& draft) {
  const uint64_t start = draft.SnapshotIndex();
  const uint64_t keep = std::max(draft.state.log.ContiguousFrom(start + 1), start);
  const bool from_start = draft.state.log.segments.empty() || !draft.state.log.segments.front().name ||
                          draft.state.log.segments.front().name->index <= start;
  if (keep == 0 || !from_start || draft.Applied() > keep + 1) return BackendBase(draft.state);
  Base base{start == 0 ? Base::Kind::kBeginning : Base::Kind::kSnapshot, start, 0, {}};
  for (const raft::SnapshotMark& mark : draft.state.log.snapshots) {
    if (start != 0 && mark.index == start) base.term = mark.term, base.conf_state = mark.conf_state;
  }
  return base;
}

// Drops what is after the first hole that nothing bridges.
bool PlanCut(Draft& draft, uint64_t reach) {
  const auto base = BaseOfCut(draft);
  if (!base) {
    draft.Advise(
        fmt::format("no consistent base is left: the log is complete up to {}, the backend is at {}. Restore "
                    "a snapshot, or remove this member from its cluster and add it again",
                    draft.state.log.ContiguousFrom(draft.SnapshotIndex() + 1), draft.Applied()));
    return true;
  }
  const uint64_t keep = std::max(draft.state.log.ContiguousFrom(base->index + 1), base->index);
  auto edits = RebuildLog(draft.state, *base, keep);
  if (!edits) {
    draft.Advise(edits.error().what);
    return true;
  }
  // Where the log's own end is gone or in doubt, it is unknown how much followed.
  const bool open = !draft.TailWhole() || !check::DoubtAboutEnd(draft.state.log).empty();
  Step step{.safety = Safety::kLossy,
            .heals = draft.CodesOfLog(),
            .lost_first = keep + 1,
            .lost_last = open ? 0 : reach,
            .edits = std::move(*edits)};
  step.title = fmt::format("end the log at entry {}, set the old segments aside", keep);
  step.why = "what follows is after a gap, and the backend does not hold it";
  const uint64_t commit = draft.state.log.state ? draft.state.log.state->commit : 0;
  step.lost_committed = commit > keep ? commit - keep : 0;
  step.loss = fmt::format("{}; by the commit index at least {} of them were acknowledged to clients",
                          open ? fmt::format("entries from {} on: at least {}, to {}, and whatever followed",
                                             keep + 1, reach - keep, reach)
                               : raft::NameEntries(keep + 1, reach),
                          step.lost_committed);
  draft.Add(std::move(step));
  return true;
}

}  // namespace

// A backend that is older than the newest .snap, or none at all.
void PlanNewerSnapshots(Draft& draft) {
  const uint64_t applied = draft.Applied();
  if (!draft.state.whole() || draft.SnapshotIndex() <= applied) return;
  auto edits = EditsForOlderBackend(draft, applied);
  if (!edits) return;
  const bool again =
      std::ranges::any_of(*edits, [](const Edit& edit) { return edit.kind == EditKind::kCreate; });
  Step step{.heals = {Code::kDbBehindSnapshot, Code::kDbMissing}, .edits = std::move(*edits)};
  step.title = fmt::format("set aside the .snap files that are newer than the backend{}",
                           again ? ", rewrite the log without their records" : "");
  step.why =
      draft.state.backend
          ? fmt::format("the log holds every entry from {} on, which the backend lacks: etcd applies them",
                        applied + 1)
          : "the log holds every entry from the first, so etcd needs no snapshot and no backend: it makes "
            "one";
  draft.Add(std::move(step));
}

// True where the log is rewritten, or where only that would help and it cannot be done.
bool PlanRebuild(Draft& draft) {
  if (!draft.NeedsRebuild()) return false;
  const uint64_t reach = draft.KnownReach();
  const auto base = ChooseBase(draft.state, reach);
  if (base) return AddRebuild(draft, *base, std::max(reach, base->index));
  if (PlanBorrowed(draft)) return true;
  return PlanCut(draft, reach);
}

}  // namespace etcdmedic::plan
