// SPDX-License-Identifier: Apache-2.0
#include "mvcc/newest.h"

#include <cstring>
#include <random>
#include <string_view>
#include <utility>

#include "base/parallel.h"
#include "mvcc/key_value.h"
#include "mvcc/revision.h"

namespace etcdmedic::mvcc {
namespace {

constexpr size_t kLeastPart = 4096;  // entries; fewer are not worth a thread
constexpr uint32_t kAhead = 16;      // entries whose memory is asked for before they are read

__extension__ using Wide = unsigned __int128;

uint64_t Fold(uint64_t a, uint64_t b) {
  const Wide product = Wide{a} * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

struct Seed {
  uint64_t high, low, high_factor, low_factor;
};

const Seed& SeedOfProcess() {
  static const Seed seed = [] {
    std::random_device random;
    const auto odd = [&] { return (uint64_t{random()} << 32 | random()) | 1; };
    return Seed{odd(), odd(), odd(), odd()};
  }();
  return seed;
}

KeyHash HashOfEntry(const EntryTable& table, uint32_t number, int64_t bound) {
  const auto id = ParseRevisionKey(table.KeyAt(number));
  KeyValue kv;
  if (!id || id->revision.main > bound || !ParseKeyValue(table.ValueAt(number), kv)) return {};
  return HashOfKey(kv.key);
}

class KeySet {
 public:
  KeySet() : slots_(1024) {}

  // Asks for the memory that Insert will look at.
  void Prefetch(const KeyHash& hash) const { __builtin_prefetch(&slots_[Home(hash)]); }

  // True where it was not in the set.
  bool Insert(const KeyHash& hash) {
    if ((count_ + 1) * 4 > slots_.size() * 3) Grow();
    KeyHash& slot = Find(hash);
    if (slot == hash) return false;
    slot = hash;
    ++count_;
    return true;
  }

 private:
  size_t Home(const KeyHash& hash) const { return hash.high >> shift_; }

  KeyHash& Find(const KeyHash& hash) {
    size_t at = Home(hash);
    while (slots_[at] != KeyHash{} && slots_[at] != hash) at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }

  void Grow() {
    const std::vector<KeyHash> old = std::exchange(slots_, std::vector<KeyHash>(slots_.size() * 2));
    --shift_;
    for (const KeyHash& hash : old) {
      if (hash != KeyHash{}) Find(hash) = hash;
    }
  }

  std::vector<KeyHash> slots_;
  unsigned shift_ = 64 - 10;  // of 2^10 slots
  size_t count_ = 0;
};

struct Count {
  uint64_t keys = 0;
  uint64_t live = 0;
};

// Takes the keys whose hash falls to this part, from the newest entry back: the first that it sees of a key
// is the newest.
Count MarkNewest(const EntryTable& table, const std::vector<KeyHash>& hashes, size_t part, size_t parts,
                 std::vector<uint8_t>& newest) {
  KeySet seen;
  Count count;
  const auto mine = [&](uint32_t i) {
    return hashes[i] != KeyHash{} && (hashes[i].low >> 1) % parts == part;
  };
  for (uint32_t i = table.size(); i-- > 0;) {
    if (i >= kAhead && mine(i - kAhead)) seen.Prefetch(hashes[i - kAhead]);
    if (!mine(i) || !seen.Insert(hashes[i])) continue;
    newest[i] = 1;
    ++count.keys;
    if (table.KeySize(i) != kTombstoneSize) ++count.live;
  }
  return count;
}

}  // namespace

KeyHash HashOfKey(std::string_view key) {
  const Seed& seed = SeedOfProcess();
  KeyHash hash{seed.high ^ key.size(), seed.low + key.size()};
  for (size_t at = 0; at < key.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, key.data() + at, std::min<size_t>(8, key.size() - at));
    hash = {Fold(hash.high ^ word, seed.high_factor), Fold(hash.low + word, seed.low_factor)};
  }
  hash = {Fold(hash.high, seed.low_factor), Fold(hash.low, seed.high_factor)};
  hash.low |= 1;
  return hash;
}

void HashKeys(const EntryTable& table, int64_t bound, uint32_t begin, uint32_t end,
              std::vector<KeyHash>& hashes) {
  for (uint32_t i = begin; i < end; ++i) {
    if (i + kAhead < end) table.Prefetch(i + kAhead);
    hashes[i] = HashOfEntry(table, i, bound);
  }
}

NewestOfKeys FindNewest(const EntryTable& table, int64_t bound) {
  std::vector<KeyHash> hashes(table.size());
  InParallel(table.size(), PartsOf(table.size(), kLeastPart), [&](size_t, size_t begin, size_t end) {
    HashKeys(table, bound, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), hashes);
  });
  return FindNewest(table, hashes);
}

NewestOfKeys FindNewest(const EntryTable& table, const std::vector<KeyHash>& hashes) {
  const size_t parts = PartsOf(table.size(), kLeastPart);
  std::vector<uint8_t> newest(table.size(), 0);
  std::vector<Count> counts(parts);
  InParallel(parts, parts, [&](size_t part, size_t, size_t) {
    counts[part] = MarkNewest(table, hashes, part, parts, newest);
  });
  NewestOfKeys result;
  result.newest.assign(newest.begin(), newest.end());
  for (const Count& count : counts) result.keys += count.keys, result.live += count.live;
  return result;
}

}  // namespace etcdmedic::mvcc
