// SPDX-License-Identifier: Apache-2.0
#include "mvcc/store.h"

#include <fmt/format.h>

#include "base/try.h"

namespace etcdmedic::mvcc {

namespace {

// Of the last key of bucket `key` that is a revision; 0 for none.
int64_t LastMain(const bolt::View& view) {
  auto cursor = view.CursorOf("key");
  for (bool more = cursor && cursor->Last(); more; more = cursor->Prev()) {
    if (const auto id = ParseRevisionKey(cursor->key())) return id->revision.main;
  }
  return 0;
}

}  // namespace

Result<Store> Store::Open(Bytes db, const std::string& file, diag::FindingSink& sink) {
  auto view = bolt::View::Open(db, file, sink);
  if (!view) return Fail(Errc::kMalformed, file, "neither meta page is valid, so no bucket can be found");
  Store store(std::move(*view), db, file, sink);
  store.ReadRevisions();
  return store;
}

void Store::ReadRevisions() {
  view_.ForEach("meta", [&](Bytes key, Bytes value) {
    const auto id = ParseRevisionKey(value);
    if (id && AsText(key) == "finishedCompactRev") finished_ = id->revision.main;
    if (id && AsText(key) == "scheduledCompactRev") scheduled_ = id->revision.main;
    return true;
  });
  current_ = std::max({int64_t{1}, LastMain(view_), finished_, scheduled_});
}

Result<int64_t> Store::RevisionOr(int64_t revision) const {
  if (revision == 0) return current_;
  if (revision >= oldest_revision() && revision <= current_) return revision;
  const bool compacted = revision < oldest_revision();
  return Fail(
      Errc::kRefused, file_,
      fmt::format("revision {} {}; {} to {} can be read", revision,
                  compacted ? "has been compacted" : "has not happened yet", oldest_revision(), current_));
}

Result<KeyIndex> Store::Index(const KeyRange& range, int64_t revision) const {
  auto table = EntryTable::Read(view_, "key");
  if (!table) return Propagate(table);
  return KeyIndex::Build(std::move(*table), file_, range, revision, *sink_);
}

Result<void> Store::Range(const KeyRange& range, int64_t revision, const EachLive& each) const {
  const auto at = RevisionOr(revision);
  if (!at) return Propagate(at);
  const auto index = Index(range, *at);
  if (!index) return Propagate(index);
  index->ForEachKey([&](Numbers numbers) {
    return index->IsTombstone(numbers.back()) || each(index->At(numbers.back()).kv);
  });
  return {};
}

Result<void> Store::Range(std::string_view key, std::string_view end, int64_t revision,
                          const EachLive& each) const {
  return Range({std::string(key), std::string(end)}, revision, each);
}

Result<std::vector<Change>> Store::History(std::string_view key, int64_t revision) const {
  const auto at = RevisionOr(revision);
  if (!at) return Propagate(at);
  const auto index = Index(OneKey(key), *at);
  if (!index) return Propagate(index);
  std::vector<Change> changes;
  index->ForEachKey([&](Numbers numbers) {
    for (const uint32_t number : numbers) changes.push_back(index->At(number));
    return true;
  });
  return changes;
}

}  // namespace etcdmedic::mvcc
