// SPDX-License-Identifier: Apache-2.0
// The revisions of bucket `key`, put in the order of user keys: docs/format/mvcc.md, "The index". Sixteen
// bytes a revision; keys and values stay where they are in the mapped file.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "bolt/view.h"
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

// Numbers of revisions within a KeyIndex, ascending, which is the order of revisions too.
using Numbers = std::span<const uint32_t>;

class KeyIndex {
 public:
  // Reads the revisions of keys in `range` whose main revision is at most `newest`. What is no revision or no
  // KeyValue is left out and reported: MVCC-REVISION-MALFORMED, MVCC-VALUE-MALFORMED, and what the view
  // reports. `db` is the mapping that `view` reads. Errors: kLimit beyond 2^32 revisions.
  static Result<KeyIndex> Build(const bolt::View& view, Bytes db, const std::string& file,
                                const KeyRange& range, int64_t newest, diag::FindingSink& sink);

  // Calls `each` with the revisions of every key, in the order of keys, until it gives false.
  void ForEachKey(const std::function<bool(Numbers)>& each) const;

  // The revision of that number.
  Change At(uint32_t number) const;
  bool IsTombstone(uint32_t number) const { return (places_[number] & 1) != 0; }

  size_t size() const { return places_.size(); }

 private:
  void Add(Bytes raw_key, Bytes raw_value);
  void Sort();
  std::string_view KeyOf(uint32_t number) const;

  Bytes db_;
  std::vector<uint64_t>
      places_;  // offset of the revision key in the file, times two, plus one for a tombstone
  std::vector<uint32_t> sizes_;  // of the messages
  std::vector<uint32_t> order_;  // numbers by key, then by revision
  std::vector<bool> first_;      // whether a place of order_ starts another key
};

}  // namespace etcdmedic::mvcc
