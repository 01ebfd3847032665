// SPDX-License-Identifier: Apache-2.0
#include "witness/key_states.h"

#include <algorithm>
#include <bit>

namespace etcdmedic::witness {
namespace {

void SortByKey(std::vector<const KeyState*>& states) {
  std::ranges::sort(states, {}, [](const KeyState* state) { return AsText(state->key); });
  states.erase(std::unique(states.begin(), states.end()), states.end());
}

}  // namespace

uint32_t* KeyStates::Slot(const mvcc::KeyHash& hash) {
  size_t at = Home(hash);
  while (slots_[at] != kNone && states_[slots_[at]].hash != hash) at = (at + 1) & (slots_.size() - 1);
  return &slots_[at];
}

void KeyStates::Resize(size_t slots) {
  slots_.assign(slots, kNone);
  shift_ = 64 - std::countr_zero(slots);
  for (uint32_t i = 0; i < states_.size(); ++i) *Slot(states_[i].hash) = i;
}

void KeyStates::Reserve(size_t keys) {
  const size_t slots = std::bit_ceil(keys + keys / 2 + 64);
  if (slots > slots_.size()) Resize(slots);
}

const KeyState* KeyStates::Find(const mvcc::KeyHash& hash) const {
  const uint32_t at = *const_cast<KeyStates*>(this)->Slot(hash);
  return at == kNone ? nullptr : &states_[at];
}

Tri KeyStates::Live(const mvcc::KeyHash& hash) const {
  if (const KeyState* state = Find(hash)) return state->live;
  return empty_ ? Tri::kNo : Tri::kMaybe;
}

KeyState& KeyStates::Change(const mvcc::KeyHash& hash, Bytes key) {
  uint32_t* slot = Slot(hash);
  if (*slot == kNone) {
    if ((states_.size() + 1) * 4 > slots_.size() * 3) {
      Resize(slots_.size() * 2);
      slot = Slot(hash);
    }
    *slot = static_cast<uint32_t>(states_.size());
    states_.push_back({.hash = hash, .key = key, .live = empty_ ? Tri::kNo : Tri::kMaybe});
  }
  undo_.emplace_back(*slot, states_[*slot]);
  return states_[*slot];
}

void KeyStates::Rollback() {
  for (; !undo_.empty(); undo_.pop_back()) states_[undo_.back().first] = undo_.back().second;
}

void KeyStates::Forget() {
  empty_ = false;
  states_.clear();
  attached_.clear();
  undo_.clear();
  std::ranges::fill(slots_, kNone);
}

void KeyStates::Attach(int64_t lease, const KeyState& state) {
  attached_[lease].push_back(static_cast<uint32_t>(&state - states_.data()));
}

std::vector<const KeyState*> KeyStates::Attached(int64_t lease) const {
  std::vector<const KeyState*> found;
  const auto of_lease = attached_.find(lease);
  if (of_lease == attached_.end()) return found;
  for (const uint32_t at : of_lease->second) {
    const KeyState& state = states_[at];
    if (state.live != Tri::kNo && state.lease == lease) found.push_back(&state);
  }
  SortByKey(found);
  return found;
}

std::optional<std::vector<const KeyState*>> KeyStates::InRange(Bytes begin, Bytes end) {
  if (range_budget_ < states_.size()) return std::nullopt;
  range_budget_ -= states_.size();
  const bool open = end.size() == 1 && end[0] == std::byte{0};
  std::vector<const KeyState*> found;
  for (const KeyState& state : states_) {
    const std::string_view key = AsText(state.key);
    if (state.live != Tri::kNo && key >= AsText(begin) && (open || key < AsText(end)))
      found.push_back(&state);
  }
  SortByKey(found);
  return found;
}

}  // namespace etcdmedic::witness
