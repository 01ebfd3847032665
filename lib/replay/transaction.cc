// SPDX-License-Identifier: Apache-2.0
#include "replay/transaction.h"

#include <algorithm>

namespace etcdmedic::replay {
namespace {

constexpr uint64_t kOverheadOfPut = 256;

template <class T>
bool Holds(CompareResult result, const T& stored, const T& given) {
  switch (result) {
    case CompareResult::kEqual:
      return stored == given;
    case CompareResult::kNotEqual:
      return stored != given;
    case CompareResult::kGreater:
      return stored > given;
    case CompareResult::kLess:
      return stored < given;
  }
  return true;
}

bool Holds(const Compare& compare, const LiveKey& key) {
  switch (compare.target) {
    case CompareTarget::kVersion:
      return Holds(compare.result, key.version, compare.number);
    case CompareTarget::kCreate:
      return Holds(compare.result, key.create_revision, compare.number);
    case CompareTarget::kMod:
      return Holds(compare.result, key.mod_revision, compare.number);
    case CompareTarget::kValue:
      return Holds(compare.result, key.value, compare.value);
    case CompareTarget::kLease:
      return Holds(compare.result, key.lease, compare.number);
  }
  return Holds(compare.result, int64_t{0}, int64_t{0});
}

bool Holds(const Compare& compare, const KeySpace& keys) {
  const auto [first, last] = keys.Range(compare.key, compare.end);
  if (first == last) return compare.target != CompareTarget::kValue && Holds(compare, LiveKey{});
  return std::all_of(first, last, [&](const auto& each) { return Holds(compare, each.second); });
}

// The branches that the compares choose, decided before anything is changed: true for success, of each
// transaction in the order in which they are carried out.
class Path {
 public:
  Path(const Txn& txn, const KeySpace& keys) : keys_(keys) { Decide(txn); }

  // The branch of the next transaction.
  bool Next() { return taken_[next_++]; }
  void Rewind() { next_ = 0; }

 private:
  void Decide(const Txn& txn) {
    const bool success =
        std::ranges::all_of(txn.compares, [this](const Compare& each) { return Holds(each, keys_); });
    taken_.push_back(success);
    for (const Op& op : success ? txn.success : txn.failure) {
      if (op.kind == Op::Kind::kTxn) Decide(*op.txn);
    }
  }

  const KeySpace& keys_;
  std::vector<bool> taken_;
  size_t next_ = 0;
};

bool MayPut(const PutOp& put, const KeySpace& keys) {
  if ((put.ignore_value || put.ignore_lease) && keys.Find(put.key) == nullptr) return false;
  return put.lease == 0 || keys.leases().Holds(put.lease);
}

bool MayRange(const RangeOp& range, const KeySpace& keys) {
  return range.revision == 0 || (range.revision >= keys.compacted() && range.revision <= keys.revision());
}

bool MayApply(const Txn& txn, bool check_ranges, Path& path, const KeySpace& keys) {
  for (const Op& op : path.Next() ? txn.success : txn.failure) {
    if (op.kind == Op::Kind::kRange && check_ranges && !MayRange(op.range, keys)) return false;
    if (op.kind == Op::Kind::kPut && !MayPut(op.put, keys)) return false;
    if (op.kind == Op::Kind::kTxn && !MayApply(*op.txn, true, path, keys)) return false;
  }
  return true;
}

void Put(const PutOp& put, KeySpace& keys) {
  const LiveKey* const old = put.ignore_value || put.ignore_lease ? keys.Find(put.key) : nullptr;
  if (old == nullptr) return keys.Put(put.key, put.value, put.lease);
  keys.Put(put.key, put.ignore_value ? old->value : put.value, put.ignore_lease ? old->lease : put.lease);
}

void CarryOut(const Txn& txn, Path& path, KeySpace& keys) {
  for (const Op& op : path.Next() ? txn.success : txn.failure) {
    if (op.kind == Op::Kind::kPut) Put(op.put, keys);
    if (op.kind == Op::Kind::kDelete) keys.DeleteRange(op.remove.key, op.remove.end);
    if (op.kind == Op::Kind::kTxn) CarryOut(*op.txn, path, keys);
  }
}

uint64_t CostOf(const std::vector<Op>& ops) {
  uint64_t cost = 0;
  for (const Op& op : ops) {
    if (op.kind == Op::Kind::kPut) cost += kOverheadOfPut + op.put.key.size() + op.put.value.size();
    if (op.kind == Op::Kind::kTxn) cost += CostOf(*op.txn);
  }
  return cost;
}

}  // namespace

bool ApplyPut(const PutOp& put, KeySpace& keys) {
  if (!MayPut(put, keys)) return false;
  Put(put, keys);
  return true;
}

bool ApplyTxn(const Txn& txn, bool check_top_ranges, KeySpace& keys) {
  Path path(txn, keys);
  if (!MayApply(txn, check_top_ranges, path, keys)) return false;
  path.Rewind();
  CarryOut(txn, path, keys);
  return true;
}

uint64_t CostOf(const Txn& txn) { return std::max(CostOf(txn.success), CostOf(txn.failure)); }

}  // namespace etcdmedic::replay
