// SPDX-License-Identifier: Apache-2.0
#include "bolt/extend.h"

#include "base/try.h"

namespace etcdmedic::bolt {
namespace {

constexpr uint64_t kMetaPages = 2;

Result<void> AddAll(const EntriesByKey& entries, Builder& builder) {
  for (const auto& [key, value] : entries) {
    RETURN_IF_ERROR(builder.Add(AsBytes(key), AsBytes(value)));
  }
  return builder.End();
}

Result<void> WriteBucket(const View& view, std::string_view name, Bytes value, const Changes& changes,
                         Builder& builder) {
  if (const auto found = changes.replaced.find(name); found != changes.replaced.end()) {
    RETURN_IF_ERROR(builder.Begin(name));
    return AddAll(found->second, builder);
  }
  const auto found = changes.appended.find(name);
  if (found == changes.appended.end()) return builder.Keep(name, value);
  RETURN_IF_ERROR(builder.Continue(name, view.pages(), value));
  return AddAll(found->second, builder);
}

}  // namespace

Result<BuildSummary> CopyWithChanges(const View& view, const Changes& changes, PageSink& sink) {
  const Meta& meta = view.meta();
  const Bytes db = view.pages().db;
  if (db.size() / meta.page_size < meta.high_water)
    return Fail(Errc::kMalformed, "", "the file is shorter than its pages in use", db.size());
  const uint64_t begin = kMetaPages * meta.page_size, end = meta.high_water * meta.page_size;
  RETURN_IF_ERROR(sink.Write(begin, db.subspan(begin, end - begin)));
  Builder builder(sink, {meta.page_size, 90, meta.high_water, meta.txid + 2});
  std::map<std::string, Bytes, std::less<>> buckets;
  Cursor cursor = view.Buckets();
  for (bool more = cursor.First(); more; more = cursor.Next())
    buckets.emplace(AsText(cursor.key()), cursor.value());
  if (cursor.damaged()) return Fail(Errc::kMalformed, "", "the directory of buckets is damaged");
  for (const auto& [name, entries] : changes.replaced) buckets.emplace(name, Bytes{});
  for (const auto& [name, value] : buckets) {
    RETURN_IF_ERROR(WriteBucket(view, name, value, changes, builder));
  }
  return builder.Finish();
}

}  // namespace etcdmedic::bolt
