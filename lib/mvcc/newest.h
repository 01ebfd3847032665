// SPDX-License-Identifier: Apache-2.0
// Which revision of each key is its newest, without sorting: what HashKV and `snapshot status` need to know.
#pragma once

#include <string_view>
#include <vector>

#include "mvcc/entry_table.h"

namespace etcdmedic::mvcc {

struct NewestOfKeys {
  std::vector<bool> newest;  // by number of entry: no later entry, up to the bound, has its key
  uint64_t keys = 0;         // distinct keys seen
  uint64_t live = 0;         // those whose newest entry is not a tombstone
};

// A key's stand-in: 128 bits, with a new seed in every process, so that no file can be made whose keys
// collide, and by chance none do. All zero: no key.
struct KeyHash {
  uint64_t high = 0;
  uint64_t low = 0;
  friend bool operator==(const KeyHash&, const KeyHash&) = default;
};

KeyHash HashOfKey(std::string_view key);

// Looks at the entries of `table` (bucket `key`) whose main revision is at most `bound`. Entries that are no
// revision or hold no KeyValue are passed over, as nothing can be said of them. Takes about 20 bytes a
// revision and 40 a key while it works.
NewestOfKeys FindNewest(const EntryTable& table, int64_t bound);

// The same in two steps, for callers that already iterate over the entries. Hashes of the keys of entries
// [begin, end) go to their places in `hashes`, which has one an entry; parts may be filled by several
// threads.
void HashKeys(const EntryTable& table, int64_t bound, uint32_t begin, uint32_t end,
              std::vector<KeyHash>& hashes);
NewestOfKeys FindNewest(const EntryTable& table, const std::vector<KeyHash>& hashes);

}  // namespace etcdmedic::mvcc
