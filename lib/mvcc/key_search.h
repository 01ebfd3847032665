// SPDX-License-Identifier: Apache-2.0
// The changes of a few keys, read from the newest revision back: what changed lately is found without reading
// the rest of bucket `key`, which has no index by key. docs/format/mvcc.md, "The index".
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "mvcc/index.h"

namespace etcdmedic::mvcc {

// What was found of each key so far, in the order of the keys asked for: its changes, the newest first.
// Complete as far as it was read: no newer change of any of the keys is missing.
using FoundChanges = std::vector<std::vector<Change>>;

// Reads back from main revision `newest`, on all cores, until `enough` says so or there is nothing left. It
// is asked after every few megabytes. Entries that are not a revision or hold no KeyValue are passed over;
// bolt::Cursor reports what cannot be reached.
FoundChanges SearchBack(const bolt::View& view, std::span<const std::string> keys, int64_t newest,
                        const std::function<bool(const FoundChanges&)>& enough);

// Whether a key's newest change and, where that is a deletion, the put before it are known.
bool HasLastPut(const std::vector<Change>& newest_first);
// Whether all of the newest generation are known that are retained: from its creation on.
bool HasGeneration(const std::vector<Change>& newest_first);

}  // namespace etcdmedic::mvcc
