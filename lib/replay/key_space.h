// SPDX-License-Identifier: Apache-2.0
// The key space as etcd holds it while entries are applied: the keys that exist, in order, and every record
// that a change writes to bucket `key`. docs/format/mvcc.md, "How entries become revisions".
#pragma once

#include <map>
#include <vector>

#include "mvcc/index.h"
#include "replay/lessor.h"

namespace etcdmedic::replay {

// A key that exists.
struct LiveKey {
  int64_t create_revision = 0;
  int64_t mod_revision = 0;
  int64_t version = 0;
  int64_t lease = 0;
  std::string_view value;
};

// What a change writes: a put, or a tombstone, of which only the key counts.
struct Record {
  mvcc::Revision revision;
  bool tombstone = false;
  mvcc::KeyValue kv;
};

// The record as bucket `key` stores it: its key, and its value, a mvccpb.KeyValue.
std::string EncodeKey(const Record& record);
std::string EncodeValue(const Record& record);
void AppendValue(const Record& record, std::string& out);

// All strings are views; what they point to (the log, the backend) outlives the key space.
class KeySpace {
 public:
  using Keys = std::map<std::string_view, LiveKey>;

  // The newest revision; 1 while nothing was written.
  int64_t revision() const { return revision_; }
  // The revision that it began with; records() come after it.
  int64_t started_at() const { return started_at_; }
  // The compacted revision, -1 for none.
  int64_t compacted() const { return compacted_; }
  const Keys& live() const { return live_; }
  // What was written since the beginning, in order.
  const std::vector<Record>& records() const { return records_; }
  Lessor& leases() { return leases_; }
  const Lessor& leases() const { return leases_; }

  // The state to begin with. Keys come in ascending order, after the leases.
  void Start(int64_t revision, int64_t compacted);
  void AddLive(std::string_view key, const LiveKey& state);

  const LiveKey* Find(std::string_view key) const {
    const auto found = live_.find(key);
    return found == live_.end() ? nullptr : &found->second;
  }
  // The keys of a request's range, as mvcc::KeyRange has it: [first, last).
  std::pair<Keys::const_iterator, Keys::const_iterator> Range(std::string_view key,
                                                              std::string_view end) const;

  // A transaction: changes made between Begin and End share one revision, which is used up only where there
  // was a change. End gives that revision, 0 for none.
  void Begin() { sub_ = 0; }
  void Put(std::string_view key, std::string_view value, int64_t lease);
  void DeleteRange(std::string_view key, std::string_view end);
  void Delete(std::string_view key);
  int64_t End();

  // False, and nothing done, where etcd refuses: the revision is compacted already, or lies in the future.
  bool Compact(int64_t revision);

 private:
  mvcc::Revision Next() { return {revision_ + 1, sub_++}; }

  int64_t revision_ = 1;
  int64_t started_at_ = 1;
  int64_t compacted_ = -1;
  int64_t sub_ = 0;  // changes of the open transaction
  Keys live_;
  std::vector<Record> records_;
  Lessor leases_;
};

}  // namespace etcdmedic::replay
