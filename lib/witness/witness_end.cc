// SPDX-License-Identifier: Apache-2.0
// What is known after the last entry that the backend has applied.
#include <algorithm>

#include "keyspace/record_sum.h"
#include "witness/witness_walk.h"

namespace etcdmedic::witness {
namespace {

// So many at the end whose records are of other keys, and they are of another history.
constexpr int kFewStrangers = 3;

}  // namespace

void WitnessWalk::Finish() {
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

const Waiting* WitnessWalk::Stranger() const {
  const Waiting* first = nullptr;
  int strangers = 0;
  for (const Waiting& each : waiting_) {
    if (!each.contradicted || SharesKey(each, input_.table.At(current_ + each.after + 1))) continue;
    if (first == nullptr) first = &each;
    ++strangers;
  }
  return strangers >= kFewStrangers ? first : nullptr;
}

bool WitnessWalk::SharesKey(const Waiting& entry, Rows rows) const {
  return rows.empty() || std::ranges::any_of(rows, [&](const keyspace::RevisionRow& row) {
           const auto kv = match_.Read(row);
           return !kv || std::ranges::any_of(entry.effects, [&](const Effect& effect) {
             return AsText(effect.key) == kv->key;
           });
         });
}

const Waiting* WitnessWalk::FirstMissing() const {
  if (lost_) return lost_->apart ? &*lost_->apart : nullptr;
  const auto first = std::ranges::find(waiting_, true, &Waiting::contradicted);
  return first == waiting_.end() ? nullptr : &*first;
}

void WitnessWalk::LookForLiveKeys() {
  for (const KeyState& state : player_.keys().all()) {
    if (state.live == Tri::kYes && state.mod_revision <= compacted_ && !Held(state))
      writer_.Vanished(AsText(state.key), state.mod_revision, report_);
  }
}

bool WitnessWalk::Held(const KeyState& state) {
  if (state.mod_revision == 0) {
    return !state.value_known || !state.lease_known ||
           anchors_.Holds(keyspace::SumOfPut(state.key, state.value, state.lease));
  }
  return std::ranges::any_of(input_.table.At(state.mod_revision), [&](const keyspace::RevisionRow& row) {
    const auto kv = match_.Read(row);
    return !kv || kv->key == AsText(state.key);
  });
}

}  // namespace etcdmedic::witness
