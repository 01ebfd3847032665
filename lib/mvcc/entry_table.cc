// SPDX-License-Identifier: Apache-2.0
#include "mvcc/entry_table.h"

#include <limits>

namespace etcdmedic::mvcc {

Result<EntryTable> EntryTable::Read(const bolt::View& view, Bytes db, std::string_view bucket) {
  EntryTable table;
  table.db_ = db;
  bool full = false;
  table.complete_ = view.ForEach(bucket, [&](Bytes key, Bytes value) {
    full = table.places_.size() >= std::numeric_limits<uint32_t>::max();
    if (full) return false;
    if (key.size() > kKeySizeMask) return true;
    const auto offset = static_cast<uint64_t>(key.data() - db.data());
    table.places_.push_back(offset << kKeySizeBits | key.size());
    table.value_sizes_.push_back(static_cast<uint32_t>(value.size()));
    return true;
  });
  if (full) return Fail(Errc::kLimit, {}, "a bucket holds more entries than fit a table of 32 bits");
  return table;
}

}  // namespace etcdmedic::mvcc
