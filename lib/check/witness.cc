// SPDX-License-Identifier: Apache-2.0
#include "check/witness.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "check/anchors.h"
#include "check/log_rules.h"
#include "check/record_match.h"
#include "check/record_sum.h"
#include "check/refusals.h"
#include "check/step_player.h"
#include "check/witness_report.h"

namespace etcdmedic::check {
namespace {

// So many entries in a row that the records contradict, and it is no longer single records that are wrong.
constexpr uint64_t kMostContradicted = 16;
// So many at the end whose records are of other keys, and they are of another history.
constexpr int kFewStrangers = 3;
// So many that may or may not have made a revision are remembered.
constexpr size_t kMostWaiting = 16;
constexpr int64_t kOpen = std::numeric_limits<int64_t>::max() / 2;

// The surviving entries up to `last`.
std::vector<raft::Run> RunsUpTo(const raft::Log& log, uint64_t last) {
  std::vector<raft::Run> runs;
  for (raft::Run run : log.surviving) {
    if (run.first > last) break;
    run.last = std::min(run.last, last);
    runs.push_back(run);
  }
  return runs;
}

// A restored member's log begins with nothing but the members that the restore adds, and a snapshot record
// for what stood there before.
bool BeginsWithRestore(const raft::Log& log) {
  uint64_t changes = 0;
  for (const raft::Segment& segment : log.segments) {
    for (const raft::EntryMark& mark : segment.marks) {
      if (mark.index == changes + 1 && mark.type == raft::EntryType::kConfChange) ++changes;
    }
  }
  return std::ranges::any_of(log.snapshots, [&](const raft::SnapshotMark& mark) {
    return mark.index > 0 && mark.index <= changes && mark.term <= 1;
  });
}

class Walk {
 public:
  explicit Walk(const WitnessInput& input)
      : input_(input),
        runs_(RunsUpTo(input.log, input.applied)),
        compacted_(input.store.compact_revision()),
        newest_(input.store.current_revision()),
        from_start_(input.log.first_index() == 1 && !BeginsWithRestore(input.log)),
        player_(from_start_),
        match_(input.store, player_.keys()),
        anchors_(input.steps, runs_, input.table, match_),
        writer_(input, match_),
        refusals_(input.steps, runs_, input.store, from_start_) {
    if (!from_start_) lost_ = Lost{.low = 0, .high = kOpen};
  }

  WitnessReport Run() {
    if (runs_.empty()) return {};
    Reserve();
    uint64_t next = runs_.front().first;
    for (const raft::Run& run : runs_) {
      if (run.first != next) Hole();
      next = run.last + 1;
      const SegmentSteps& of = input_.steps.of(run.segment);
      const auto [begin, end] = input_.steps.Of(run);
      for (size_t i = begin; i < end; ++i) {
        LookAhead(of, i, end);
        Take({&of, &of.steps[i], run.segment});
      }
    }
    Finish();
    return std::move(report_);
  }

 private:
  using Rows = RevisionTable::Rows;

  // Revisions are counted, but which entry made which is not known.
  struct Lost {
    int64_t low = 0, high = kOpen;      // of the newest revision so far
    std::optional<Waiting> apart = {};  // from this entry on, at revision `from`, the records are others
    int64_t from = 0;
    uint64_t missed = 0;                                   // entries whose record must be there and is not
    std::optional<int64_t> start = {};                     // the newest revision when the count was lost
    int64_t made = 0;                                      // since then, at least
    std::vector<uint32_t> written = {};                    // sums of the puts since then
    bool copies = false;                                   // or there are puts whose record is not known
    std::vector<std::pair<int64_t, Waiting>> doubts = {};  // entries whose record is another, by revision
  };

  // Inlined, since GCC drops calls of functions that do nothing but prefetch.
  [[gnu::always_inline]] void LookAhead(const SegmentSteps& of, size_t at, size_t end) const {
    constexpr size_t kSlotsAhead = 16, kStatesAhead = 8;
    const auto key_of = [&](size_t step) -> const mvcc::KeyHash& {
      const uint32_t op = of.steps[step].op;
      const bool txn = of.ops[op].kind == OpKind::kTxn && op + 1 < of.steps[step].op_end;
      return of.ops[txn ? op + 1 : op].hash;
    };
    const auto writes = [&](size_t step) { return step < end && of.steps[step].op < of.steps[step].op_end; };
    if (writes(at + kSlotsAhead)) player_.keys().PrefetchSlot(key_of(at + kSlotsAhead));
    if (writes(at + kStatesAhead)) player_.keys().PrefetchState(key_of(at + kStatesAhead));
  }

  void Reserve() {
    size_t ops = 0;
    for (const raft::Run& run : runs_) ops += input_.steps.of(run.segment).ops.size();
    player_.Reserve(std::min<size_t>(ops, input_.table.rows().size()));
  }

  void Take(const Waiting& at) {
    const LogStep& step = *at.step;
    switch (step.kind) {
      case StepKind::kWrite:
        return Make(at);
      case StepKind::kLeaseGrant:
        return player_.Grant(step.number, !refusals_.May(step));
      case StepKind::kLeaseRevoke:
        Make(at);
        return player_.Revoked(step.number, !refusals_.May(step));
      case StepKind::kAlarmOn:
      case StepKind::kAlarmOff:
      case StepKind::kAuth:
        return refusals_.Take(step);
      case StepKind::kUnknown:
        return Hole();
    }
  }

  void Make(const Waiting& at) {
    const std::vector<Branch> branches = player_.BranchesOf(*at.of, *at.step);
    if (lost_) return MakeLost(at, branches);
    plausible_ = false;
    for (int64_t revision = Low() + 1; revision <= High() + 1; ++revision) {
      if (TryAt(at, branches, revision)) return;
    }
    Wait(at, branches, Low() + 1);
  }

  // Between which the newest revision is.
  int64_t Low() const { return lost_ ? lost_->low : current_ + certain_; }
  int64_t High() const { return lost_ ? lost_->high : current_ + certain_ + perhaps_; }

  bool Complete(int64_t revision) const { return revision > compacted_; }

  // Whether the entry made `revision`; then it is taken.
  bool TryAt(const Waiting& at, const std::vector<Branch>& branches, int64_t revision) {
    const Rows rows = input_.table.At(revision);
    if (rows.empty()) return false;
    for (const Branch branch : branches) {
      const Outcome outcome = player_.Play(*at.of, *at.step, branch, revision);
      if (outcome.happens != Tri::kNo && match_(outcome, rows, Complete(revision))) {
        if (IsSure(at, outcome, revision)) {
          player_.Commit();
          Settle(revision - 1);
          CompareHistories(at, outcome, rows);
          Advance(revision);
          return true;
        }
        plausible_ = true;
      }
      player_.Rollback();
    }
    return false;
  }

  // Whether a record that fits is the entry's own: where others wait, one that only looks like it may.
  bool IsSure(const Waiting& at, const Outcome& outcome, int64_t revision) {
    if (perhaps_ == 0) return true;  // there is but one place for it
    if (!Complete(revision)) {
      for (uint32_t i = at.step->op; i < at.step->op_end; ++i) {
        if (anchors_.RevisionOf(at.of->ops[i]) == revision) return true;
      }
      return false;
    }
    return revision == current_ + 1 || HasPut(outcome);
  }

  static bool HasPut(const Outcome& outcome) {
    return std::ranges::any_of(outcome.effects,
                               [](const Effect& effect) { return !effect.tombstone && effect.sum_known; });
  }

  void Advance(int64_t revision) {
    current_ = revision;
    if (report_.proven.empty() || report_.proven.back().end != revision)
      report_.proven.push_back({revision, revision});
    report_.proven.back().end = revision + 1;
  }

  // create_revision and version, where both the log and the record know them.
  void CompareHistories(const Waiting& at, const Outcome& outcome, Rows rows) {
    for (const Effect& effect : outcome.effects) {
      if (effect.tombstone) continue;
      const auto row =
          std::ranges::find_if(rows, [&](const RevisionRow& each) { return match_.Same(effect, each); });
      if (row == rows.end()) continue;
      if (effect.create_revision != 0 && effect.version != 0) {
        if (row->history != SumOfHistory(effect.create_revision, effect.version))
          writer_.History(at, effect, *row, report_);
      } else if (const auto kv = match_.Read(*row)) {
        player_.Adopt(effect, kv->create_revision, kv->version);
      }
    }
  }

  // No record says that the entry made a revision.
  void Wait(Waiting at, const std::vector<Branch>& branches, int64_t revision) {
    const bool one = branches.size() == 1;
    Outcome outcome = player_.Play(*at.of, *at.step, branches.front(), perhaps_ == 0 ? revision : 0);
    if (one && outcome.happens == Tri::kNo) return player_.Commit();
    at.certain = one && outcome.happens == Tri::kYes && !refusals_.May(*at.step);
    at.after = certain_;
    at.effects = std::move(outcome.effects);
    NoteWritten(at, since_, copies_);
    const bool silent = !Complete(revision) && input_.table.At(revision).empty();
    if (at.certain) {
      player_.Commit();
      // Where a compaction has removed the record nothing contradicts it.
      if (silent && certain_ + perhaps_ == 0) {
        since_.clear();
        return Advance(revision);
      }
      ++certain_;
      if (silent) return;
      at.contradicted = !plausible_;
      contradicted_ += plausible_ ? 0 : 1;
    } else {
      player_.Rollback();
      if (!Complete(revision)) player_.Taint(*at.of, *at.step);
      ++perhaps_;
    }
    waiting_.push_back(std::move(at));
    Limit();
  }

  void Limit() {
    if (contradicted_ > kMostContradicted) return LoseCount();
    if (waiting_.size() <= kMostWaiting) return;
    // Of entries that may have done nothing the oldest are believed to, where every revision is there.
    const auto idle = std::ranges::find(waiting_, false, &Waiting::certain);
    if (!Complete(current_ + 1) || idle == waiting_.end()) return LoseCount();
    waiting_.erase(idle);
    --perhaps_;
  }

  void LoseCount() {
    Lost lost{
        .low = Low(), .high = High(), .start = current_, .written = std::move(since_), .copies = copies_};
    if (contradicted_ > kMostContradicted) {
      const auto first = std::ranges::find(waiting_, true, &Waiting::contradicted);
      lost.apart = *first;
      lost.from = current_ + first->after + 1;
      player_.Forget();
    } else {
      for (const Waiting& each : waiting_) {
        if (!each.certain) break;
        if (each.contradicted) lost.doubts.emplace_back(current_ + each.after + 1, each);
      }
    }
    lost_ = std::move(lost);
    DropWaiting();
  }

  void DropWaiting() {
    waiting_.clear();
    since_.clear();
    copies_ = false;
    certain_ = perhaps_ = 0;
    contradicted_ = 0;
  }

  // Entries are missing.
  void Hole() {
    if (!lost_) LoseCount();
    lost_ = Lost{.low = lost_->low, .high = kOpen, .apart = lost_->apart, .from = lost_->from};
    player_.Forget();
  }

  void MakeLost(const Waiting& at, const std::vector<Branch>& branches) {
    if (Resume(at, branches)) return;
    NoteWritten(at, lost_->written, lost_->copies);
    const Outcome outcome = player_.Play(*at.of, *at.step, branches.front(), 0);
    const bool one = branches.size() == 1;
    if (one && outcome.happens == Tri::kNo) return player_.Commit();
    if (lost_->high < kOpen) ++lost_->high;
    if (one && outcome.happens == Tri::kYes && !refusals_.May(*at.step)) {
      ++lost_->low;
      ++lost_->made;
      NoteMissed(at, outcome);
      return player_.Commit();
    }
    player_.Rollback();
    player_.Taint(*at.of, *at.step);
  }

  static void NoteWritten(const Waiting& at, std::vector<uint32_t>& written, bool& copies) {
    for (uint32_t i = at.step->op; i < at.step->op_end; ++i) {
      const LogOp& op = at.of->ops[i];
      if (op.kind != OpKind::kPut) continue;
      copies = copies || op.ignore_value || op.ignore_lease;
      written.push_back(op.sum);
    }
  }

  // Records of revisions from `begin` to before `end` that none of the entries that made them writes.
  void LookForAliens(int64_t begin, int64_t end, std::vector<uint32_t> written) {
    std::ranges::sort(written);
    const Rows rows = input_.table.rows();
    for (auto row = std::ranges::lower_bound(rows, begin, {}, &RevisionRow::main);
         row != rows.end() && row->main < end; ++row) {
      const bool put = !row->tombstone && !row->malformed && !row->foreign;
      if (put && !std::ranges::binary_search(written, row->sum)) writer_.Alien(*row, report_);
    }
  }

  // After the count was lost until `end` was known to be its revision.
  void JudgeLost(const Lost& lost, int64_t end) {
    for (const auto& [revision, entry] : lost.doubts) {
      writer_.Differs(entry, revision, input_.table.At(revision), Complete(revision), report_);
    }
    if (lost.copies || !lost.doubts.empty()) return;
    LookForAliens(lost.start ? *lost.start + 1 : end - lost.made, end, lost.written);
  }

  // A put that no compaction can have removed, and that comes before the end of the backend, must be there.
  void NoteMissed(const Waiting& at, const Outcome& outcome) {
    if (!Complete(lost_->low) || lost_->high > newest_) return;
    const bool missed = std::ranges::any_of(outcome.effects, [&](const Effect& effect) {
      return !effect.tombstone && effect.sum_known && !anchors_.Holds(effect.sum);
    });
    if (!missed || lost_->missed++ > 0 || lost_->apart) return;
    lost_->apart = at;
    lost_->from = lost_->low;
  }

  // Finds the revision that the entry made by a record that is like no other.
  bool Resume(const Waiting& at, const std::vector<Branch>& branches) {
    for (uint32_t i = at.step->op; i < at.step->op_end; ++i) {
      const auto revision = anchors_.RevisionOf(at.of->ops[i]);
      if (!revision) continue;
      const Lost lost = *lost_;
      current_ = *revision - 1;
      if (!TryAt(at, branches, *revision)) continue;
      lost_.reset();
      Judge(lost, at, *revision);
      return true;
    }
    return false;
  }

  // After it was lost: the revision found against the count.
  void Judge(const Lost& lost, const Waiting& at, int64_t revision) {
    if (lost.apart) {
      writer_.Apart(*lost.apart, lost.from, &at, revision, report_);
    } else if (revision <= lost.low || revision > lost.high + 1) {
      writer_.Slipped(at, revision, lost.low + 1, lost.high + 1, report_);
    } else {
      JudgeLost(lost, revision);
    }
  }

  // What waited is what wrote the revisions up to `last`: what is certain, and of the rest as much as is
  // needed, the latest. Records that differ from it are reported.
  void Settle(int64_t last) {
    if (perhaps_ > 0 && !Complete(current_ + 1)) {  // it is not known which of them
      if (!copies_) LookForAliens(current_ + 1, last + 1, std::move(since_));
      return DropWaiting();
    }
    int64_t idle = perhaps_ - std::clamp<int64_t>(last - current_ - certain_, 0, perhaps_);
    int64_t made = 0;  // by those that are not certain
    for (const Waiting& each : waiting_) {
      if (!each.certain && idle-- > 0) continue;
      Confirm(each, current_ + each.after + made + 1);
      made += each.certain ? 0 : 1;
    }
    DropWaiting();
  }

  void Confirm(const Waiting& maker, int64_t revision) {
    const Rows rows = input_.table.At(revision);
    const Outcome outcome{.happens = Tri::kYes, .effects = maker.effects};
    if (rows.empty() ? !Complete(revision) : match_(outcome, rows, Complete(revision))) return;
    writer_.Differs(maker, revision, rows, Complete(revision), report_);
    if (!maker.certain) player_.Taint(*maker.of, *maker.step);
  }

  void Finish() {
    const bool whole = runs_.back().last >= input_.applied;
    const int64_t low = Low(), high = whole ? High() : kOpen;
    if (lost_ && lost_->apart && lost_->from <= newest_)
      return writer_.Apart(*lost_->apart, lost_->from, nullptr, 0, report_);
    if (const Waiting* first = Stranger())
      return writer_.Apart(*first, current_ + first->after + 1, nullptr, 0, report_);
    if (newest_ < low) return writer_.TooLow(newest_, low, FirstMissing(), report_);
    if (newest_ > high) return writer_.TooHigh(newest_, high, report_);
    if (lost_ && whole) JudgeLost(*lost_, newest_ + 1);
    if (!lost_) Settle(whole ? newest_ : low);
    if (whole) LookForLiveKeys();
  }

  // The first of the entries at the end whose records are of other keys, where they are too many for flipped
  // bits.
  const Waiting* Stranger() const {
    const Waiting* first = nullptr;
    int strangers = 0;
    for (const Waiting& each : waiting_) {
      if (!each.contradicted || SharesKey(each, input_.table.At(current_ + each.after + 1))) continue;
      if (first == nullptr) first = &each;
      ++strangers;
    }
    return strangers >= kFewStrangers ? first : nullptr;
  }

  bool SharesKey(const Waiting& entry, Rows rows) const {
    return rows.empty() || std::ranges::any_of(rows, [&](const RevisionRow& row) {
             const auto kv = match_.Read(row);
             return !kv || std::ranges::any_of(entry.effects, [&](const Effect& effect) {
               return AsText(effect.key) == kv->key;
             });
           });
  }

  const Waiting* FirstMissing() const {
    if (lost_) return lost_->apart ? &*lost_->apart : nullptr;
    const auto first = std::ranges::find(waiting_, true, &Waiting::contradicted);
    return first == waiting_.end() ? nullptr : &*first;
  }

  // Of a key that exists the newest record outlives every compaction.
  void LookForLiveKeys() {
    for (const KeyState& state : player_.keys().all()) {
      if (state.live == Tri::kYes && state.mod_revision <= compacted_ && !Held(state))
        writer_.Vanished(AsText(state.key), state.mod_revision, report_);
    }
  }

  bool Held(const KeyState& state) {
    if (state.mod_revision == 0) {
      return !state.value_known || !state.lease_known ||
             anchors_.Holds(SumOfPut(state.key, state.value, state.lease));
    }
    return std::ranges::any_of(input_.table.At(state.mod_revision), [&](const RevisionRow& row) {
      const auto kv = match_.Read(row);
      return !kv || kv->key == AsText(state.key);
    });
  }

  const WitnessInput& input_;
  const std::vector<raft::Run> runs_;
  const int64_t compacted_, newest_;
  const bool from_start_;
  StepPlayer player_;
  RecordMatch match_;
  Anchors anchors_;
  WitnessWriter writer_;
  WitnessReport report_;

  Refusals refusals_;
  int64_t current_ = 1;  // the newest revision that is known for sure
  // Entries since then of which no record says that they made one: so many that must have, so many that may;
  // of them those kept that matter.
  int64_t certain_ = 0, perhaps_ = 0;
  std::vector<Waiting> waiting_;
  std::vector<uint32_t> since_;  // sums of all their puts
  bool copies_ = false;          // or there are puts whose record is not known
  uint64_t contradicted_ = 0;    // of those that must have the ones whose record is another
  bool plausible_ = false;       // of the entry at hand: a record fits that may be another's
  std::optional<Lost> lost_;
};

bool InOrder(const raft::Log& log) {
  const auto order = ChainOrder(log);
  return !order || std::ranges::is_sorted(*order);
}

}  // namespace

WitnessReport CompareWithLog(const WitnessInput& input) {
  if (!InOrder(input.log)) return {};
  return Walk(input).Run();
}

}  // namespace etcdmedic::check
