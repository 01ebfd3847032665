// SPDX-License-Identifier: Apache-2.0
// The hashes that etcd and its tools print: docs/format/mvcc.md, "Four hashes".
#pragma once

#include "mvcc/store.h"

namespace etcdmedic::mvcc {

// In which releases HashKV differs.
struct HashRules {
  bool skips_tombstone_at_compaction = true;  // 3.4.34, 3.5.16, 3.6
  bool reads_compacted_revision = true;       // 3.4.27, 3.5.10, 3.6: older ones refuse the compacted revision
};

// Without a patch level: the newest of that line.
HashRules HashRulesOf(unsigned major, unsigned minor, std::optional<unsigned> patch);

struct HashKv {
  uint32_t hash = 0;
  int64_t revision = 0;          // at which the keys were hashed
  int64_t compact_revision = 0;  // -1: never compacted
  bool complete = true;          // false: part of the bucket could not be reached, so no server has this hash
};

// What the HashKV call of a freshly started server answers for `revision` (0: the newest). A server that has
// itself done the compaction answers from a cache when asked for just the compacted revision, with another
// hash; compare only answers of the same compact_revision. Errors: as Store::RevisionOr, kLimit.
Result<HashKv> HashKvAt(const Store& store, int64_t revision, const HashRules& rules = {});

// CRC-32C over every bucket: its name, then its entries. `skips`: what the Hash call of that release leaves
// out of bucket `meta`. kNothing is what `snapshot status` prints.
enum class HashSkips : uint8_t { kNothing, kAs34, kAs35, kAs36 };
struct WholeHash {
  uint32_t hash = 0;
  uint64_t entries = 0;  // in all buckets
  bool complete = true;
};
// Implemented by callers that need the entries too; called while the hash is computed.
class BucketVisitor {
 public:
  virtual ~BucketVisitor() = default;
  virtual void OnBucket(std::string_view bucket, const EntryTable& table) = 0;
  // Entries [begin, end) of it have just been read, so they are in the cache. From several threads.
  virtual void OnEntries(uint32_t begin, uint32_t end) = 0;
};
// Errors: kLimit.
Result<WholeHash> HashOfAll(const Store& store, HashSkips skips, BucketVisitor* visitor = nullptr);

}  // namespace etcdmedic::mvcc
