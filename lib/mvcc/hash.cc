// SPDX-License-Identifier: Apache-2.0
#include "mvcc/hash.h"

#include <fmt/format.h>

#include <set>

#include "base/crc32c.h"
#include "base/parallel.h"
#include "base/try.h"
#include "mvcc/newest.h"

namespace etcdmedic::mvcc {
namespace {

constexpr size_t kLeastPart = 256;
constexpr size_t kBlock = 64;  // entries that are in the cache together

// A CRC over spans one after another. Spans that touch, as the entries of one page do, are taken at once.
class RunningCrc {
 public:
  void Feed(Bytes bytes) {
    if (pending_.data() + pending_.size() == bytes.data() && !pending_.empty()) {
      pending_ = {pending_.data(), pending_.size() + bytes.size()};
    } else {
      Settle();
      pending_ = bytes;
    }
    size_ += bytes.size();
  }
  uint32_t Settle() {
    crc_ = Crc32c(pending_, crc_);
    pending_ = {};
    return crc_;
  }
  uint64_t size() const { return size_; }

 private:
  Bytes pending_;
  uint32_t crc_ = 0;
  uint64_t size_ = 0;
};

// The CRC over the chosen entries of a table, continued from `crc`, on all cores. `visitor` is told what has
// just been read.
template <class Chosen>
uint32_t CrcOfEntries(const EntryTable& table, uint32_t crc, const Chosen& chosen,
                      BucketVisitor* visitor = nullptr) {
  std::vector<RunningCrc> parts(PartsOf(table.size(), kLeastPart));
  InParallel(table.size(), parts.size(), [&](size_t part, size_t begin, size_t end) {
    RunningCrc running;
    for (size_t block = begin; block < end; block += kBlock) {
      const size_t block_end = std::min(block + kBlock, end);
      for (auto i = static_cast<uint32_t>(block); i < block_end; ++i) {
        if (!chosen(i)) continue;
        running.Feed(table.KeyAt(i));
        running.Feed(table.ValueAt(i));
      }
      if (visitor == nullptr) continue;
      running.Settle();
      visitor->OnEntries(static_cast<uint32_t>(block), static_cast<uint32_t>(block_end));
    }
    running.Settle();
    parts[part] = running;
  });
  for (RunningCrc& part : parts) crc = Crc32cShift(crc, part.size()) ^ part.Settle();
  return crc;
}

// The revisions that a compaction at `revision` would keep.
class KeepSet {
 public:
  KeepSet(const EntryTable& table, int64_t revision, const HashRules& rules)
      : table_(table), newest_(FindNewest(table, revision)) {
    if (rules.skips_tombstone_at_compaction) DropReborn(revision);
  }

  bool empty() const { return newest_.live == 0; }
  bool Has(uint32_t number) const {
    return newest_.newest[number] && table_.KeySize(number) == kRevisionSize;
  }

 private:
  // A key that one transaction at `revision` both deletes and puts again: etcd stops at the generation that
  // ends there, and keeps nothing of it.
  void DropReborn(int64_t revision) {
    std::set<std::string_view> deleted;
    for (uint32_t i = 0; i < table_.size(); ++i) {
      const auto id = ParseRevisionKey(table_.KeyAt(i));
      KeyValue kv;
      if (!id || id->revision.main != revision || !ParseKeyValue(table_.ValueAt(i), kv)) continue;
      if (id->tombstone) {
        deleted.insert(kv.key);
      } else if (newest_.newest[i] && deleted.contains(kv.key)) {
        newest_.newest[i] = false;
        --newest_.live;
      }
    }
  }

  const EntryTable& table_;
  NewestOfKeys newest_;
};

bool Skipped(HashSkips skips, std::string_view bucket, std::string_view key) {
  if (bucket != "meta") return false;
  return (key == "consistent_index" && skips >= HashSkips::kAs34) ||
         (key == "term" && skips >= HashSkips::kAs35) ||
         (key == "storageVersion" && skips >= HashSkips::kAs36);
}

}  // namespace

HashRules HashRulesOf(unsigned major, unsigned minor, std::optional<unsigned> patch) {
  const auto since = [&](unsigned in_34, unsigned in_35) {
    if (major != 3 || minor > 5) return major >= 3;
    if (minor < 4) return false;
    return !patch || *patch >= (minor == 4 ? in_34 : in_35);
  };
  return {since(34, 16), since(27, 10)};
}

Result<HashKv> HashKvAt(const Store& store, int64_t revision, const HashRules& rules) {
  const auto at = store.RevisionOr(revision);
  if (!at) return Propagate(at);
  const int64_t compacted = store.compact_revision();
  if (revision > 0 && revision == compacted && !rules.reads_compacted_revision) {
    return Fail(
        Errc::kRefused, store.file(),
        fmt::format("revision {} is the compacted one, which that release refuses to hash; {} to {} can be",
                    revision, compacted + 1, store.current_revision()));
  }
  auto table = EntryTable::Read(store.view(), "key");
  if (!table) return Propagate(table);
  std::optional<KeepSet> keep;
  if (compacted > 0) keep.emplace(*table, *at, rules);
  const bool keeps = keep && !keep->empty();
  HashKv result{0, *at, compacted, table->complete()};
  result.hash = CrcOfEntries(*table, Crc32c(AsBytes("key")), [&](uint32_t i) {
    const auto id = ParseRevisionKey(table->KeyAt(i));
    if (!id || id->revision.main > *at) return false;
    if (id->revision.main > compacted) return true;
    if (keeps && !keep->Has(i)) return false;
    return !(rules.skips_tombstone_at_compaction && id->tombstone && id->revision.main == compacted);
  });
  return result;
}

Result<WholeHash> HashOfAll(const Store& store, HashSkips skips, BucketVisitor* visitor) {
  WholeHash result;
  bolt::Cursor buckets = store.view().Buckets();
  for (bool more = buckets.First(); more; more = buckets.Next()) {
    const std::string_view bucket = AsText(buckets.key());
    const auto cursor = store.view().Enter(buckets);
    const auto table = cursor ? EntryTable::Read(store.view(), *cursor) : EntryTable();
    if (!table) return Propagate(table);
    result.complete = result.complete && cursor;
    if (visitor != nullptr) visitor->OnBucket(bucket, *table);
    result.entries += table->size();
    result.complete = result.complete && table->complete();
    result.hash = CrcOfEntries(
        *table, Crc32c(AsBytes(bucket), result.hash),
        [&](uint32_t i) {
          return skips == HashSkips::kNothing || !Skipped(skips, bucket, AsText(table->KeyAt(i)));
        },
        visitor);
  }
  result.complete = result.complete && !buckets.damaged();
  return result;
}

}  // namespace etcdmedic::mvcc
