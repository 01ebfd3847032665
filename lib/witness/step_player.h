// SPDX-License-Identifier: Apache-2.0
// What an entry does to the key space, as etcd applies it: docs/format/mvcc.md, "How entries become
// revisions". Where the state before it is not known it says what the entry may do.
#pragma once

#include <map>
#include <vector>

#include "witness/key_states.h"

namespace etcdmedic::witness {

// One record that an entry writes to bucket `key`.
struct Effect {
  bool tombstone = false;
  bool sure = true;       // where the entry has an effect at all, this is part of it
  bool sum_known = true;  // else `value` and `lease` are not known either
  uint32_t sum = 0;
  int64_t create_revision = 0, version = 0;  // 0 for not known, and of a deletion
  mvcc::KeyHash hash = {};
  Bytes key = {}, value = {};
  int64_t lease = 0;
};

struct Outcome {
  Tri happens = Tri::kNo;            // whether a revision is made
  Tri valid = Tri::kYes;             // whether etcd does not refuse it
  bool open_deletes = false;         // keys may be deleted beside those in `effects`
  bool wild = false;                 // what it does is unknown
  std::vector<Effect> effects = {};  // in order

  bool exact() const { return !open_deletes && !wild; }
};

// Which branch of a transaction to take: that which its compares choose, or one of them.
enum class Branch : uint8_t { kChosen, kSuccess, kFailure };

class StepPlayer {
 public:
  // `empty`: the key space was empty, and no lease existed, before the first entry.
  explicit StepPlayer(bool empty) : keys_(empty), leases_known_(empty) {}

  // Makes room for as many keys.
  void Reserve(size_t keys) { keys_.Reserve(keys); }

  // The branches that the entry may take: one, or both where its compares cannot be decided.
  std::vector<Branch> BranchesOf(const SegmentSteps& steps, const LogStep& step) const;
  // Plays a write or a revocation of a lease; `revision` is what it would make, 0 for not known. What it
  // changes is kept with Commit or taken back with Rollback.
  Outcome Play(const SegmentSteps& steps, const LogStep& step, Branch branch, int64_t revision);
  void Commit() { keys_.Commit(); }
  void Rollback() { keys_.Rollback(); }
  // Nothing is known any more of the keys that the entry names.
  void Taint(const SegmentSteps& steps, const LogStep& step);

  // `sure` false: perhaps.
  void Grant(int64_t lease, bool sure);
  // After a revocation was played and kept; `sure` false: perhaps.
  void Revoked(int64_t lease, bool sure);

  // Nothing is known from now on.
  void Forget();
  // What the backend says of a key whose history was not known.
  void Adopt(const Effect& effect, int64_t create_revision, int64_t version);

  const KeyStates& keys() const { return keys_; }

 private:
  struct Playing {
    const SegmentSteps& steps;
    int64_t revision;
    Outcome& outcome;
  };
  void PlayOp(const Playing& playing, uint32_t at, Branch branch);
  void PlayOps(const Playing& playing, uint32_t begin, uint32_t end);
  void PlayTxn(const Playing& playing, uint32_t at, Branch branch);
  void PlayPut(const Playing& playing, const LogOp& op);
  void PlayDelete(const Playing& playing, const LogOp& op);
  void PlayRange(const Playing& playing, const LogOp& op);
  void PlayRevoke(const Playing& playing, int64_t lease);
  void Remove(const Playing& playing, const mvcc::KeyHash& hash, Bytes key, Tri live);
  Tri LeaseExists(int64_t lease) const;
  Tri Compares(const SegmentSteps& steps, const LogTxn& txn) const;
  Tri CompareOne(const LogCompare& compare) const;
  void TaintOps(const SegmentSteps& steps, uint32_t begin, uint32_t end);
  void TaintKey(const mvcc::KeyHash& hash, Bytes key);

  KeyStates keys_;
  bool leases_known_;
  std::map<int64_t, Tri> leases_;
};

}  // namespace etcdmedic::witness
