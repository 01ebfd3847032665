// SPDX-License-Identifier: Apache-2.0
// Which revision of each key is its newest, without sorting: what HashKV and `snapshot status` need to know.
#pragma once

#include <vector>

#include "mvcc/entry_table.h"

namespace etcdmedic::mvcc {

struct NewestOfKeys {
  std::vector<bool> newest;  // by number of entry: no later entry, up to the bound, has its key
  uint64_t keys = 0;         // distinct keys seen
  uint64_t live = 0;         // those whose newest entry is no tombstone
};

// Looks at the entries of `table` (bucket `key`) whose main revision is at most `bound`. Entries that are no
// revision or hold no KeyValue are passed over, as nothing can be said of them. Takes about 24 bytes a
// revision while it works.
NewestOfKeys FindNewest(const EntryTable& table, int64_t bound);

}  // namespace etcdmedic::mvcc
