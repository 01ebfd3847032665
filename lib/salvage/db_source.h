// SPDX-License-Identifier: Apache-2.0
// One db file as far as its structure still tells something: which pages its meta pages lead to, which
// revisions cannot be reached, and what its small buckets hold.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bolt/extend.h"
#include "salvage/page_scan.h"

namespace etcdmedic::salvage {

// Revisions from `first` to `last`, both included.
struct Span {
  int64_t first = 0;
  int64_t last = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// A bucket other than `key`, from the newest state in which all of it can be read, else as much as there is.
struct SmallBucket {
  bolt::EntriesByKey entries;
  bool complete = false;
  bool newest = false;  // of the state that etcd would open
};

struct DbSource {
  std::string name;
  Bytes bytes;
  ScanInput scan;
  bool proven = false;
  bool readable = false;    // some state was found to begin with
  bool newest_meta = true;  // both meta pages are valid, so that the newest state is known
  std::vector<Span> lost;   // revisions that the newest state has on pages that cannot be reached
  std::map<std::string, SmallBucket, std::less<>> buckets;
  int64_t compacted = -1;  // of bucket `meta`, scheduled or finished; -1 where none is known
  std::optional<uint64_t> consistent_index;

  bool Lost(int64_t revision) const;
};

// Reads the structure of the db in `bytes`, which must outlive the result. `proven`: the backup's SHA-256 is
// right.
DbSource OpenDbSource(Bytes bytes, std::string name, uint8_t number, bool proven);

}  // namespace etcdmedic::salvage
