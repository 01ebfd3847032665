// SPDX-License-Identifier: Apache-2.0
#include "bolt/copy.h"

#include <algorithm>
#include <set>

#include "base/crc32c.h"
#include "base/try.h"

namespace etcdmedic::bolt {
namespace {

// In a directory that is out of order; etcd has a dozen.
constexpr size_t kMostBuckets = 256;

// Whether a bbolt file can hold the key; the check has reported it where not.
bool IsLegal(Bytes key) { return !key.empty() && key.size() <= kLongestKey; }

bool InOrder(Cursor cursor) {
  Bytes before;
  for (bool more = cursor.First(); more; more = cursor.Next()) {
    if (AsText(cursor.key()) <= AsText(before)) return false;  // an empty key among them
    before = cursor.key();
  }
  return true;
}

// The pages on which buckets begin: a second bucket with the root of another one has nothing of its own.
class Roots {
 public:
  bool IsNew(const Cursor& bucket) {
    if (bucket.value().size() < kBucketHeaderSize) return true;
    const auto root = LoadLittle<uint64_t>(bucket.value(), 0);
    return root == 0 || known_.insert(root).second;
  }

 private:
  std::set<uint64_t> known_;
};

class Copier {
 public:
  Copier(const View& view, Builder& builder) : view_(view), builder_(builder) {}

  Result<CopyResult> Run() {
    RETURN_IF_ERROR(CopyBucket(view_.Buckets(), 0));
    auto built = builder_.Finish();
    if (!built) return Propagate(built);
    result_.built = *built;
    return result_;
  }

 private:
  Result<void> CopyBucket(Cursor cursor, int depth) {
    if (!InOrder(cursor)) return CopySorted(std::move(cursor), depth);
    for (bool more = cursor.First(); more; more = cursor.Next()) {
      RETURN_IF_ERROR(CopyEntry(cursor, depth));
    }
    if (cursor.damaged()) LeaveOut();
    return {};
  }

  // One of several entries with the same key is copied, the first.
  Result<void> CopySorted(Cursor cursor, int depth) {
    ++result_.sorted;
    struct Entry {
      std::string_view key;
      Bytes value;
      bool is_bucket;
    };
    std::vector<Entry> entries;
    for (bool more = cursor.First(); more; more = cursor.Next())
      entries.push_back({AsText(cursor.key()), cursor.value(), cursor.is_bucket()});
    if (cursor.damaged()) LeaveOut();
    std::ranges::stable_sort(entries, {}, &Entry::key);
    const auto same = std::ranges::unique(entries, {}, &Entry::key);
    result_.repeated += same.size();
    entries.erase(same.begin(), same.end());
    size_t buckets = 0;
    for (const Entry& entry : entries) {
      const bool over = depth == 0 && ++buckets > kMostBuckets;
      if (over || !IsLegal(AsBytes(entry.key)) || (depth == 0 && !entry.is_bucket)) {
        LeaveOut();
        continue;
      }
      auto done = depth == 0 ? CopyNamed(cursor, entry.key) : builder_.Add(AsBytes(entry.key), entry.value);
      if (!done) return done;
    }
    return {};
  }

  // Buckets are few; in a tree that is out of order each is looked for in turn.
  Result<void> CopyNamed(Cursor cursor, std::string_view name) {
    for (bool more = cursor.First(); more; more = cursor.Next()) {
      if (cursor.is_bucket() && AsText(cursor.key()) == name) return CopyEntry(cursor, 0);
    }
    return {};
  }

  Result<void> CopyEntry(const Cursor& cursor, int depth) {
    if (!IsLegal(cursor.key())) return LeaveOut();
    // Buckets of etcd do not nest: what calls itself one is an entry whose flag is wrong.
    if (depth > 0) return builder_.Add(cursor.key(), cursor.value());
    // The directory holds buckets alone; anything else there is damage that the check reports.
    if (!cursor.is_bucket() || !roots_.IsNew(cursor)) return LeaveOut();
    auto inner = view_.Enter(cursor);
    if (!inner) LeaveOut();
    RETURN_IF_ERROR(builder_.Begin(AsText(cursor.key())));
    ++result_.buckets;
    if (inner) {
      RETURN_IF_ERROR(CopyBucket(std::move(*inner), depth + 1));
    }
    return builder_.End();
  }

  Result<void> LeaveOut() {
    result_.whole = false;
    return {};
  }

  const View& view_;
  Builder& builder_;
  Roots roots_;
  CopyResult result_;
};

}  // namespace

Result<CopyResult> Copy(const View& view, Builder& builder) { return Copier(view, builder).Run(); }

uint32_t ContentHash(const View& view) {
  uint32_t crc = 0;
  Cursor buckets = view.Buckets();
  Roots roots;
  for (bool more = buckets.First(); more; more = buckets.Next()) {
    if (!roots.IsNew(buckets)) continue;
    crc = Crc32c(buckets.key(), crc);
    auto cursor = view.Enter(buckets);
    for (bool entry = cursor && cursor->First(); entry; entry = cursor->Next()) {
      crc = Crc32c(cursor->key(), crc);
      crc = Crc32c(cursor->value(), crc);
    }
  }
  return crc;
}

}  // namespace etcdmedic::bolt
