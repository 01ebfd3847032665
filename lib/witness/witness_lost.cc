// SPDX-License-Identifier: Apache-2.0
// Where revisions are counted but not known: before the first that is, after a hole, in what a compaction
// left.
#include <algorithm>

#include "witness/witness_walk.h"

namespace etcdmedic::witness {

void WitnessWalk::LoseCount() {
  Lost lost{.low = Low(), .high = High(), .start = current_, .written = std::move(since_), .copies = copies_};
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

void WitnessWalk::Hole() {
  if (!lost_) LoseCount();
  lost_ = Lost{.low = lost_->low,
               .high = kOpen,
               .apart = lost_->apart,
               .from = lost_->from,
               .doubts = std::move(lost_->doubts)};
  player_.Forget();
}

void WitnessWalk::MakeLost(const Waiting& at, const std::vector<Branch>& branches) {
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

void WitnessWalk::NoteWritten(const Waiting& at, std::vector<uint32_t>& written, bool& copies) {
  for (uint32_t i = at.step->op; i < at.step->op_end; ++i) {
    const LogOp& op = at.of->ops[i];
    if (op.kind != OpKind::kPut) continue;
    copies = copies || op.ignore_value || op.ignore_lease;
    written.push_back(op.sum);
  }
}

void WitnessWalk::LookForAliens(int64_t begin, int64_t end, std::vector<uint32_t> written) {
  std::ranges::sort(written);
  const Rows rows = input_.table.rows();
  for (auto row = std::ranges::lower_bound(rows, begin, {}, &keyspace::RevisionRow::main);
       row != rows.end() && row->main < end; ++row) {
    const bool put = !row->tombstone && !row->malformed && !row->foreign;
    if (put && !std::ranges::binary_search(written, row->sum)) writer_.Alien(*row, report_);
  }
}

void WitnessWalk::JudgeLost(const Lost& lost, int64_t end) {
  for (const auto& [revision, entry] : lost.doubts) {
    writer_.Differs(entry, revision, input_.table.At(revision), Complete(revision), report_);
  }
  if (lost.copies || ambiguous_ || (lost.start && !lost.doubts.empty())) return;
  LookForAliens(lost.start ? *lost.start + 1 : end - lost.made, end, lost.written);
}

void WitnessWalk::NoteMissed(const Waiting& at, const Outcome& outcome) {
  if (!Complete(lost_->low) || lost_->high > newest_) return;
  const bool missed = std::ranges::any_of(outcome.effects, [&](const Effect& effect) {
    return !effect.tombstone && effect.sum_known && !anchors_.Holds(effect.sum);
  });
  if (!missed || lost_->missed++ > 0 || lost_->apart) return;
  lost_->apart = at;
  lost_->from = lost_->low;
}

bool WitnessWalk::Resume(const Waiting& at, const std::vector<Branch>& branches) {
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

void WitnessWalk::Judge(const Lost& lost, const Waiting& at, int64_t revision) {
  if (lost.apart) {
    writer_.Apart(*lost.apart, lost.from, &at, revision, report_);
  } else if (revision <= lost.low || revision > lost.high + 1) {
    // After them the count may have begun at a record that another entry wrote.
    if (!ambiguous_) writer_.Slipped(at, revision, lost.low + 1, lost.high + 1, report_);
  } else {
    JudgeLost(lost, revision);
  }
}

}  // namespace etcdmedic::witness
