// SPDX-License-Identifier: Apache-2.0
// A file that `etcdctl snapshot save` wrote: docs/format/mvcc.md, "Saved snapshots".
#pragma once

#include <string>

#include "mvcc/store.h"

namespace etcdmedic::mvcc {

// What `etcdutl snapshot status` prints.
struct SnapshotStatus {
  uint32_t hash = 0;           // CRC-32C over all buckets
  int64_t revision = 0;        // of the last entry of bucket `key`, 0 for none
  uint64_t total_entries = 0;  // in all buckets: total keys up to 3.5
  uint64_t live_keys = 0;      // total keys from 3.6 on
  uint64_t total_size = 0;     // pages in use times page size; not the file's size
  std::string version;         // meta/storageVersion; empty where absent
  bool complete = true;        // false: not everything could be reached
};

// Reports what reading reports. Errors: kLimit.
Result<SnapshotStatus> StatusOf(const Store& store);

}  // namespace etcdmedic::mvcc
