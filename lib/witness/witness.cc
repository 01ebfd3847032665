// SPDX-License-Identifier: Apache-2.0
#include "witness/witness.h"

#include <algorithm>

#include "keyspace/record_sum.h"
#include "raft/conf_change.h"
#include "witness/witness_walk.h"

namespace etcdmedic::witness {
namespace {

// So many that may or may not have made a revision are remembered.
constexpr size_t kMostWaiting = 16;

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
// for what was there before.
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

// Inlined, since GCC drops calls of functions that do nothing but prefetch.
[[gnu::always_inline]] inline void LookAhead(const KeyStates& keys, const SegmentSteps& of, size_t at,
                                             size_t end) {
  constexpr size_t kSlotsAhead = 16, kStatesAhead = 8;
  const auto key_of = [&](size_t step) -> const mvcc::KeyHash& {
    const uint32_t op = of.steps[step].op;
    const bool txn = of.ops[op].kind == OpKind::kTxn && op + 1 < of.steps[step].op_end;
    return of.ops[txn ? op + 1 : op].hash;
  };
  const auto writes = [&](size_t step) { return step < end && of.steps[step].op < of.steps[step].op_end; };
  if (writes(at + kSlotsAhead)) keys.PrefetchSlot(key_of(at + kSlotsAhead));
  if (writes(at + kStatesAhead)) keys.PrefetchState(key_of(at + kStatesAhead));
}

bool HasNested(const SegmentSteps& of, const LogStep& step) {
  return std::any_of(of.ops.begin() + step.op + 1, of.ops.begin() + step.op_end,
                     [](const LogOp& op) { return op.kind == OpKind::kTxn; });
}

// Whether the records may fit another way through a transaction than the one it took: each branch writes
// something, or a nested one chooses again.
bool IsAmbiguous(const SegmentSteps& of, const LogStep& step, size_t branches) {
  if (step.kind != StepKind::kWrite || of.ops[step.op].kind != OpKind::kTxn) return false;
  const LogTxn& txn = of.txns[of.ops[step.op].txn];
  const bool both = txn.success_end > step.op + 1 && txn.failure_end > txn.success_end;
  return (both && branches > 1) || HasNested(of, step);
}

bool InOrder(const raft::Log& log) {
  const auto order = raft::ChainOrder(log);
  return !order || std::ranges::is_sorted(*order);
}

}  // namespace

WitnessWalk::WitnessWalk(const WitnessInput& input, Corrections* corrections)
    : input_(input),
      corrections_(corrections),
      runs_(RunsUpTo(input.log, input.applied)),
      compacted_(input.store.compact_revision()),
      newest_(input.store.current_revision()),
      replaced_(raft::ReplacedUpTo(input.log)),
      from_start_(input.log.first_index() == 1 && replaced_ == 0 && !BeginsWithRestore(input.log)),
      player_(from_start_),
      match_(input.store, player_.keys()),
      anchors_(input.steps, runs_, input.table, match_),
      writer_(input, match_, corrections),
      refusals_(input.steps, runs_, input.store, from_start_) {
  if (!from_start_) lost_ = Lost{.low = 0, .high = kOpen};
}

WitnessReport WitnessWalk::Run() {
  if (runs_.empty()) return {};
  Reserve();
  uint64_t next = runs_.front().first;
  for (const raft::Run& run : runs_) {
    if (run.first != next) Hole();
    next = run.last + 1;
    const SegmentSteps& of = input_.steps.of(run.segment);
    const auto [begin, end] = input_.steps.Of(run);
    for (size_t i = begin; i < end; ++i) {
      LookAhead(player_.keys(), of, i, end);
      if (of.steps[i].index > replaced_) Take({&of, &of.steps[i], run.segment});
    }
  }
  Finish();
  return std::move(report_);
}

void WitnessWalk::Reserve() {
  size_t ops = 0;
  for (const raft::Run& run : runs_) {
    const SegmentSteps& of = input_.steps.of(run.segment);
    ops += of.ops.size();
    const auto ambiguous = [&](const LogStep& step) { return IsAmbiguous(of, step, 2); };
    ambiguous_ = ambiguous_ || (!from_start_ && std::ranges::any_of(of.steps, ambiguous));
  }
  player_.Reserve(std::min<size_t>(ops, input_.table.rows().size()));
}

void WitnessWalk::Take(const Waiting& at) {
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

void WitnessWalk::Make(const Waiting& at) {
  const std::vector<Branch> branches = player_.BranchesOf(*at.of, *at.step);
  // Of keys that were there before the log begins too little is known to tell.
  if (ambiguous_ && IsAmbiguous(*at.of, *at.step, branches.size())) return Hole();
  if (lost_) return MakeLost(at, branches);
  plausible_ = false;
  for (int64_t revision = Low() + 1; revision <= High() + 1; ++revision) {
    if (TryAt(at, branches, revision)) return;
  }
  Wait(at, branches, Low() + 1);
}

bool WitnessWalk::TryAt(const Waiting& at, const std::vector<Branch>& branches, int64_t revision) {
  const Rows rows = input_.table.At(revision);
  if (rows.empty()) return false;
  std::vector<Branch> fitting;
  for (const Branch branch : branches) {
    const Outcome outcome = player_.Play(*at.of, *at.step, branch, revision);
    const bool fits = outcome.happens != Tri::kNo && match_(outcome, rows, Complete(revision));
    // What writes all of the records and nothing else leaves the same keys whichever branch it was.
    const bool alone = branches.size() == 1 || (outcome.exact() && Complete(revision));
    if (fits && alone) return Keep(at, outcome, revision);
    if (fits) fitting.push_back(branch);
    player_.Rollback();
  }
  if (fitting.empty()) return false;
  const Outcome outcome = player_.Play(*at.of, *at.step, fitting.front(), revision);
  if (fitting.size() == 1) return Keep(at, outcome, revision);
  // Either branch may have written the records, so of what they touch nothing is known.
  player_.Rollback();
  if (!IsSure(at, outcome, revision)) return plausible_ = true, false;
  player_.Taint(*at.of, *at.step);
  Settle(revision - 1);
  Advance(revision);
  return true;
}

bool WitnessWalk::Keep(const Waiting& at, const Outcome& outcome, int64_t revision) {
  if (!IsSure(at, outcome, revision)) {
    plausible_ = true;
    player_.Rollback();
    return false;
  }
  player_.Commit();
  Settle(revision - 1);
  CompareHistories(at, outcome, input_.table.At(revision));
  NoteMade(at, revision);
  Advance(revision);
  return true;
}

bool WitnessWalk::IsSure(const Waiting& at, const Outcome& outcome, int64_t revision) {
  if (perhaps_ == 0) return true;  // there is but one place for it
  if (!Complete(revision)) {
    for (uint32_t i = at.step->op; i < at.step->op_end; ++i) {
      if (anchors_.RevisionOf(at.of->ops[i]) == revision) return true;
    }
    return false;
  }
  return revision == current_ + 1 || HasPut(outcome);
}

bool WitnessWalk::HasPut(const Outcome& outcome) {
  return std::ranges::any_of(outcome.effects,
                             [](const Effect& effect) { return !effect.tombstone && effect.sum_known; });
}

void WitnessWalk::Advance(int64_t revision) {
  current_ = revision;
  if (report_.proven.empty() || report_.proven.back().end != revision)
    report_.proven.push_back({revision, revision});
  report_.proven.back().end = revision + 1;
}

void WitnessWalk::NoteMade(const Waiting& at, int64_t revision) {
  if (corrections_ == nullptr) return;
  corrections_->last = Made{at.step->index, revision};
  if (!corrections_->first_retained && Complete(revision)) corrections_->first_retained = corrections_->last;
}

void WitnessWalk::CompareHistories(const Waiting& at, const Outcome& outcome, Rows rows) {
  for (const Effect& effect : outcome.effects) {
    if (effect.tombstone) continue;
    const auto row = std::ranges::find_if(
        rows, [&](const keyspace::RevisionRow& each) { return match_.Same(effect, each); });
    if (row == rows.end()) continue;
    if (effect.create_revision != 0 && effect.version != 0) {
      if (row->history != keyspace::SumOfHistory(effect.create_revision, effect.version))
        writer_.History(at, effect, *row, report_);
    } else if (const auto kv = match_.Read(*row)) {
      player_.Adopt(effect, kv->create_revision, kv->version);
    }
  }
}

void WitnessWalk::Wait(Waiting at, const std::vector<Branch>& branches, int64_t revision) {
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

void WitnessWalk::Limit() {
  if (contradicted_ > kMostContradicted) return LoseCount();
  if (waiting_.size() <= kMostWaiting) return;
  // Of entries that may have done nothing the oldest are believed to, where every revision is there.
  const auto idle = std::ranges::find(waiting_, false, &Waiting::certain);
  if (!Complete(current_ + 1) || idle == waiting_.end()) return LoseCount();
  waiting_.erase(idle);
  --perhaps_;
}

void WitnessWalk::DropWaiting() {
  waiting_.clear();
  since_.clear();
  copies_ = false;
  certain_ = perhaps_ = 0;
  contradicted_ = 0;
}

void WitnessWalk::Settle(int64_t last) {
  if (perhaps_ > 0 && !Complete(current_ + 1)) {  // it is not known which of them
    if (!copies_ && !ambiguous_) LookForAliens(current_ + 1, last + 1, std::move(since_));
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

void WitnessWalk::Confirm(const Waiting& maker, int64_t revision) {
  const Rows rows = input_.table.At(revision);
  const Outcome outcome{.happens = Tri::kYes, .effects = maker.effects};
  if (rows.empty() ? !Complete(revision) : match_(outcome, rows, Complete(revision))) return;
  writer_.Differs(maker, revision, rows, Complete(revision), report_);
  if (!maker.certain) player_.Taint(*maker.of, *maker.step);
}

WitnessReport CompareWithLog(const WitnessInput& input) {
  if (!InOrder(input.log)) return {};
  return WitnessWalk(input).Run();
}

WitnessReport CompareWithLog(const WitnessInput& input, Corrections& out) {
  if (!InOrder(input.log)) return {};
  return WitnessWalk(input, &out).Run();
}

}  // namespace etcdmedic::witness
