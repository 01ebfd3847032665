// SPDX-License-Identifier: Apache-2.0
// The times of many revisions, from one reading of bucket `key`: 24 bytes for each entry that tells a time.
// Says of every revision what WriteClock::When says.
#pragma once

#include <limits>
#include <map>
#include <memory>

#include "mvcc/entry_table.h"
#include "objects/write_clock.h"

namespace etcdmedic::objects {

class TimeTable {
 public:
  // Reads all entries of `table` (bucket `key`), which outlives it, on all cores. `open` for what is
  // encrypted at rest; empty without a configuration.
  TimeTable(const mvcc::EntryTable& table, const encryption::Decryptor& open);

  TimeSpan Of(int64_t revision) { return Of(revision, FirstEntry(revision)); }
  // `entry`: the number of the revision's first entry in the table. Cheap where revisions ascend.
  TimeSpan Of(int64_t revision, uint32_t entry);

 private:
  // Places in exact_: [begin, end).
  struct Window {
    size_t begin = 0, end = 0;
    friend bool operator==(const Window&, const Window&) = default;
  };
  struct Mark : TimeMark {
    uint32_t entry = 0;
  };
  static void Read(const mvcc::EntryTable& table, uint32_t begin, uint32_t end,
                   const encryption::Decryptor& open, std::vector<Mark>& marks);
  Window Around(uint32_t entry);
  uint32_t FirstEntry(int64_t revision) const;

  const mvcc::EntryTable& table_;
  std::vector<TimeMark> exact_, writes_;  // in the order of revisions
  std::vector<uint32_t> exact_entries_, write_entries_;
  // Of the last call.
  uint32_t entry_ = 0;
  size_t middle_ = 0;  // the first of exact_ that is not before entry_
  Window window_;
  std::vector<TimeMark> chain_;
};

// Times that are asked for one by one: those of the first few revisions from what is around them, then from a
// table of all.
class RevisionTimes {
 public:
  // Both outlive it.
  RevisionTimes(const mvcc::Store& store, encryption::Decryptor open)
      : store_(store), open_(std::move(open)), stored_(open_), clock_(store, stored_) {}

  // Unknown for a revision that there is not.
  TimeSpan Of(int64_t revision);

 private:
  static constexpr size_t kFew = 32;

  const mvcc::Store& store_;
  encryption::Decryptor open_;
  StoredObjects stored_;
  WriteClock clock_;
  std::map<int64_t, TimeSpan> told_;  // until there is a table
  mvcc::EntryTable entries_;
  std::unique_ptr<TimeTable> table_;
};

}  // namespace etcdmedic::objects
