// SPDX-License-Identifier: Apache-2.0
#include "keyspace/revision_table.h"

#include <algorithm>
#include <limits>

#include "keyspace/record_sum.h"

namespace etcdmedic::keyspace {

void RevisionTable::Add(size_t part, uint64_t place, const mvcc::RevisionKey& id, Bytes value,
                        const mvcc::KeyValue* kv) {
  constexpr int64_t kGreatestSub = std::numeric_limits<uint32_t>::max();
  RevisionRow row;
  row.main = id.revision.main;
  row.place = place & ((uint64_t{1} << 48) - 1);
  row.tombstone = id.tombstone;
  row.malformed = kv == nullptr;
  row.sub = static_cast<uint32_t>(std::min(id.revision.sub, kGreatestSub));
  row.value_size = static_cast<uint32_t>(value.size());
  if (kv != nullptr) {
    row.foreign = kv->key.empty();
    row.sum = id.tombstone ? SumOfTombstone(AsBytes(kv->key))
                           : SumOfPut(AsBytes(kv->key), AsBytes(kv->value), kv->lease);
    row.history = SumOfHistory(kv->create_revision, kv->version);
  }
  parts_[part].push_back(row);
}

void RevisionTable::Seal() {
  size_t count = 0;
  for (const auto& part : parts_) count += part.size();
  if (parts_.size() == 1) {
    rows_ = std::move(parts_.front());
  } else {
    rows_.reserve(count);
    for (auto& part : parts_) {
      rows_.insert(rows_.end(), part.begin(), part.end());
      part = {};
    }
  }
  parts_.clear();
}

RevisionTable::Rows RevisionTable::At(int64_t main) const {
  const auto begin_of = [&] {
    // Mostly the rows asked for follow those of the time before.
    if (hint_ < rows_.size() && rows_[hint_].main == main && (hint_ == 0 || rows_[hint_ - 1].main < main))
      return hint_;
    return static_cast<size_t>(std::ranges::lower_bound(rows_, main, {}, &RevisionRow::main) - rows_.begin());
  };
  const size_t begin = begin_of();
  size_t end = begin;
  while (end < rows_.size() && rows_[end].main == main) ++end;
  hint_ = end;
  return Rows(rows_).subspan(begin, end - begin);
}

}  // namespace etcdmedic::keyspace
