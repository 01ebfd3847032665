// SPDX-License-Identifier: Apache-2.0
#include "witness/step_player.h"

#include <algorithm>
#include <compare>

#include "keyspace/record_sum.h"

namespace etcdmedic::witness {
namespace {

enum Result : uint8_t { kEqual, kGreater, kLess, kNotEqual };
enum Target : uint8_t { kVersion, kCreate, kMod, kValue, kLease };

void Happen(Outcome& outcome, Tri happens) { outcome.happens = std::max(outcome.happens, happens); }

Tri Judge(uint8_t result, std::strong_ordering order) {
  switch (result) {
    case kEqual:
      return order == 0 ? Tri::kYes : Tri::kNo;
    case kGreater:
      return order > 0 ? Tri::kYes : Tri::kNo;
    case kLess:
      return order < 0 ? Tri::kYes : Tri::kNo;
    case kNotEqual:
      return order != 0 ? Tri::kYes : Tri::kNo;
    default:
      return Tri::kMaybe;
  }
}

// Of a live key what a compare looks at; nothing where it is not known. Numbers of a key are never 0.
std::optional<int64_t> NumberOf(const KeyState& state, uint8_t target) {
  const auto known = [](int64_t number) { return number == 0 ? std::nullopt : std::optional(number); };
  switch (target) {
    case kVersion:
      return known(state.version);
    case kCreate:
      return known(state.create_revision);
    case kMod:
      return known(state.mod_revision);
    case kLease:
      return state.lease_known ? std::optional(state.lease) : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

Tri StepPlayer::LeaseExists(int64_t lease) const {
  const auto found = leases_.find(lease);
  if (found != leases_.end()) return found->second;
  return leases_known_ ? Tri::kNo : Tri::kMaybe;
}

Tri StepPlayer::CompareOne(const LogCompare& compare) const {
  if (compare.ranged) return Tri::kMaybe;
  const KeyState* state = keys_.Find(compare.hash);
  const Tri live = keys_.Live(compare.hash);
  if (live == Tri::kMaybe) return Tri::kMaybe;
  if (live == Tri::kNo) {
    // Without a key to look at, a compare of values fails and the others see zeros.
    return compare.target == kValue ? Tri::kNo : Judge(compare.result, int64_t{0} <=> compare.number);
  }
  if (compare.target == kValue) {
    if (!state->value_known) return Tri::kMaybe;
    return Judge(compare.result, AsText(state->value) <=> AsText(compare.value));
  }
  const auto number = NumberOf(*state, compare.target);
  return number ? Judge(compare.result, *number <=> compare.number) : Tri::kMaybe;
}

Tri StepPlayer::Compares(const SegmentSteps& steps, const LogTxn& txn) const {
  Tri all = Tri::kYes;
  for (uint32_t i = txn.compares; i < txn.compares_end && all != Tri::kNo; ++i) {
    all = std::min(all, CompareOne(steps.compares[i]));
  }
  return all;
}

std::vector<Branch> StepPlayer::BranchesOf(const SegmentSteps& steps, const LogStep& step) const {
  if (step.kind != StepKind::kWrite || steps.ops[step.op].kind != OpKind::kTxn) return {Branch::kChosen};
  const Tri success = Compares(steps, steps.txns[steps.ops[step.op].txn]);
  if (success == Tri::kMaybe) return {Branch::kSuccess, Branch::kFailure};
  return {success == Tri::kYes ? Branch::kSuccess : Branch::kFailure};
}

Outcome StepPlayer::Play(const SegmentSteps& steps, const LogStep& step, Branch branch, int64_t revision) {
  Outcome outcome;
  const Playing playing{steps, revision, outcome};
  if (step.kind == StepKind::kLeaseRevoke) {
    PlayRevoke(playing, step.number);
  } else {
    PlayOp(playing, step.op, branch);
  }
  if (outcome.valid == Tri::kNo) {
    keys_.Rollback();
    return {};
  }
  outcome.happens = std::min(outcome.happens, outcome.valid);
  return outcome;
}

void StepPlayer::PlayOp(const Playing& playing, uint32_t at, Branch branch) {
  const LogOp& op = playing.steps.ops[at];
  switch (op.kind) {
    case OpKind::kPut:
      return PlayPut(playing, op);
    case OpKind::kDelete:
      return PlayDelete(playing, op);
    case OpKind::kDeleteRange:
      return PlayRange(playing, op);
    case OpKind::kTxn:
      return PlayTxn(playing, at, branch);
  }
}

void StepPlayer::PlayOps(const Playing& playing, uint32_t begin, uint32_t end) {
  for (uint32_t at = begin; at < end;) {
    const LogOp& op = playing.steps.ops[at];
    PlayOp(playing, at, Branch::kChosen);
    at = op.kind == OpKind::kTxn ? playing.steps.txns[op.txn].failure_end : at + 1;
  }
}

void StepPlayer::PlayTxn(const Playing& playing, uint32_t at, Branch branch) {
  const LogTxn& txn = playing.steps.txns[playing.steps.ops[at].txn];
  if (branch == Branch::kChosen) {
    // A nested transaction compares with what was before all of it, which is not to be had after a change.
    const Tri success = playing.outcome.effects.empty() ? Compares(playing.steps, txn) : Tri::kMaybe;
    if (success == Tri::kMaybe) {
      playing.outcome.wild = true;
      Happen(playing.outcome, Tri::kMaybe);
      return TaintOps(playing.steps, at + 1, txn.failure_end);
    }
    branch = success == Tri::kYes ? Branch::kSuccess : Branch::kFailure;
  }
  const bool success = branch == Branch::kSuccess;
  PlayOps(playing, success ? at + 1 : txn.success_end, success ? txn.success_end : txn.failure_end);
}

void StepPlayer::PlayPut(const Playing& playing, const LogOp& op) {
  Outcome& outcome = playing.outcome;
  const Tri before = keys_.Live(op.hash);
  const bool copies = op.ignore_value || op.ignore_lease;
  if (copies) outcome.valid = std::min(outcome.valid, before);
  if (op.lease != 0) outcome.valid = std::min(outcome.valid, LeaseExists(op.lease));
  Happen(outcome, Tri::kYes);
  KeyState& state = keys_.Change(op.hash, op.key);
  if (!op.ignore_value) state.value = op.value, state.value_known = true;
  const int64_t lease_before = state.lease_known ? state.lease : 0;
  if (!op.ignore_lease) state.lease = op.lease, state.lease_known = true;
  state.mod_revision = playing.revision;
  if (before == Tri::kNo) {
    state.create_revision = playing.revision;
    state.version = 1;
  } else if (before == Tri::kMaybe) {
    state.create_revision = state.version = 0;
  } else if (state.version != 0) {
    ++state.version;
  }
  state.live = Tri::kYes;
  if (state.lease_known && state.lease != 0 && state.lease != lease_before) keys_.Attach(state.lease, state);
  const bool known = state.value_known && state.lease_known;
  outcome.effects.push_back(
      {.sum_known = known,
       .sum = copies && known ? keyspace::SumOfPut(op.key, state.value, state.lease) : op.sum,
       .create_revision = state.create_revision,
       .version = state.version,
       .hash = op.hash,
       .key = op.key,
       .value = state.value,
       .lease = state.lease});
}

void StepPlayer::Remove(const Playing& playing, const mvcc::KeyHash& hash, Bytes key, Tri live) {
  Happen(playing.outcome, live);
  KeyState& state = keys_.Change(hash, key);
  state = {.hash = state.hash, .key = state.key, .lease_known = true, .live = Tri::kNo};
  playing.outcome.effects.push_back({.tombstone = true,
                                     .sure = live == Tri::kYes,
                                     .sum = keyspace::SumOfTombstone(key),
                                     .hash = hash,
                                     .key = key});
}

void StepPlayer::PlayDelete(const Playing& playing, const LogOp& op) {
  const Tri live = keys_.Live(op.hash);
  if (live != Tri::kNo) Remove(playing, op.hash, op.key, live);
}

void StepPlayer::PlayRange(const Playing& playing, const LogOp& op) {
  const auto keys = keys_.InRange(op.key, op.value);
  if (!keys || !keys_.all_known()) {
    playing.outcome.open_deletes = true;
    Happen(playing.outcome, Tri::kMaybe);
  }
  if (!keys) return keys_.Forget();
  for (const KeyState* state : *keys) Remove(playing, state->hash, state->key, state->live);
}

void StepPlayer::PlayRevoke(const Playing& playing, int64_t lease) {
  const Tri exists = LeaseExists(lease);
  playing.outcome.valid = exists;
  if (exists == Tri::kNo) return;
  if (!keys_.all_known()) {
    playing.outcome.open_deletes = true;
    Happen(playing.outcome, Tri::kMaybe);
  }
  for (const KeyState* state : keys_.Attached(lease)) Remove(playing, state->hash, state->key, state->live);
}

void StepPlayer::TaintKey(const mvcc::KeyHash& hash, Bytes key) {
  KeyState& state = keys_.Change(hash, key);
  state = {.hash = state.hash, .key = state.key, .live = Tri::kMaybe};
}

void StepPlayer::TaintOps(const SegmentSteps& steps, uint32_t begin, uint32_t end) {
  for (uint32_t at = begin; at < end; ++at) {
    const LogOp& op = steps.ops[at];
    if (op.kind == OpKind::kDeleteRange) {
      const auto keys = keys_.InRange(op.key, op.value);
      if (!keys) return Forget();
      for (const KeyState* state : *keys) TaintKey(state->hash, state->key);
    } else if (op.kind == OpKind::kPut || (op.kind == OpKind::kDelete && keys_.Live(op.hash) != Tri::kNo)) {
      TaintKey(op.hash, op.key);
    }
  }
}

void StepPlayer::Taint(const SegmentSteps& steps, const LogStep& step) {
  if (step.kind == StepKind::kWrite) TaintOps(steps, step.op, step.op_end);
  if (step.kind == StepKind::kLeaseRevoke) {
    for (const KeyState* state : keys_.Attached(step.number)) TaintKey(state->hash, state->key);
  }
  keys_.Commit();
}

void StepPlayer::Grant(int64_t lease, bool sure) {
  Tri& known = leases_[lease];
  known = std::max(known, sure ? Tri::kYes : Tri::kMaybe);
}

void StepPlayer::Revoked(int64_t lease, bool sure) { leases_[lease] = sure ? Tri::kNo : Tri::kMaybe; }

void StepPlayer::Forget() {
  keys_.Forget();
  leases_.clear();
  leases_known_ = false;
}

void StepPlayer::Adopt(const Effect& effect, int64_t create_revision, int64_t version) {
  if (keys_.Live(effect.hash) != Tri::kYes) return;
  KeyState& state = keys_.Change(effect.hash, effect.key);
  state.create_revision = create_revision;
  state.version = version;
  keys_.Commit();
}

}  // namespace etcdmedic::witness
