// SPDX-License-Identifier: Apache-2.0
#include "salvage/beginning.h"

#include <algorithm>
#include <map>

#include "mvcc/key_value.h"
#include "salvage/copies.h"

namespace etcdmedic::salvage {
namespace {

replay::LiveKey KeyAfter(const mvcc::KeyValue& kv) {
  return {kv.create_revision, kv.mod_revision, kv.version, kv.lease, kv.value};
}

class StateReader {
 public:
  StateReader(const FoundRecords& found, int64_t revision)
      : found_(found),
        revision_(revision),
        compacted_(found.primary == nullptr ? -1 : found.primary->compacted),
        expected_(std::max<int64_t>(compacted_, 1) + 1) {}

  FoundState Read() {
    auto record = found_.records.begin();
    const auto apply_until = [&](int64_t main) {
      for (; record != found_.records.end() && record->revision.main < main; ++record)
        Apply(record->revision.main, record->tombstone, record->kv);
    };
    ForEachRevision(Upto(), [&](std::span<const Copy> same) {
      apply_until(same.front().main);
      if (record != found_.records.end() && record->revision.main == same.front().main) return;
      Apply(same.front());
    });
    apply_until(revision_ + 1);
    FoundState state{{keys_.begin(), keys_.end()}, Complete()};
    return state;
  }

 private:
  std::span<const Copy> Upto() const {
    const auto end = std::ranges::upper_bound(found_.copies, revision_, {},
                                              [](const Copy& copy) { return int64_t{copy.main}; });
    return found_.copies.first(static_cast<size_t>(end - found_.copies.begin()));
  }

  // At or below the compacted revision a record counts only where the tree still has it.
  bool IsStale(const Copy& copy) const {
    if (copy.main > compacted_ || found_.primary == nullptr) return false;
    const bool in_tree = copy.origin == Origin::kLive && &found_.sources[copy.source] == found_.primary;
    return !in_tree && !found_.primary->Lost(copy.main);
  }

  void Apply(const Copy& copy) {
    mvcc::KeyValue kv;
    if (IsStale(copy) || !mvcc::ParseKeyValue(ValueOf(copy, found_.sources[copy.source].bytes), kv)) return;
    Apply(copy.main, copy.tombstone, kv);
  }

  void Apply(int64_t main, bool tombstone, const mvcc::KeyValue& kv) {
    if (main > compacted_) {
      whole_ &= main <= expected_;
      expected_ = main + 1;
    }
    if (tombstone) {
      keys_.erase(kv.key);
    } else {
      keys_[kv.key] = KeyAfter(kv);
    }
  }

  bool Complete() const {
    const bool lost =
        found_.primary != nullptr &&
        std::ranges::any_of(found_.primary->lost, [&](const Span& span) { return span.first <= compacted_; });
    return whole_ && expected_ == revision_ + 1 && !lost;
  }

  const FoundRecords& found_;
  const int64_t revision_;
  const int64_t compacted_;
  int64_t expected_;
  bool whole_ = true;
  std::map<std::string_view, replay::LiveKey> keys_;
};

}  // namespace

FoundState StateAt(const FoundRecords& found, int64_t revision) {
  return StateReader(found, revision).Read();
}

}  // namespace etcdmedic::salvage
