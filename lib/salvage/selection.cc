// SPDX-License-Identifier: Apache-2.0
#include "salvage/selection.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "mvcc/key_value.h"
#include "mvcc/revision.h"

namespace etcdmedic::salvage {
namespace {

bool Equal(Bytes a, Bytes b) { return AsText(a) == AsText(b); }

}  // namespace

Selection::Selection(const std::vector<DbSource>& sources, const LogHistory& log, const Options& options)
    : sources_(sources), log_(&log), options_(options) {
  result_.sources_ = &sources;
  result_.log_ = &log;
}

// The primary's tree says what a compaction has left.
void Selection::ChoosePrimary(const std::vector<Copy>& copies) {
  result_.primary_ = PrimaryOf(sources_);
  if (result_.primary_ == nullptr) return;
  result_.compacted_ = result_.primary_->compacted;
  const auto number = static_cast<uint64_t>(result_.primary_ - sources_.data());
  for (const Copy& copy : copies) {
    if (copy.origin == Origin::kLive && copy.source == number)
      newest_in_tree_ = std::max(newest_in_tree_, copy.main);
  }
}

// A log that tells everything tells what was compacted, and of a revision that was compacted later, too.
void Selection::AskLogForCompaction() {
  if (!log_->from_empty() || options_.as_of > log_->stretches.front().span.last) return;
  const bool compacted_since = options_.as_of != 0 && result_.compacted_ > options_.as_of;
  went_back_ = compacted_since && !options_.live_only;
  if (went_back_ || !HeldWhole("meta"))
    result_.compacted_ = log_->CompactedAt(options_.as_of == 0 ? INT64_MAX : options_.as_of);
}

bool Selection::Same(const Copy& a, const Copy& b) const {
  return a.tombstone == b.tombstone && a.value_size == b.value_size &&
         Equal(ValueOf(a, BytesOf(a)), ValueOf(b, BytesOf(b)));
}

bool Selection::Same(const Copy& copy, const replay::Record& record) const {
  if (copy.tombstone != record.tombstone) return false;
  encoded_.clear();
  replay::AppendValue(record, encoded_);
  return Equal(ValueOf(copy, BytesOf(copy)), AsBytes(encoded_));
}

// The same but for what depends on the records before: when the key was created, and its version.
bool Selection::SameContent(const Copy& copy, const replay::Record& record) const {
  mvcc::KeyValue kv;
  return copy.tombstone == record.tombstone && mvcc::ParseKeyValue(ValueOf(copy, BytesOf(copy)), kv) &&
         kv.key == record.kv.key && kv.value == record.kv.value && kv.lease == record.kv.lease;
}

// The log's record of a revision; those before it that no file holds are taken on the way.
const replay::Record* Selection::InLog(std::pair<int64_t, uint32_t> revision) {
  while (log_at_ < log_->records.size()) {
    const replay::Record& record = log_->records[log_at_];
    const std::pair at{record.revision.main, static_cast<uint32_t>(record.revision.sub)};
    if (at > revision) return nullptr;
    ++log_at_;
    if (at == revision) return &record;
    TakeFromLog(log_at_ - 1);
  }
  return nullptr;
}

// What was counted from found records is as right as they are.
Confidence Selection::SureOf(const replay::Record& record) const {
  const Stretch* const stretch = log_->Covering(record.revision.main);
  if (stretch->from_empty) return Confidence::kCertain;
  const bool created_since = record.tombstone || record.kv.create_revision >= stretch->span.first;
  if (!stretch->complete_beginning) return created_since ? Confidence::kDoubtful : Confidence::kLikely;
  return created_since ? Confidence::kCertain : Confidence::kLikely;
}

void Selection::TakeFromLog(uint32_t at) {
  const replay::Record& record = log_->records[at];
  const int64_t main = record.revision.main;
  if (!Wanted(main) || (options_.live_only && main <= newest_in_tree_)) return;
  Chosen chosen;
  chosen.copy = Copy{.main = main, .sub = static_cast<uint32_t>(record.revision.sub)};
  chosen.copy.tombstone = record.tombstone;
  chosen.copy.origin = Origin::kLog;
  chosen.copy.confidence = SureOf(record);
  chosen.log_record = at;
  const bool compacted = main <= result_.compacted_;
  // What a compaction has removed from a tree that is whole stays removed. A log from the first entry on says
  // by itself what a compaction leaves, and the tree may hold a damaged record in that place.
  const bool told = log_->Covering(main)->from_empty;
  if (compacted && !told && !went_back_ && result_.primary_ != nullptr && !result_.primary_->Lost(main))
    return;
  Take(chosen, !compacted);
}

bool Selection::Vouched(const Copy& copy) const {
  const DbSource* const primary = result_.primary_;
  if (primary == nullptr || went_back_) return true;
  if (copy.origin == Origin::kLive && &sources_[copy.source] == primary) return true;
  return copy.main > newest_in_tree_ || primary->Lost(copy.main);
}

void Selection::Take(const Chosen& record, bool in_tree) {
  (in_tree ? result_.records_ : pending_).push_back(record);
}

// The copy that is right, or nearest to it; null where the log made that revision otherwise.
Copy* Selection::Judge(Copies same, const replay::Record* logged) {
  const Stretch* const stretch = log_->Covering(same.front().main);
  if (logged == nullptr) {
    if (stretch == nullptr) return &same.front();
    if (stretch->from_empty) return nullptr;
    same.front().confidence = Confidence::kDoubtful;
    return &same.front();
  }
  const auto right = std::ranges::find_if(same, [&](const Copy& copy) { return Same(copy, *logged); });
  if (right != same.end()) {
    right->confidence = Confidence::kCertain;
    return &*right;
  }
  if (stretch->from_empty) return nullptr;
  const auto near = std::ranges::find_if(same, [&](const Copy& copy) { return SameContent(copy, *logged); });
  return near == same.end() ? nullptr : &*near;
}

// All copies of one revision, the best first.
void Selection::Decide(Copies same) {
  const replay::Record* const logged = InLog(same.front().Revision());
  Copy* const best = Judge(same, logged);
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
  const bool told = logged != nullptr && (!compacted || log_->Covering(best->main)->from_empty);
  if (!told && !Vouched(*best)) return Set(*best, compacted ? Reason::kSuperseded : Reason::kNotInTree);
  Take({*best, 0}, !compacted || (in_tree && !went_back_));
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
  for (size_t i = 0; i < pending_.size(); ++i) keys[result_.KeyValueOf(pending_[i]).key].newest = i;
  for (const Chosen& record : result_.records_) {
    const mvcc::KeyValue kv = result_.KeyValueOf(record);
    const auto found = keys.find(kv.key);
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
    const std::string_view key = result_.KeyValueOf(record).key;
    const State& state = keys.at(key);
    // A deletion at the compacted revision itself is kept, whatever came later.
    const bool deletes_now = record.copy.tombstone && record.copy.main == result_.compacted_;
    const bool gone = record.copy.tombstone || state.superseded;
    if (state.newest != i || (gone && !deletes_now)) {
      if (record.copy.origin != Origin::kLog) Set(record.copy, Reason::kSuperseded);
      continue;
    }
    if (!state.confirmed && log_->Covering(record.copy.main) == nullptr)
      result_.losses_.suspects.emplace_back(key);
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

bool Selection::HeldWhole(const std::string& bucket) const {
  if (result_.primary_ == nullptr) return false;
  const auto found = result_.primary_->buckets.find(bucket);
  return found == result_.primary_->buckets.end() || (found->second.complete && found->second.newest);
}

bool Selection::ToldWhole(const Span& span) const {
  const Stretch* const stretch = log_->Covering(span.first);
  return stretch != nullptr && stretch->span.last >= span.last;
}

void Selection::FindLosses() {
  const DbSource* const primary = result_.primary_;
  Losses& losses = result_.losses_;
  std::set<std::string> buckets{"auth", "authRoles", "authUsers", "cluster", "lease"};
  if (primary != nullptr) buckets = result_.BucketNames();
  // What else stands in bucket `meta`, etcd writes again.
  const auto lost = [this](const std::string& name) {
    return !HeldWhole(name) && !log_->buckets.contains(name) && !(name == "meta" && log_->from_empty());
  };
  std::ranges::copy_if(buckets, std::back_inserter(losses.buckets), lost);
  const auto told = [this](int64_t main) { return log_->Covering(main) != nullptr; };
  const auto unbounded = [](const Span& span) { return span.last == INT64_MAX; };
  const bool end_known = primary != nullptr && primary->newest_meta && primary->readable &&
                         std::ranges::none_of(primary->lost, unbounded);
  const bool cut = log_->end_lost || !log_->unplaced.empty();
  losses.tail = options_.as_of == 0 && (cut || !(end_known || (log_->end_shown && told(result_.revision_))));
  if (primary == nullptr) return;
  for (const Span& span : primary->lost) {
    const Span old{std::max<int64_t>(span.first, 2), std::min(span.last, result_.compacted_)};
    if (old.first <= old.last && !ToldWhole(old)) losses.unproven.push_back(old);
  }
}

Salvaged Selection::Run(std::vector<Copy> copies) {
  result_.copies_ = copies.size();
  ChoosePrimary(copies);
  AskLogForCompaction();
  if (options_.as_of != 0 && result_.compacted_ > options_.as_of) return std::move(result_);
  ForEachRevision(Copies(copies), [this](Copies same) { Decide(same); });
  InLog({INT64_MAX, UINT32_MAX});
  copies = {};
  SettleCompacted();
  FindGaps();
  FindLosses();
  return std::move(result_);
}

}  // namespace etcdmedic::salvage
