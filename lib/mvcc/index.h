// SPDX-License-Identifier: Apache-2.0
// The revisions of bucket `key`, put in the order of user keys: docs/format/mvcc.md, "The index". Sixteen
// bytes a revision; keys and values stay where they are in the mapped file.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "diag/finding.h"
#include "mvcc/entry_table.h"
#include "mvcc/key_value.h"
#include "mvcc/revision.h"

namespace etcdmedic::mvcc {

// As etcd's requests name it: `end` empty: the one key; "\0": every key from `key` on; else [key, end). The
// empty key, which only a bumped restore writes and no client can read, is in no range.
struct KeyRange {
  std::string key;
  std::string end;
  bool Contains(std::string_view candidate) const;
};

KeyRange OneKey(std::string_view key);
KeyRange EveryKey();
// All keys that begin with `prefix`; every key for an empty one.
KeyRange WithPrefix(std::string_view prefix);

// One change of a key, as it is stored.
struct Change {
  Revision revision;
  bool tombstone = false;
  KeyValue kv;
  Bytes raw_key;    // the revision key; its place in the file is that of the finding
  Bytes raw_value;  // the message
};

// Numbers of entries in the table of bucket `key`, ascending, which is the order of revisions too.
using Numbers = std::span<const uint32_t>;

class KeyIndex {
 public:
  // Sorts the entries of `table` (bucket `key`) whose key is in `range` and whose main revision is at most
  // `newest`. What is not a revision or not a KeyValue is left out and reported under `file`:
  // MVCC-REVISION-MALFORMED, MVCC-VALUE-MALFORMED.
  static KeyIndex Build(EntryTable table, const std::string& file, const KeyRange& range, int64_t newest,
                        diag::FindingSink& sink);

  // Calls `each` with the revisions of every key, in the order of keys, until it gives false.
  void ForEachKey(const std::function<bool(Numbers)>& each) const;

  Change At(uint32_t number) const;
  bool IsTombstone(uint32_t number) const { return table_.KeySize(number) == kTombstoneSize; }

  const EntryTable& table() const { return table_; }
  // How many revisions the range has.
  size_t size() const { return order_.size(); }

 private:
  EntryTable table_;
  std::vector<uint32_t> order_;  // numbers by key, then by revision
  std::vector<bool> first_;      // whether a place of order_ starts another key
};

}  // namespace etcdmedic::mvcc
