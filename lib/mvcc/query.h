// SPDX-License-Identifier: Apache-2.0
// Which keys are asked for, in etcdctl's terms: a range, a revision, an order, a limit.
#pragma once

#include <optional>
#include <string_view>

#include "mvcc/store.h"

namespace etcdmedic::mvcc {

struct KeyQuery {
  using Less = bool (*)(const KeyValue& a, const KeyValue& b);

  KeyRange range;
  int64_t revision = 0;  // 0: the newest
  uint64_t limit = 0;    // 0: none
  Less less = nullptr;   // null: the order of keys
  bool descend = false;
  bool count_only = false;
};

// What etcdctl's --sort-by names: key (null), version, create, modify or value, in small letters; nothing for
// another name.
std::optional<KeyQuery::Less> OrderNamed(std::string_view name);

// Calls `each` for the first `limit` keys until it gives false; gives how many the range has. Equal ones come
// in the order of keys. Without an order of its own nothing is kept; with one 64 bytes a key. Errors: as
// Store::Range.
Result<uint64_t> VisitKeys(const Store& store, const KeyQuery& query, const Store::EachLive& each);

}  // namespace etcdmedic::mvcc
