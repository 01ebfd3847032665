// SPDX-License-Identifier: Apache-2.0
// What the log makes of the keys, entry by entry: about 130 bytes a key. A fact may be unknown, since the log
// need not reach back to the first entry; nothing is guessed.
#pragma once

#include <unordered_map>
#include <vector>

#include "witness/log_steps.h"

namespace etcdmedic::witness {

enum class Tri : uint8_t { kNo, kMaybe, kYes };

struct KeyState {
  mvcc::KeyHash hash = {};
  Bytes key = {};
  Bytes value = {};  // of the last put
  bool value_known = false;
  bool lease_known = false;
  Tri live = Tri::kNo;
  int64_t lease = 0;
  // Of the last put; 0 for not known.
  int64_t mod_revision = 0, create_revision = 0, version = 0;
};

class KeyStates {
 public:
  // `empty`: no key existed before the first change.
  explicit KeyStates(bool empty) : empty_(empty), slots_(64, kNone) {}

  // Makes room for as many keys.
  void Reserve(size_t keys);

  // Ask, one after the other, for the memory that the others will look at.
  [[gnu::always_inline]] void PrefetchSlot(const mvcc::KeyHash& hash) const {
    __builtin_prefetch(&slots_[Home(hash)]);
  }
  [[gnu::always_inline]] void PrefetchState(const mvcc::KeyHash& hash) const {
    const uint32_t at = slots_[Home(hash)];
    if (at == kNone) return;
    const auto* const state = reinterpret_cast<const std::byte*>(&states_[at]);
    __builtin_prefetch(state);
    __builtin_prefetch(state + sizeof(KeyState) - 1);
  }

  // The state of a key, null where it has never been touched.
  const KeyState* Find(const mvcc::KeyHash& hash) const;
  // Whether it exists; also for a key that has never been touched.
  Tri Live(const mvcc::KeyHash& hash) const;
  // To be changed. Until Commit the change can be taken back.
  KeyState& Change(const mvcc::KeyHash& hash, Bytes key);
  void Commit() { undo_.clear(); }
  void Rollback();

  // From now on nothing is known of any key.
  void Forget();
  bool all_known() const { return empty_; }

  // Attaches to a lease; what is attached is asked for with Attached, in the order of keys.
  void Attach(int64_t lease, const KeyState& state);
  std::vector<const KeyState*> Attached(int64_t lease) const;
  // The keys in [begin, end) that exist, or may exist, in order; `end` {0} is none. Nothing where asking for
  // ranges has cost too much already.
  std::optional<std::vector<const KeyState*>> InRange(Bytes begin, Bytes end);

  const std::vector<KeyState>& all() const { return states_; }

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFF;
  size_t Home(const mvcc::KeyHash& hash) const { return hash.high >> shift_; }
  uint32_t* Slot(const mvcc::KeyHash& hash);
  void Resize(size_t slots);

  bool empty_;
  std::vector<KeyState> states_;
  int shift_ = 58;               // leaves as many bits as number the slots
  std::vector<uint32_t> slots_;  // positions in states_, by hash
  std::vector<std::pair<uint32_t, KeyState>> undo_;
  std::unordered_map<int64_t, std::vector<uint32_t>> attached_;  // may hold keys that are attached no more
  uint64_t range_budget_ = 50'000'000;                           // keys looked at for ranges
};

}  // namespace etcdmedic::witness
