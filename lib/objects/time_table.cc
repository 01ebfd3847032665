// SPDX-License-Identifier: Apache-2.0
#include "objects/time_table.h"

#include <algorithm>

#include "base/parallel.h"

namespace etcdmedic::objects {
namespace {

constexpr size_t kLeastPart = 4096;  // entries; fewer are not worth a thread
constexpr uint32_t kAhead = 8;       // entries whose memory is asked for before they are read

// The place of the first of `entries` that is not before `entry`.
size_t PlaceOf(const std::vector<uint32_t>& entries, uint32_t entry) {
  return static_cast<size_t>(std::ranges::lower_bound(entries, entry) - entries.begin());
}

}  // namespace

TimeTable::TimeTable(const mvcc::EntryTable& table, const encryption::Decryptor& open) : table_(table) {
  std::vector<std::vector<Mark>> parts(PartsOf(table.size(), kLeastPart));
  InParallel(table.size(), parts.size(), [&](size_t part, size_t begin, size_t end) {
    Read(table, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), open, parts[part]);
  });
  for (const std::vector<Mark>& part : parts) {
    for (const Mark& mark : part) {
      const bool exact = mark.kind != WitnessKind::kWrite;
      (exact ? exact_ : writes_).push_back(mark);
      (exact ? exact_entries_ : write_entries_).push_back(mark.entry);
    }
  }
}

void TimeTable::Read(const mvcc::EntryTable& table, uint32_t begin, uint32_t end,
                     const encryption::Decryptor& open, std::vector<Mark>& marks) {
  StoredObjects stored(open);
  for (uint32_t entry = begin; entry < end; ++entry) {
    if (entry + kAhead < end) table.Prefetch(entry + kAhead);
    const auto key = mvcc::ParseRevisionKey(table.KeyAt(entry));
    mvcc::KeyValue kv;
    if (!key || key->tombstone || !mvcc::ParseKeyValue(table.ValueAt(entry), kv)) continue;
    const auto mark = MarkOf(key->revision.main, kv.version, stored.Open(kv.key, AsBytes(kv.value)).bytes);
    if (mark) marks.push_back({*mark, entry});
  }
}

uint32_t TimeTable::FirstEntry(int64_t revision) const {
  const std::string wanted = mvcc::EncodeRevisionKey({{revision, 0}, false});
  uint32_t begin = 0, end = table_.size();
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    if (AsText(table_.KeyAt(middle)) < wanted)
      begin = middle + 1;
    else
      end = middle;
  }
  return begin;
}

TimeTable::Window TimeTable::Around(uint32_t entry) {
  constexpr auto kMost = static_cast<uint32_t>(Surroundings::kMostEntries);
  if (entry < entry_ || entry - entry_ > kMost) middle_ = PlaceOf(exact_entries_, entry);
  while (middle_ < exact_entries_.size() && exact_entries_[middle_] < entry) ++middle_;
  entry_ = entry;
  const uint32_t first = entry - std::min(entry, kMost),
                 last = entry + std::min(table_.size() - entry, kMost);
  Window window{middle_ - std::min(middle_, Surroundings::kEnough),
                std::min(exact_.size(), middle_ + Surroundings::kEnough)};
  while (window.begin < middle_ && exact_entries_[window.begin] < first) ++window.begin;
  while (window.end > middle_ && exact_entries_[window.end - 1] >= last) --window.end;
  return window;
}

TimeSpan TimeTable::Of(int64_t revision, uint32_t entry) {
  const Window window = Around(entry);
  if (window != window_)
    chain_ = Consistent(std::span(exact_).subspan(window.begin, window.end - window.begin));
  window_ = window;
  // As far as WriteClock reads.
  const bool enough = middle_ - window.begin == Surroundings::kEnough;
  const uint32_t first = enough ? exact_entries_[window.begin]
                                : entry - std::min(entry, static_cast<uint32_t>(Surroundings::kMostEntries));
  std::span<const TimeMark> writes(writes_);
  if (chain_.empty() || chain_.front().revision > revision)
    writes = writes.subspan(PlaceOf(write_entries_, first));
  return Surroundings::Of(revision, chain_, writes).span();
}

TimeSpan RevisionTimes::Of(int64_t revision) {
  if (table_) return table_->Of(revision);
  if (const auto known = told_.find(revision); known != told_.end()) return known->second;
  if (told_.size() >= kFew) {
    if (auto entries = mvcc::EntryTable::Read(store_.view(), "key")) {
      entries_ = std::move(*entries);
      table_ = std::make_unique<TimeTable>(entries_, open_);
      return table_->Of(revision);
    }
  }
  const auto when = clock_.When(revision);
  return told_.emplace(revision, when ? TimeSpan(*when) : TimeSpan()).first->second;
}

}  // namespace etcdmedic::objects
