// SPDX-License-Identifier: Apache-2.0
// The keys that exist at a revision, by their place in the order of keys. Four bytes a key beside the index;
// keys and values stay in the mapped file.
#pragma once

#include <string_view>
#include <vector>

#include "mvcc/store.h"

namespace etcdmedic::mvcc {

class LiveKeys {
 public:
  // At `revision` (0: the newest). `store` outlives what is given. Errors: as Store::RevisionOr and
  // Store::Index.
  static Result<LiveKeys> Read(const Store& store, int64_t revision);
  // The same from an index of every key up to `revision`.
  static LiveKeys Of(KeyIndex index, int64_t revision);

  int64_t revision() const { return revision_; }
  size_t size() const { return numbers_.size(); }
  // All revisions up to that one, those of keys that do not exist any more too.
  const KeyIndex& index() const { return index_; }
  KeyValue At(size_t place) const { return index_.At(numbers_[place]).kv; }
  // The first place in [begin, end) whose key is not less than `key`; `end` where there is none.
  size_t LowerBound(std::string_view key, size_t begin, size_t end) const;

 private:
  LiveKeys(KeyIndex index, int64_t revision) : index_(std::move(index)), revision_(revision) {}

  KeyIndex index_;
  int64_t revision_;
  std::vector<uint32_t> numbers_;  // of the index, in the order of keys
};

}  // namespace etcdmedic::mvcc
