// SPDX-License-Identifier: Apache-2.0
#include "salvage/selection.h"

#include <algorithm>

#include "base/parallel.h"
#include "mvcc/key_value.h"
#include "mvcc/revision.h"

namespace etcdmedic::salvage {
namespace {

constexpr size_t kCopiesAThread = 1 << 16;

bool Equal(Bytes a, Bytes b) { return AsText(a) == AsText(b); }

void SortCopies(std::vector<Copy>& copies, unsigned threads) {
  const auto before = [](const Copy& a, const Copy& b) { return a.Rank() < b.Rank(); };
  const size_t parts = PartsOf(copies.size(), kCopiesAThread, threads);
  std::vector<size_t> ends(parts);
  InParallel(copies.size(), parts, [&](size_t part, size_t begin, size_t end) {
    std::sort(copies.begin() + static_cast<std::ptrdiff_t>(begin),
              copies.begin() + static_cast<std::ptrdiff_t>(end), before);
    ends[part] = end;
  });
  for (size_t part = 1; part < parts; ++part) {
    std::inplace_merge(copies.begin(), copies.begin() + static_cast<std::ptrdiff_t>(ends[part - 1]),
                       copies.begin() + static_cast<std::ptrdiff_t>(ends[part]), before);
  }
}

// Of the records in a tree that is not damaged so many may differ from what the log makes, and one in a
// hundred: flipped bits. More, and one of the two is not what it seems.
constexpr uint64_t kMostContradictions = 8;

std::string_view UserKey(Bytes message) {
  mvcc::KeyValue kv;
  return mvcc::ParseKeyValue(message, kv) ? kv.key : std::string_view();
}

}  // namespace

Selection::Selection(const std::vector<DbSource>& sources, const LogHistory& log, const Options& options)
    : sources_(sources), log_(&log), options_(options) {
  result_.sources_ = &sources;
  result_.log_ = &log;
}

// The source that etcd has brought furthest; its tree says what a compaction has left.
void Selection::ChoosePrimary(const std::vector<Copy>& copies) {
  const auto further = [](const DbSource& a, const DbSource& b) {
    return std::pair(a.readable, a.consistent_index) < std::pair(b.readable, b.consistent_index);
  };
  const auto best = std::ranges::max_element(sources_, further);
  if (best == sources_.end()) return;
  result_.primary_ = &*best;
  result_.compacted_ = best->compacted;
  const auto number = static_cast<uint64_t>(best - sources_.begin());
  for (const Copy& copy : copies) {
    if (copy.origin == Origin::kLive && copy.source == number)
      newest_in_tree_ = std::max(newest_in_tree_, copy.main);
  }
}

// `copies` are sorted, as are the log's records.
bool Selection::TrustsLog(const std::vector<Copy>& copies) const {
  uint64_t equal = 0, differ = 0;
  size_t at = 0;
  for (const Copy& copy : copies) {
    if (copy.origin != Origin::kLive || !Logged(copy.main)) continue;
    while (at < log_->records.size() &&
           std::pair(log_->records[at].main, log_->records[at].sub) < copy.Revision())
      ++at;
    const bool same = at < log_->records.size() && Same(copy, log_->records[at]);
    ++(same ? equal : differ);
  }
  return differ <= kMostContradictions + equal / 100;
}

bool Selection::Same(const Copy& a, const Copy& b) const {
  return a.tombstone == b.tombstone && a.value_size == b.value_size &&
         Equal(ValueOf(a, BytesOf(a)), ValueOf(b, BytesOf(b)));
}

bool Selection::Same(const Copy& copy, const LogRecord& record) const {
  return Equal(KeyOf(copy, BytesOf(copy)), AsBytes(record.key)) &&
         Equal(ValueOf(copy, BytesOf(copy)), AsBytes(record.value));
}

// The log's record of a revision; those before it that no file holds are taken on the way.
const LogRecord* Selection::InLog(std::pair<int64_t, uint32_t> revision) {
  while (log_at_ < log_->records.size()) {
    const LogRecord& record = log_->records[log_at_];
    const std::pair<int64_t, uint32_t> at{record.main, record.sub};
    if (at > revision) return nullptr;
    ++log_at_;
    if (at == revision) return &record;
    TakeFromLog(log_at_ - 1);
  }
  return nullptr;
}

void Selection::TakeFromLog(uint32_t at) {
  const LogRecord& record = log_->records[at];
  if (!Wanted(record.main) || options_.live_only) return;
  Chosen chosen;
  chosen.copy =
      Copy{.main = record.main, .sub = record.sub, .value_size = static_cast<uint32_t>(record.value.size())};
  chosen.copy.tombstone = record.key.size() == mvcc::kTombstoneSize;
  chosen.copy.origin = Origin::kLog;
  chosen.copy.confidence = Confidence::kCertain;
  chosen.log_record = at;
  const bool compacted = record.main <= result_.compacted_;
  // What a compaction has removed from a tree that is whole stays removed.
  if (compacted && result_.primary_ != nullptr && !result_.primary_->Lost(record.main)) return;
  Take(chosen, !compacted);
}

bool Selection::Vouched(const Copy& copy) const {
  const DbSource* const primary = result_.primary_;
  if (primary == nullptr) return true;
  if (copy.origin == Origin::kLive && &sources_[copy.source] == primary) return true;
  return copy.main > newest_in_tree_ || primary->Lost(copy.main);
}

void Selection::Take(const Chosen& record, bool in_tree) {
  (in_tree ? result_.records_ : pending_).push_back(record);
}

// All copies of one revision, the best first.
void Selection::Decide(Copies same) {
  const LogRecord* const logged = InLog(same.front().Revision());
  Copy* best = &same.front();
  if (logged != nullptr) {
    const auto right = std::ranges::find_if(same, [&](const Copy& copy) { return Same(copy, *logged); });
    best = right == same.end() ? nullptr : &*right;
  } else if (Logged(same.front().main)) {
    best = nullptr;  // the log made that revision otherwise
  }
  if (best != nullptr && logged != nullptr) best->confidence = Confidence::kCertain;
  const Copy* other = nullptr;
  for (const Copy& copy : same) {
    if (&copy == best || (best != nullptr && Same(copy, *best)) || (other != nullptr && Same(copy, *other)))
      continue;
    other = &copy;
    if (best != nullptr && best->confidence != Confidence::kCertain) best->confidence = Confidence::kDoubtful;
    Set(copy, Reason::kContradicted);
  }
  if (best == nullptr) {
    if (logged != nullptr) TakeFromLog(log_at_ - 1);
    return;
  }
  const bool in_tree = best->origin == Origin::kLive && &sources_[best->source] == result_.primary_;
  if (!Wanted(best->main) || (options_.live_only && !in_tree)) return Set(*best, Reason::kExcluded);
  const bool compacted = best->main <= result_.compacted_;
  if (!Vouched(*best) && !(logged != nullptr && !compacted))
    return Set(*best, compacted ? Reason::kSuperseded : Reason::kNotInTree);
  Take({*best, 0}, in_tree || !compacted);
}

// Of each key the newest record up to the compacted revision stays, unless it was deleted by then; a later
// record of the same generation proves that it was not.
void Selection::SettleCompacted() {
  if (pending_.empty()) return;
  struct State {
    size_t newest = 0;  // in pending_
    bool superseded = false, confirmed = false, later = false;
  };
  std::unordered_map<std::string_view, State> keys;
  for (size_t i = 0; i < pending_.size(); ++i) keys[UserKey(result_.ValueOf(pending_[i]))].newest = i;
  mvcc::KeyValue kv;
  for (const Chosen& record : result_.records_) {
    const auto found = mvcc::ParseKeyValue(result_.ValueOf(record), kv) ? keys.find(kv.key) : keys.end();
    if (found == keys.end()) continue;
    State& state = found->second;
    const int64_t main = pending_[state.newest].copy.main;
    if (record.copy.main <= result_.compacted_) {
      state.superseded |= record.copy.main > main;
    } else if (!std::exchange(state.later, true) && !record.copy.tombstone) {
      state.confirmed = kv.create_revision <= main;
      state.superseded |= !state.confirmed;
    }
  }
  for (size_t i = 0; i < pending_.size(); ++i) {
    const Chosen& record = pending_[i];
    const std::string_view key = UserKey(result_.ValueOf(record));
    const State& state = keys.at(key);
    const bool deleted = record.copy.tombstone && record.copy.main != result_.compacted_;
    if (state.newest != i || state.superseded || deleted) {
      if (record.copy.origin != Origin::kLog) Set(record.copy, Reason::kSuperseded);
      continue;
    }
    if (!state.confirmed && record.copy.origin != Origin::kLog) result_.losses_.suspects.emplace_back(key);
    result_.records_.push_back(record);
  }
  std::ranges::sort(result_.records_, {}, [](const Chosen& each) { return each.copy.Revision(); });
}

void Selection::FindGaps() {
  int64_t expected = std::max<int64_t>(result_.compacted_, 1) + 1;
  uint32_t sub = 0;
  int64_t last = 0;
  result_.revision_ = std::max(result_.revision_, result_.compacted_);
  for (const Chosen& record : result_.records_) {
    const Copy& copy = record.copy;
    result_.revision_ = std::max(result_.revision_, copy.main);
    if (copy.main <= result_.compacted_) continue;
    if (copy.main > expected) result_.losses_.gaps.push_back({expected, copy.main - 1});
    sub = copy.main == last ? sub + 1 : 0;
    const bool partial = copy.sub != sub;
    if (partial && (result_.losses_.partial.empty() || result_.losses_.partial.back() != copy.main))
      result_.losses_.partial.push_back(copy.main);
    sub = copy.sub;
    last = copy.main;
    expected = copy.main + 1;
  }
}

void Selection::FindLosses() {
  const DbSource* const primary = result_.primary_;
  Losses& losses = result_.losses_;
  if (primary == nullptr) {
    losses.buckets = {"auth", "authRoles", "authUsers", "cluster", "lease"};
    return;
  }
  for (const Span& span : primary->lost) {
    const Span old{std::max<int64_t>(span.first, 2), std::min(span.last, result_.compacted_)};
    if (old.first <= old.last && !(Logged(old.first) && Logged(old.last))) losses.unproven.push_back(old);
  }
  for (const auto& [name, bucket] : primary->buckets) {
    if (!bucket.complete || !bucket.newest) losses.buckets.push_back(name);
  }
  const bool end_lost =
      std::ranges::any_of(primary->lost, [](const Span& span) { return span.last == INT64_MAX; });
  const bool logged = log_->first != 0 && log_->last >= result_.revision_;
  losses.tail = options_.as_of == 0 && !logged && (!primary->newest_meta || end_lost || !primary->readable);
}

Salvaged Selection::Run(std::vector<Copy> copies) {
  result_.copies_ = copies.size();
  ChoosePrimary(copies);
  if (options_.as_of != 0 && result_.compacted_ > options_.as_of) return std::move(result_);
  SortCopies(copies, options_.threads);
  if (!TrustsLog(copies)) log_ = &none_;
  for (size_t begin = 0; begin < copies.size();) {
    size_t end = begin + 1;
    while (end < copies.size() && copies[end].Revision() == copies[begin].Revision()) ++end;
    Decide(Copies(copies).subspan(begin, end - begin));
    begin = end;
  }
  InLog({INT64_MAX, UINT32_MAX});
  copies = {};
  SettleCompacted();
  FindGaps();
  FindLosses();
  return std::move(result_);
}

}  // namespace etcdmedic::salvage
