// SPDX-License-Identifier: Apache-2.0
#include "mvcc/newest.h"

#include <functional>

#include "base/parallel.h"
#include "mvcc/key_value.h"
#include "mvcc/revision.h"

namespace etcdmedic::mvcc {
namespace {

constexpr size_t kLeastPart = 4096;
constexpr uint64_t kNoKey = 0;  // in place of a hash: not to be looked at

std::string_view KeyOf(const EntryTable& table, uint32_t number) {
  KeyValue kv;
  return ParseKeyValue(table.ValueAt(number), kv) ? kv.key : std::string_view();
}

uint64_t HashOf(const EntryTable& table, uint32_t number, int64_t bound) {
  const auto id = ParseRevisionKey(table.KeyAt(number));
  KeyValue kv;
  if (!id || id->revision.main > bound || !ParseKeyValue(table.ValueAt(number), kv)) return kNoKey;
  return std::hash<std::string_view>()(kv.key) | 1;
}

// A set of keys, each by the number of an entry that has it.
class KeySet {
 public:
  KeySet(const EntryTable& table, const std::vector<uint64_t>& hashes)
      : table_(table), hashes_(hashes), slots_(1024, 0) {}

  // True where the key of `number` was not in the set.
  bool Insert(uint32_t number) {
    if ((count_ + 1) * 4 > slots_.size() * 3) Grow();
    uint32_t& slot = Find(number);
    if (slot != 0) return false;
    slot = number + 1;
    ++count_;
    return true;
  }

 private:
  uint32_t& Find(uint32_t number) {
    const uint64_t hash = hashes_[number];
    const size_t mask = slots_.size() - 1;
    for (size_t at = hash >> 8 & mask;; at = (at + 1) & mask) {
      if (slots_[at] == 0) return slots_[at];
      const uint32_t other = slots_[at] - 1;
      if (hashes_[other] == hash && KeyOf(table_, other) == KeyOf(table_, number)) return slots_[at];
    }
  }

  void Grow() {
    const std::vector<uint32_t> old = std::move(slots_);
    slots_.assign(old.size() * 2, 0);
    const size_t mask = slots_.size() - 1;
    for (const uint32_t slot : old) {
      if (slot == 0) continue;
      size_t at = hashes_[slot - 1] >> 8 & mask;
      while (slots_[at] != 0) at = (at + 1) & mask;
      slots_[at] = slot;
    }
  }

  const EntryTable& table_;
  const std::vector<uint64_t>& hashes_;
  std::vector<uint32_t> slots_;  // number + 1, 0 for none
  size_t count_ = 0;
};

struct Count {
  uint64_t keys = 0;
  uint64_t live = 0;
};

}  // namespace

NewestOfKeys FindNewest(const EntryTable& table, int64_t bound) {
  std::vector<uint64_t> hashes(table.size());
  const size_t parts = PartsOf(table.size(), kLeastPart);
  InParallel(table.size(), parts, [&](size_t, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) hashes[i] = HashOf(table, static_cast<uint32_t>(i), bound);
  });
  // Each thread takes the keys whose hash falls to it, from the newest entry back: the first that it sees of
  // a key is the newest.
  std::vector<uint8_t> newest(table.size(), 0);
  std::vector<Count> counts(parts);
  InParallel(parts, parts, [&](size_t part, size_t, size_t) {
    KeySet seen(table, hashes);
    for (uint32_t i = table.size(); i-- > 0;) {
      if (hashes[i] == kNoKey || (hashes[i] >> 1) % parts != part || !seen.Insert(i)) continue;
      newest[i] = 1;
      ++counts[part].keys;
      if (table.KeySize(i) != kTombstoneSize) ++counts[part].live;
    }
  });
  NewestOfKeys result;
  result.newest.assign(newest.begin(), newest.end());
  for (const Count& count : counts) result.keys += count.keys, result.live += count.live;
  return result;
}

}  // namespace etcdmedic::mvcc
