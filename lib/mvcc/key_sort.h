// SPDX-License-Identifier: Apache-2.0
// Puts entries of bucket `key` in the order of the keys in their messages, without copying a key.
#pragma once

#include <cstdint>
#include <vector>

#include "mvcc/entry_table.h"

namespace etcdmedic::mvcc {

// Sorts `numbers` (ascending before) of entries of `table` by key, equal keys by number. Every one of them
// must hold a KeyValue. Gives for every place whether its key differs from the one before. Takes 24 bytes an
// entry while it works, on all cores.
std::vector<bool> SortByKey(std::vector<uint32_t>& numbers, const EntryTable& table);

}  // namespace etcdmedic::mvcc
