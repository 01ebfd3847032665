// SPDX-License-Identifier: Apache-2.0
#include "mvcc/entry_table.h"

#include <limits>

#include "base/parallel.h"

namespace etcdmedic::mvcc {
namespace {

constexpr size_t kPagesForThreads = 256;  // in the file; below that a thread costs more than it gains

template <class T>
void Append(std::vector<T>& to, std::vector<T>& from) {
  if (to.empty()) return to.swap(from);
  to.insert(to.end(), from.begin(), from.end());
  std::vector<T>().swap(from);
}

}  // namespace

void EntryTable::Fill(bolt::Cursor& cursor) {
  for (bool more = cursor.First(); more; more = cursor.Next()) {
    if (cursor.key().size() > kKeySizeMask) continue;  // reported: no bbolt key is that long
    const auto offset = static_cast<uint64_t>(cursor.key().data() - db_.data());
    places_.push_back(offset << kKeySizeBits | cursor.key().size());
    value_sizes_.push_back(static_cast<uint32_t>(cursor.value().size()));
  }
  complete_ = !cursor.damaged();
}

Result<EntryTable> EntryTable::Read(const bolt::View& view, const bolt::Cursor& bucket) {
  std::vector<bolt::Cursor> cursors = bucket.Split(PartsOf(view.pages().whole(), kPagesForThreads));
  std::vector<EntryTable> parts(std::max<size_t>(cursors.size(), 1));
  for (EntryTable& part : parts) part.db_ = view.pages().db;
  InParallel(cursors.size(), cursors.size(), [&](size_t part, size_t, size_t) {
    if (part < cursors.size()) parts[part].Fill(cursors[part]);
  });
  EntryTable table = std::move(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i) {
    Append(table.places_, parts[i].places_);
    Append(table.value_sizes_, parts[i].value_sizes_);
    table.complete_ = table.complete_ && parts[i].complete_;
  }
  if (table.places_.size() > std::numeric_limits<uint32_t>::max())
    return Fail(Errc::kLimit, {}, "a bucket holds more entries than fit a table of 32 bits");
  return table;
}

Result<EntryTable> EntryTable::Read(const bolt::View& view, std::string_view bucket) {
  const auto cursor = view.CursorOf(bucket);
  return cursor ? Read(view, *cursor) : EntryTable();
}

}  // namespace etcdmedic::mvcc
