// SPDX-License-Identifier: Apache-2.0
#include "check/key_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "mvcc/index.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using mvcc::Change;

std::string Quoted(std::string_view key) { return fmt::format("key \"{}\"", key.substr(0, 200)); }

// What one change by itself must be.
class ChangeRules {
 public:
  ChangeRules(const mvcc::Store& store, diag::FindingSink& sink) : store_(store), sink_(sink) {}

  void Report(Code code, const Change& change, std::string message) const {
    sink_.Add(
        {code,
         {store_.file(), store_.OffsetOf(change.raw_key)},
         change.raw_key.size() + change.raw_value.size(),
         fmt::format("{} at revision {}: {}", Quoted(change.kv.key), TextOf(change.revision), message)});
  }

  void Check(const Change& change) const {
    const mvcc::KeyValue& kv = change.kv;
    if (change.tombstone) {
      const bool bare = kv.value.empty() && kv.create_revision == 0 && kv.mod_revision == 0 &&
                        kv.version == 0 && kv.lease == 0;
      if (!bare) Report(Code::kMvccTombstone, change, "the deletion carries more than its key");
      return;
    }
    if (kv.mod_revision != change.revision.main)
      Report(Code::kMvccModRevision, change, fmt::format("its value says {}", kv.mod_revision));
    if (kv.create_revision < 1 || kv.create_revision > change.revision.main || kv.version < 1) {
      Report(Code::kMvccHistory, change,
             fmt::format("create_revision {} and version {} cannot be", kv.create_revision, kv.version));
    }
  }

 private:
  const mvcc::Store& store_;
  diag::FindingSink& sink_;
};

// The entries in the order of the bucket: above the compacted revision none is missing.
class OrderRules {
 public:
  OrderRules(const mvcc::Store& store, diag::FindingSink& sink)
      : store_(store), sink_(sink), compacted_(std::max<int64_t>(store.compact_revision(), 1)) {}

  void Check(const mvcc::EntryTable& table) {
    mvcc::Revision last{compacted_, -1};
    uint64_t last_offset = 0;
    for (uint32_t i = 0; i < table.size(); ++i) {
      const auto id = mvcc::ParseRevisionKey(table.KeyAt(i));
      if (!id) continue;
      if (table.ValueAt(i).empty()) CheckEmpty(table, i, id->revision);
      if (id->revision.main <= compacted_) continue;
      CheckStep(last, id->revision, table.OffsetOf(i));
      last = id->revision;
      last_offset = table.OffsetOf(i);
    }
    if (last.main < store_.current_revision() && store_.current_revision() > compacted_) {
      Gap(last_offset,
          fmt::format("revisions {} to {} are not there", last.main + 1, store_.current_revision()));
    }
  }

 private:
  void Gap(uint64_t offset, std::string message) {
    sink_.Add({Code::kMvccRevisionGap, {store_.file(), offset}, mvcc::kRevisionSize, std::move(message)});
  }

  void CheckStep(const mvcc::Revision& last, const mvcc::Revision& next, uint64_t offset) {
    if (next.main == last.main && next.sub == last.sub + 1) return;
    if (next.main == last.main + 1 && next.sub == 0) return;
    if (next == last) return Gap(offset, fmt::format("revision {} is there twice", TextOf(next)));
    if (next < last) return;  // the bucket's order is broken, which the pages' rules report
    if (next.main > last.main + 1) {
      Gap(offset, fmt::format("revisions {} to {} are not there", last.main + 1, next.main - 1));
    } else {
      const int64_t due = next.main == last.main ? last.sub + 1 : 0;
      Gap(offset,
          fmt::format("revision {} goes on with change {}, change {} is due", next.main, next.sub, due));
    }
  }

  // A restore with --bump-revision writes one such entry, at the revision that it marks as compacted.
  void CheckEmpty(const mvcc::EntryTable& table, uint32_t at, const mvcc::Revision& revision) {
    if (revision.main == store_.scheduled_compaction() && revision.sub == 0) return;
    sink_.Add({Code::kMvccValue,
               {store_.file(), table.OffsetOf(at)},
               table.KeySize(at),
               fmt::format("revision {} holds nothing", TextOf(revision))});
  }

  const mvcc::Store& store_;
  diag::FindingSink& sink_;
  const int64_t compacted_;
};

// The changes of one key: each follows from the one before.
class HistoryRules {
 public:
  HistoryRules(const mvcc::Store& store, diag::FindingSink& sink)
      : store_(store), changes_(store, sink), compacted_(store.compact_revision()) {}

  void Check(const mvcc::KeyIndex& index, mvcc::Numbers numbers) {
    std::optional<Change> before;
    for (const uint32_t number : numbers) {
      Change change = index.At(number);
      changes_.Check(change);
      CheckStep(before, change);
      if (before && change.revision.main <= store_.finished_compaction()) NoteLeftover(*before);
      before = std::move(change);
    }
    if (before && before->tombstone && before->revision.main < store_.finished_compaction())
      NoteLeftover(*before);
  }

 private:
  void CheckStep(const std::optional<Change>& before, const Change& change) const {
    if (!before && change.revision.main <= compacted_) return;  // what came before is compacted
    const bool alive = before && !before->tombstone;
    if (change.tombstone) {
      if (!alive) changes_.Report(Code::kMvccTombstone, change, "it deletes what does not exist");
      return;
    }
    const int64_t version = alive ? before->kv.version + 1 : 1;
    const int64_t created = alive ? before->kv.create_revision : change.revision.main;
    if (change.kv.version == version && change.kv.create_revision == created) return;
    changes_.Report(
        Code::kMvccHistory, change,
        fmt::format("create_revision {} and version {}, where {} and {} follow from what is before",
                    change.kv.create_revision, change.kv.version, created, version));
  }

  void NoteLeftover(const Change& change) const {
    changes_.Report(Code::kMvccCompactionLeft, change,
                    fmt::format("compaction {} should have removed it", store_.finished_compaction()));
  }

  const mvcc::Store& store_;
  ChangeRules changes_;
  const int64_t compacted_;
};

// Leases that living keys name and bucket `lease` does not hold.
class LeaseRules {
 public:
  explicit LeaseRules(const mvcc::Store& store) : store_(store) {
    store.view().ForEach("lease", [&](Bytes key, Bytes) {
      if (const auto id = ByteReader(key).Big<uint64_t>()) known_.push_back(static_cast<int64_t>(*id));
      return true;
    });
    std::ranges::sort(known_);
  }

  void Note(const Change& newest) {
    if (newest.tombstone || newest.kv.lease == 0) return;
    if (std::ranges::binary_search(known_, newest.kv.lease)) return;
    Unknown& unknown = unknown_[newest.kv.lease];
    if (unknown.keys++ > 0) return;
    unknown.first = newest.kv.key;
    unknown.offset = store_.OffsetOf(newest.raw_key);
  }

  void Report(diag::FindingSink& sink) const {
    for (const auto& [id, unknown] : unknown_) {
      sink.Add({Code::kMvccLeaseUnknown,
                {store_.file(), unknown.offset},
                0,
                fmt::format("lease {:x} of {} keys, the first {}", static_cast<uint64_t>(id), unknown.keys,
                            Quoted(unknown.first))});
    }
  }

 private:
  struct Unknown {
    uint64_t keys = 0;
    std::string first;
    uint64_t offset = 0;
  };
  const mvcc::Store& store_;
  std::vector<int64_t> known_;
  std::unordered_map<int64_t, Unknown> unknown_;
};

}  // namespace

Result<void> CheckKeys(const mvcc::Store& store, diag::FindingSink& sink) {
  auto table = mvcc::EntryTable::Read(store.view(), "key");
  if (!table) return tl::make_unexpected(table.error());
  OrderRules(store, sink).Check(*table);
  const auto index = mvcc::KeyIndex::Build(std::move(*table), store.file(), mvcc::EveryKey(),
                                           std::numeric_limits<int64_t>::max(), sink);
  HistoryRules history(store, sink);
  LeaseRules leases(store);
  index.ForEachKey([&](mvcc::Numbers numbers) {
    history.Check(index, numbers);
    leases.Note(index.At(numbers.back()));
    return true;
  });
  leases.Report(sink);
  if (store.scheduled_compaction() > store.finished_compaction()) {
    sink.Add({Code::kMvccCompactionPending,
              {store.file(), 0},
              0,
              fmt::format("scheduled at revision {}, finished at {}", store.scheduled_compaction(),
                          store.finished_compaction())});
  }
  return {};
}

}  // namespace etcdmedic::check
