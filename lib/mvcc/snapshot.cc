// SPDX-License-Identifier: Apache-2.0
#include "mvcc/snapshot.h"

#include <limits>

#include "base/try.h"
#include "mvcc/hash.h"
#include "mvcc/newest.h"

namespace etcdmedic::mvcc {
namespace {

// Counts the keys that exist while their entries are hashed.
class KeyCounter final : public BucketVisitor {
 public:
  void OnBucket(std::string_view bucket, const EntryTable& table) override {
    counting_ = bucket == "key";
    if (!counting_) return;
    table_ = table;
    hashes_.resize(table.size());
    if (table.size() == 0) return;
    if (const auto last = ParseRevisionKey(table.KeyAt(table.size() - 1)))
      last_revision_ = last->revision.main;
  }
  void OnEntries(uint32_t begin, uint32_t end) override {
    if (counting_) HashKeys(table_, std::numeric_limits<int64_t>::max(), begin, end, hashes_);
  }
  uint64_t Live() const { return FindNewest(table_, hashes_).live; }
  int64_t last_revision() const { return last_revision_; }

 private:
  bool counting_ = false;
  EntryTable table_;
  std::vector<KeyHash> hashes_;
  int64_t last_revision_ = 0;
};

}  // namespace

Result<SnapshotStatus> StatusOf(const Store& store) {
  SnapshotStatus status;
  KeyCounter counter;
  const auto whole = HashOfAll(store, HashSkips::kNothing, &counter);
  if (!whole) return Propagate(whole);
  status.live_keys = counter.Live();
  status.revision = counter.last_revision();
  status.hash = whole->hash;
  status.complete = whole->complete;
  status.total_entries = whole->entries;
  status.total_size = store.view().meta().high_water * store.view().meta().page_size;
  store.view().ForEach("meta", [&](Bytes key, Bytes value) {
    if (AsText(key) == "storageVersion") status.version = AsText(value);
    return true;
  });
  return status;
}

}  // namespace etcdmedic::mvcc
