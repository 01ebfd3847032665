// SPDX-License-Identifier: Apache-2.0
// The key space as the backend holds it, at any retained revision. The front header of this room. What a
// store answers is what etcd would answer from the same file: docs/format/mvcc.md.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "bolt/view.h"
#include "mvcc/index.h"

namespace etcdmedic::mvcc {

// One state of the key space. Nothing is cached: each call reads what it needs from the mapped file. Keys and
// values that it gives are views of that file.
class Store {
 public:
  // Opens the backend in `db`, which must outlive the store, as must `sink`. `file` names it in findings and
  // errors. Reports what bolt::View reports, here and in every later call. Errors: kMalformed where no meta
  // page is valid.
  static Result<Store> Open(Bytes db, const std::string& file, diag::FindingSink& sink);

  // The newest revision: that of the last change or of a compaction beyond it; 1 for an empty store.
  int64_t current_revision() const { return current_; }
  // The compaction that a started etcd would have done, scheduled or finished; -1 where there was none.
  int64_t compact_revision() const { return std::max(finished_, scheduled_); }
  // Compactions as bucket `meta` records them; -1 for none.
  int64_t finished_compaction() const { return finished_; }
  int64_t scheduled_compaction() const { return scheduled_; }
  // The oldest revision that can be read.
  int64_t oldest_revision() const { return std::max<int64_t>(compact_revision(), 1); }

  // 0 becomes the newest revision. Errors: kRefused for a revision that is compacted or is in the future,
  // naming what is retained.
  Result<int64_t> RevisionOr(int64_t revision) const;

  // Calls `each` for the keys of `range` that exist at `revision` (0: the newest), in the order of keys,
  // until it gives false. Each call reads the bucket once and takes 32 bytes a revision in the range. Errors:
  // as RevisionOr and KeyIndex::Build.
  using EachLive = std::function<bool(const KeyValue& kv)>;
  Result<void> Range(const KeyRange& range, int64_t revision, const EachLive& each) const;
  Result<void> Range(std::string_view key, std::string_view end, int64_t revision,
                     const EachLive& each) const;

  // All retained changes of one key up to `revision` (0: the newest), oldest first. Errors: as RevisionOr and
  // KeyIndex::Build.
  Result<std::vector<Change>> History(std::string_view key, int64_t revision = 0) const;

  // The changes of keys in `range` up to `revision`, for questions of one's own.
  Result<KeyIndex> Index(const KeyRange& range, int64_t revision) const;

  const bolt::View& view() const { return view_; }
  Bytes db() const { return db_; }
  const std::string& file() const { return file_; }
  // Where in the file a view from this store lies.
  uint64_t OffsetOf(Bytes part) const { return static_cast<uint64_t>(part.data() - db_.data()); }

 private:
  Store(bolt::View view, Bytes db, std::string file, diag::FindingSink& sink)
      : view_(std::move(view)), db_(db), file_(std::move(file)), sink_(&sink) {}
  void ReadRevisions();

  bolt::View view_;
  Bytes db_;
  std::string file_;
  diag::FindingSink* sink_;
  int64_t current_ = 1;
  int64_t finished_ = -1;
  int64_t scheduled_ = -1;
};

}  // namespace etcdmedic::mvcc
