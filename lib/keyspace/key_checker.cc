// SPDX-License-Identifier: Apache-2.0
#include "keyspace/key_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/parallel.h"

namespace etcdmedic::keyspace {
namespace {

using diag::Code;
using mvcc::Change;

constexpr size_t kMostShares = 16;
constexpr uint64_t kPlaceMask = (uint64_t{1} << 48) - 1;
constexpr size_t kChangesAShare = 4096;  // fewer are not worth a thread

std::string Quoted(std::string_view key) { return fmt::format("key \"{}\"", key.substr(0, 200)); }

void Merge(std::vector<RevisionSpan>& spans) {
  std::ranges::sort(spans, {}, &RevisionSpan::begin);
  size_t kept = 0;
  for (const RevisionSpan& span : spans) {
    if (kept > 0 && span.begin <= spans[kept - 1].end) {
      spans[kept - 1].end = std::max(spans[kept - 1].end, span.end);
    } else {
      spans[kept++] = span;
    }
  }
  spans.resize(kept);
}

}  // namespace

// The last change of each key so far, by the key's hash.
class KeyChecker::LatestByKey {
 public:
  // For at most `changes` of them.
  explicit LatestByKey(size_t changes)
      : slots_(std::bit_ceil(changes + changes / 2 + 2)),
        shift_(64 - static_cast<int>(std::bit_width(slots_.size() - 1))) {}

  // Ask, one after the other, for the memory that Replace will look at.
  void PrefetchSlot(const Seen& seen) const { __builtin_prefetch(&slots_[Home(seen)]); }
  void PrefetchLast(const Seen& seen) const {
    const auto* const last = reinterpret_cast<const std::byte*>(slots_[Home(seen)]);
    if (last == nullptr) return;
    __builtin_prefetch(last);
    __builtin_prefetch(last + sizeof(Seen) - 1);  // which may be on another line
  }

  // Gives the one before, null for none.
  const Seen* Replace(const Seen& seen) {
    size_t at = Home(seen);
    while (slots_[at] != nullptr && slots_[at]->key != seen.key) at = (at + 1) & (slots_.size() - 1);
    return std::exchange(slots_[at], &seen);
  }

  template <class Each>
  void ForEach(const Each& each) const {
    for (const Seen* const seen : slots_) {
      if (seen != nullptr) each(*seen);
    }
  }

 private:
  size_t Home(const Seen& seen) const { return seen.key.high >> shift_; }

  std::vector<const Seen*> slots_;
  int shift_;  // leaves as many bits as number the slots
};

KeyChecker::KeyChecker(const mvcc::Store& store, RevisionTable* table)
    : store_(store),
      table_(table),
      compacted_(store.compact_revision()),
      ordered_from_(std::max<int64_t>(compacted_, 1)),
      shares_(PartsOf(kMostShares, 1)) {
  store.view().ForEach("lease", [&](Bytes key, Bytes) {
    if (const auto id = ByteReader(key).Big<uint64_t>()) leases_.push_back(static_cast<int64_t>(*id));
    return true;
  });
  std::ranges::sort(leases_);
}

void KeyChecker::Begin(size_t parts) {
  parts_.clear();
  parts_.resize(parts);
  for (Part& part : parts_) part.seen.resize(shares_);
  if (table_ != nullptr) table_->Begin(parts);
}

void KeyChecker::OnLeaf(size_t part, const bolt::Node& leaf) {
  bolt::Element element;
  for (uint32_t i = 0; i < leaf.count; ++i) {
    if (ReadElement(leaf, i, element)) OnEntry(part, element.key, element.value);
  }
}

void KeyChecker::OnEntry(size_t number, Bytes key, Bytes value) {
  Part& part = parts_[number];
  Change change;
  const auto id = mvcc::ParseRevisionKey(key);
  if (!id) {
    part.found.Add({Code::kMvccRevision,
                    {store_.file(), store_.OffsetOf(key)},
                    key.size(),
                    fmt::format("a key of {} bytes is not a revision", key.size())});
    return;
  }
  if (value.empty()) CheckEmpty(id->revision, key, part.found);
  if (id->revision.main > ordered_from_) {
    const Place place{id->revision, store_.OffsetOf(key)};
    if (part.last) CheckOrder(*part.last, place, part.found);
    if (!part.first) part.first = place;
    part.last = place;
  }
  const bool parses = ParseKeyValue(value, change.kv);
  if (table_ != nullptr) table_->Add(number, store_.OffsetOf(key), *id, value, parses ? &change.kv : nullptr);
  if (!parses) {
    part.found.Add({Code::kMvccValue,
                    {store_.file(), store_.OffsetOf(key)},
                    key.size() + value.size(),
                    fmt::format("what revision {} holds does not parse", TextOf(id->revision))});
    return;
  }
  if (change.kv.key.empty()) return;  // only a bumped restore writes it
  change.revision = id->revision;
  change.tombstone = id->tombstone;
  change.raw_key = key;
  change.raw_value = value;
  CheckAlone(change, part.found);
  Keep(part, change);
}

void KeyChecker::Keep(Part& part, const Change& change) const {
  const mvcc::KeyValue& kv = change.kv;
  const mvcc::KeyHash hash = mvcc::HashOfKey(kv.key);
  const int64_t main = change.revision.main;
  Seen seen{};
  seen.key = hash;
  seen.create_revision = kv.create_revision;
  seen.version = kv.version;
  seen.place = store_.OffsetOf(change.raw_key) & kPlaceMask;
  seen.tombstone = change.tombstone;
  seen.compacted = main <= compacted_;
  seen.finished = main <= store_.finished_compaction();
  seen.below_finished = main < store_.finished_compaction();
  seen.created_here = kv.create_revision == main;
  seen.lease_unknown = kv.lease != 0 && !std::ranges::binary_search(leases_, kv.lease);
  seen.object = std::ranges::any_of(registry_.prefixes(),
                                    [&](const std::string& prefix) { return kv.key.starts_with(prefix); });
  seen.value_size = static_cast<uint32_t>(change.raw_value.size());
  part.seen[(hash.low >> 1) % shares_].push_back(seen);
}

Change KeyChecker::ChangeOf(const Seen& seen) const {
  const size_t key_size = seen.tombstone ? mvcc::kTombstoneSize : mvcc::kRevisionSize;
  Change change;
  change.raw_key = store_.db().subspan(seen.place, key_size);
  change.raw_value = store_.db().subspan(seen.place + key_size, seen.value_size);
  if (const auto id = mvcc::ParseRevisionKey(change.raw_key)) change.revision = id->revision;
  change.tombstone = seen.tombstone;
  ParseKeyValue(change.raw_value, change.kv);
  return change;
}

void KeyChecker::Report(Code code, const Change& change, std::string message, diag::FindingSink& sink) const {
  sink.Add({code,
            {store_.file(), store_.OffsetOf(change.raw_key)},
            change.raw_key.size() + change.raw_value.size(),
            fmt::format("{} at revision {}: {}", Quoted(change.kv.key), TextOf(change.revision), message)});
}

// A restore with --bump-revision writes one such entry, at the revision that it marks as compacted. No later
// compaction removes it.
void KeyChecker::CheckEmpty(const mvcc::Revision& revision, Bytes key, diag::FindingSink& sink) const {
  if (revision.main <= compacted_ && revision.sub == 0) return;
  sink.Add({Code::kMvccValue,
            {store_.file(), store_.OffsetOf(key)},
            key.size(),
            fmt::format("revision {} holds nothing", TextOf(revision))});
}

void KeyChecker::CheckAlone(const Change& change, diag::FindingSink& sink) const {
  const mvcc::KeyValue& kv = change.kv;
  if (change.tombstone) {
    const bool bare = kv.value.empty() && kv.create_revision == 0 && kv.mod_revision == 0 &&
                      kv.version == 0 && kv.lease == 0;
    if (!bare) Report(Code::kMvccTombstone, change, "the deletion carries more than its key", sink);
    return;
  }
  if (kv.mod_revision != change.revision.main)
    Report(Code::kMvccModRevision, change, fmt::format("its value says {}", kv.mod_revision), sink);
  if (kv.create_revision < 1 || kv.create_revision > change.revision.main || kv.version < 1) {
    Report(Code::kMvccHistory, change,
           fmt::format("create_revision {} and version {} cannot be", kv.create_revision, kv.version), sink);
  }
}

void KeyChecker::Gap(uint64_t offset, std::string message, diag::FindingSink& sink) const {
  sink.Add({Code::kMvccRevisionGap, {store_.file(), offset}, mvcc::kRevisionSize, std::move(message)});
}

// Above the compacted revision none is missing.
void KeyChecker::CheckOrder(const Place& before, const Place& place, diag::FindingSink& sink) const {
  const mvcc::Revision &last = before.revision, &next = place.revision;
  if (next.main == last.main && next.sub == last.sub + 1) return;
  if (next.main == last.main + 1 && next.sub == 0) return;
  if (next == last) return Gap(place.offset, fmt::format("revision {} is there twice", TextOf(next)), sink);
  if (next < last) return;  // the bucket's order is broken, which the pages' rules report
  if (next.main > last.main + 1) {
    Gap(place.offset, fmt::format("revisions {} to {} are not there", last.main + 1, next.main - 1), sink);
  } else {
    const int64_t due = next.main == last.main ? last.sub + 1 : 0;
    Gap(place.offset,
        fmt::format("revision {} continues with sub-revision {}, expected {}", next.main, next.sub, due),
        sink);
  }
}

void KeyChecker::JoinParts(diag::FindingSink& sink) {
  Place last{{ordered_from_, -1}, 0};
  for (Part& part : parts_) {
    if (part.first) CheckOrder(last, *part.first, sink);
    if (part.last) last = *part.last;
    for (diag::Finding& finding : part.found.items) sink.Add(std::move(finding));
    part.found.items = {};
  }
  if (last.revision.main < store_.current_revision() && store_.current_revision() > ordered_from_) {
    Gap(last.offset,
        fmt::format("revisions {} to {} are not there", last.revision.main + 1, store_.current_revision()),
        sink);
  }
}

bool KeyChecker::LostBetween(const Seen* before, const Seen& seen) const {
  const int64_t from = before != nullptr ? ChangeOf(*before).revision.main : 0;
  const auto span = std::ranges::upper_bound(lost_, from, {}, &RevisionSpan::end);
  return span != lost_.end() && span->begin <= ChangeOf(seen).revision.main;
}

// A change that does not follow from the one before it.
void KeyChecker::Broken(Code code, const Seen* before, const Seen& seen, Share& share) const {
  if (LostBetween(before, seen)) {
    Consequence& consequence = share.consequences[code];
    if (consequence.count++ == 0) consequence.first = &seen;
    return;
  }
  const Change change = ChangeOf(seen);
  if (seen.tombstone) return Report(code, change, "it deletes what does not exist", share.found);
  const bool alive = before != nullptr && !before->tombstone;
  const uint64_t version = alive ? static_cast<uint64_t>(before->version) + 1 : 1;
  const int64_t created = alive ? before->create_revision : change.revision.main;
  Report(code, change,
         fmt::format("create_revision {} and version {}, where {} and {} follow from what is before",
                     seen.create_revision, seen.version, created, static_cast<int64_t>(version)),
         share.found);
}

void KeyChecker::CheckStep(const Seen* before, const Seen& seen, Share& share) const {
  const bool alive = before != nullptr && !before->tombstone;
  if (before == nullptr && seen.compacted) return;  // what came before is compacted
  if (seen.tombstone) {
    if (!alive) Broken(Code::kMvccTombstone, before, seen, share);
    return;
  }
  const bool follows =
      alive ? static_cast<uint64_t>(seen.version) == static_cast<uint64_t>(before->version) + 1 &&
                  seen.create_revision == before->create_revision
            : seen.version == 1 && seen.created_here;
  if (!follows) Broken(Code::kMvccHistory, before, seen, share);
}

void KeyChecker::NoteLeftover(const Seen& seen, diag::FindingSink& sink) const {
  Report(Code::kMvccCompactionLeft, ChangeOf(seen),
         fmt::format("compaction {} should have removed it", store_.finished_compaction()), sink);
}

// Of the changes of a key the newest.
void KeyChecker::CheckLast(const Seen& seen, Share& share) const {
  if (seen.tombstone && seen.below_finished) NoteLeftover(seen, share.found);
  if (seen.tombstone || !(seen.lease_unknown || seen.object)) return;
  const Change change = ChangeOf(seen);
  if (seen.object) {
    const std::string_view value = change.kv.value;
    // An empty value is not stored at all.
    const Where where{store_.file(), store_.OffsetOf(AsBytes(value.empty() ? change.kv.key : value))};
    share.objects.Check(change.kv.key, AsBytes(value), where);
  }
  if (!seen.lease_unknown) return;
  UnknownLease& lease = share.leases[change.kv.lease];
  if (lease.keys++ > 0 && lease.first <= change.kv.key) return;
  lease.first = change.kv.key;
  lease.offset = seen.place;
}

void KeyChecker::CheckShare(size_t number, Share& share) const {
  constexpr std::ptrdiff_t kSlotsAhead = 32, kLastAhead = 16;
  size_t changes = 0;
  for (const Part& part : parts_) changes += part.seen[number].size();
  LatestByKey last(changes);
  bool any_of_interest = false;
  for (const Part& part : parts_) {
    const std::vector<Seen>& seen = part.seen[number];
    for (auto at = seen.begin(); at != seen.end(); ++at) {
      const std::ptrdiff_t left = seen.end() - at;
      if (left > kSlotsAhead) last.PrefetchSlot(at[kSlotsAhead]);
      if (left > kLastAhead) last.PrefetchLast(at[kLastAhead]);
      const Seen* const before = last.Replace(*at);
      CheckStep(before, *at, share);
      if (before != nullptr && at->finished) NoteLeftover(*before, share.found);
      any_of_interest = any_of_interest || at->below_finished || at->lease_unknown || at->object;
    }
  }
  if (any_of_interest) last.ForEach([&](const Seen& seen) { CheckLast(seen, share); });
}

void KeyChecker::ReportShares(const std::vector<Share>& shares, diag::FindingSink& sink) const {
  std::map<Code, Consequence> consequences;
  std::map<int64_t, UnknownLease> leases;
  for (const Share& share : shares) {
    for (const diag::Finding& finding : share.found.items) sink.Add(finding);
    for (const auto& [code, part] : share.consequences) {
      Consequence& all = consequences[code];
      all.count += part.count;
      if (all.first == nullptr || ChangeOf(*part.first).revision < ChangeOf(*all.first).revision)
        all.first = part.first;
    }
    for (const auto& [id, part] : share.leases) {
      UnknownLease& all = leases[id];
      if (all.keys == 0 || part.first < all.first) all.first = part.first, all.offset = part.offset;
      all.keys += part.keys;
    }
  }
  for (const auto& [code, all] : consequences) {
    Report(code, ChangeOf(*all.first),
           fmt::format("{} not follow from what is left before: what came between is lost with pages that "
                       "cannot be read",
                       all.count == 1 ? "it does" : fmt::format("it and {} more do", all.count - 1)),
           sink);
  }
  for (const auto& [id, all] : leases) {
    sink.Add({Code::kMvccLeaseUnknown,
              {store_.file(), all.offset},
              0,
              fmt::format("lease {:x} of {} keys, the first {}", static_cast<uint64_t>(id), all.keys,
                          Quoted(all.first))});
  }
}

void KeyChecker::Finish(std::vector<RevisionSpan> lost, diag::FindingSink& sink) {
  lost_ = std::move(lost);
  Merge(lost_);
  diag::FindingList found;
  JoinParts(found);
  size_t changes = 0;
  for (const Part& part : parts_) {
    for (const auto& seen : part.seen) changes += seen.size();
  }
  std::vector<Share> shares(shares_, Share(registry_));
  InParallel(shares_, PartsOf(changes, kChangesAShare), [&](size_t, size_t begin, size_t end) {
    for (size_t number = begin; number < end; ++number) CheckShare(number, shares[number]);
  });
  ReportShares(shares, found);
  for (Share& share : shares) {
    if (&share != shares.data()) shares.front().objects.Add(std::move(share.objects));
  }
  shares.front().objects.Report(found);
  if (store_.scheduled_compaction() > store_.finished_compaction()) {
    found.Add({Code::kMvccCompactionPending,
               {store_.file(), 0},
               0,
               fmt::format("scheduled at revision {}, finished at {}", store_.scheduled_compaction(),
                           store_.finished_compaction())});
  }
  diag::SortFindings(found.items);
  for (diag::Finding& finding : found.items) sink.Add(std::move(finding));
}

}  // namespace etcdmedic::keyspace
