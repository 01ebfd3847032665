// SPDX-License-Identifier: Apache-2.0
// Which keys are asked for, in etcdctl's terms: a range, a revision, an order, a limit.
#pragma once

#include <functional>

#include "cli/command.h"
#include "mvcc/store.h"

namespace etcdmedic::tool {

struct KeyQuery {
  using Less = bool (*)(const mvcc::KeyValue& a, const mvcc::KeyValue& b);

  mvcc::KeyRange range;
  int64_t revision = 0;  // 0: the newest
  uint64_t limit = 0;    // 0: none
  Less less = nullptr;   // null: the order of keys
  bool descend = false;
  bool keys_only = false;
  bool count_only = false;
  bool values_only = false;
};

// The query that --rev, --limit, --sort-by, --order and the flags for what to print make of `range`. Errors:
// kUsage.
Result<KeyQuery> QueryOf(const Args& args, mvcc::KeyRange range);

// Calls `each` for the first `limit` keys until it gives false; gives how many the range has, or has up to
// there. Equal ones come in the order of keys. Without an order of its own nothing is kept; with one 64 bytes
// a key. Errors: as mvcc::Store::Range.
Result<uint64_t> VisitKeys(const mvcc::Store& store, const KeyQuery& query,
                           const mvcc::Store::EachLive& each);

}  // namespace etcdmedic::tool
