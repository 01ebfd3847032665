// SPDX-License-Identifier: Apache-2.0
// One history, told twice: as the entries of a log, and as the backend of an etcd that applied them. The
// caller says what each entry does; nothing here asks the code under test.
#pragma once

#include <string>
#include <vector>

#include "support/key_space.h"
#include "support/wal_builder.h"

namespace etcdmedic::support {

class Story {
 public:
  // The log begins after `index` entries, which made the revisions up to that of `space`.
  Story() : Story(KeySpace(), 0) {}
  Story(KeySpace space, uint64_t index) : space_(std::move(space)), index_(index) {}

  // A put, and what it does.
  Story& Put(const std::string& key, const std::string& value, int64_t lease = 0) {
    space_.Put(key, value, lease);
    return Ask(4, PutRequest(key, value, lease));
  }
  // A put that etcd refuses.
  Story& RefusedPut(const std::string& key, const std::string& value, int64_t lease) {
    return Ask(4, PutRequest(key, value, lease));
  }
  // Deletes `keys`, which are those that exist in [key, end); an empty end means `key` alone.
  Story& Delete(const std::string& key, const std::string& end, const std::vector<std::string>& keys) {
    DeleteAll(keys);
    return Ask(5, Text(1, key) + Text(2, end));
  }
  Story& Delete(const std::string& key) { return Delete(key, "", {key}); }
  Story& Grant(int64_t lease) { return Ask(8, Number(1, 60) + Number(2, lease)); }
  Story& Revoke(int64_t lease, const std::vector<std::string>& keys) {
    DeleteAll(keys);
    return Ask(9, Number(1, lease));
  }
  Story& Alarm(bool on) { return Ask(10, Number(1, on ? 1 : 2) + Number(2, 1) + Number(3, 1)); }
  Story& Auth(bool on) { return Ask(on ? 1000 : 1011, ""); }
  // A compaction; it removes what it must.
  Story& Compact(int64_t at, bool finish = true) {
    space_.Compact(at, finish);
    return Ask(7, Number(1, at));
  }
  // As API servers write: puts `value` where the key's mod_revision is `expected`; it is where `holds`.
  Story& Update(const std::string& key, int64_t expected, const std::string& value, bool holds) {
    if (holds) space_.Put(key, value);
    const std::string compare = Number(2, 2) + Text(3, key) + Number(6, expected);
    return Ask(6, Message(1, compare) + Message(2, Message(2, PutRequest(key, value, 0))) +
                      Message(3, Message(1, Text(1, key))));
  }
  // A transaction without compares: puts the first, deletes the second.
  Story& PutAndDelete(const std::string& put, const std::string& value, const std::string& gone) {
    space_.Begin().Put(put, value).Delete(gone).End();
    return Ask(6, Message(2, Message(2, PutRequest(put, value, 0))) + Message(2, Message(3, Text(1, gone))));
  }
  // Any other request, by its field in InternalRaftRequest; it changes no key.
  Story& Request(uint64_t field, const std::string& body) { return Ask(field, body); }
  Story& Empty() {
    log_.Entry(2, ++index_, "");
    return *this;
  }

  KeySpace& space() { return space_; }
  uint64_t index() const { return index_; }
  int64_t revision() const { return space_.revision(); }
  WalBuilder& log() { return log_; }

  DbBuilder Db() { return Db(index_); }
  DbBuilder Db(uint64_t applied) {
    return KeySpace(space_).Meta("consistent_index", BigEndian64(applied)).Builder();
  }

 private:
  static std::string Text(int field, const std::string& text) { return KeySpace::Text(field, text); }
  static std::string Number(int field, int64_t number) { return KeySpace::Number(field, number); }
  static std::string Message(uint64_t field, const std::string& body) {
    return Varint(field << 3 | 2) + Varint(body.size()) + body;
  }
  static std::string PutRequest(const std::string& key, const std::string& value, int64_t lease) {
    return Text(1, key) + Text(2, value) + Number(3, lease);
  }
  Story& Ask(uint64_t field, const std::string& body) {
    log_.Entry(2, ++index_, Message(field, body));
    return *this;
  }
  void DeleteAll(const std::vector<std::string>& keys) {
    if (keys.empty()) return;
    space_.Begin();
    for (const std::string& key : keys) space_.Delete(key);
    space_.End();
  }

  KeySpace space_;
  WalBuilder log_;
  uint64_t index_;
};

}  // namespace etcdmedic::support
