// SPDX-License-Identifier: Apache-2.0
#include "check/compare_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/fnv.h"
#include "mvcc/hash.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using diag::Severity;

constexpr size_t kShownKey = 64;

class PrintReader final : public wal::SegmentVisitor {
 public:
  explicit PrintReader(EntryPrints& prints) : prints_(prints) {}
  void OnRecord(const wal::Record& record) override {
    raft::Entry entry;
    if (record.type != wal::RecordType::kEntry || !raft::ParseEntry(record.data, entry)) return;
    // What a later leader replaced is gone. Before a hole nothing is compared: such a log is damaged anyway.
    if (entry.index < prints_.first || entry.index > prints_.end()) prints_.entries.clear();
    if (prints_.entries.empty()) prints_.first = entry.index;
    prints_.entries.resize(entry.index - prints_.first);
    prints_.entries.push_back({entry.term, Fnv1a64(entry.data) ^ static_cast<uint64_t>(entry.type)});
  }
  void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const wal::Damage&) override {}

 private:
  EntryPrints& prints_;
};

bool Takes(const Standing& standing) { return standing.role != Role::kForeign; }

// Those of `members` whose value is not that of the largest group; all but the first where no group is
// larger.
template <class Value>
std::vector<size_t> Minority(const std::vector<std::pair<size_t, Value>>& members) {
  const auto count = [&](const Value& value) {
    return std::ranges::count_if(members, [&](const auto& each) { return each.second == value; });
  };
  const auto most =
      std::ranges::max_element(members, {}, [&](const auto& each) { return count(each.second); });
  std::vector<size_t> odd;
  for (const auto& [at, value] : members) {
    if (!(value == most->second)) odd.push_back(at);
  }
  return odd;
}

// True where more than half agree, so that the others are the wrong ones.
template <class Value>
bool HasMajority(const std::vector<std::pair<size_t, Value>>& members) {
  return 2 * Minority(members).size() < members.size();
}

std::string Names(const Comparison& comparison, const std::vector<size_t>& at) {
  std::string out;
  for (const size_t i : at) out += (out.empty() ? "" : ", ") + comparison.members[i].name;
  return out;
}

template <class Value>
std::vector<size_t> Others(const std::vector<std::pair<size_t, Value>>& members,
                           const std::vector<size_t>& odd) {
  std::vector<size_t> others;
  for (const auto& [at, value] : members) {
    if (std::ranges::find(odd, at) == odd.end()) others.push_back(at);
  }
  return others;
}

std::string Conflict(const Comparison& comparison, uint64_t index, const EntryPrint& mine,
                     const EntryPrint& other, const std::vector<size_t>& others) {
  return mine.term == other.term
             ? fmt::format("entry {} of term {} is another one than in {}", index, mine.term,
                           Names(comparison, others))
             : fmt::format("entry {} is of term {}, in {} of term {}, and both are committed: two histories",
                           index, mine.term, Names(comparison, others), other.term);
}

// Whether what differs contradicts: raft lets no two entries have one index and term, nor two one committed
// index.
bool Contradicts(const Comparison& comparison, size_t a, size_t b, uint64_t index, const EntryPrint& x,
                 const EntryPrint& y) {
  if (x.term == y.term) return !(x == y);
  return index <= comparison.members[a].commit && index <= comparison.members[b].commit;
}

void CompareAt(uint64_t index, const std::vector<EntryPrints>& prints, std::vector<bool>& told,
               Comparison& comparison) {
  std::vector<std::pair<size_t, EntryPrint>> here;
  for (size_t i = 0; i < prints.size(); ++i) {
    if (told[i] || !Takes(comparison.standings[i])) continue;
    if (const EntryPrint print = prints[i].At(index); print.term != 0) here.emplace_back(i, print);
  }
  if (here.size() < 2 ||
      std::ranges::all_of(here, [&](const auto& each) { return each.second == here[0].second; }))
    return;
  const std::vector<size_t> odd = Minority(here);
  const std::vector<size_t> others = Others(here, odd);
  const EntryPrint right = prints[others.front()].At(index);
  for (const size_t i : odd) {
    const EntryPrint mine = prints[i].At(index);
    if (!Contradicts(comparison, i, others.front(), index, mine, right)) continue;
    told[i] = true;
    comparison.standings[i].contradicts = HasMajority(here);
    comparison.findings.push_back({Code::kClusterConflict,
                                   {comparison.members[i].path, 0},
                                   0,
                                   Conflict(comparison, index, mine, right, others)});
  }
}

// A backend whose keys can be compared.
struct Keys {
  size_t at = 0;  // position of the member
  std::optional<mvcc::Store> store;
};

bool TreeIsSound(const member::MemberState& state) {
  return state.db_map && state.db && state.db->meta && state.db->sound;
}

std::vector<Keys> OpenKeys(const std::vector<const member::MemberState*>& states,
                           const Comparison& comparison, diag::FindingSink& sink) {
  std::vector<Keys> keys;
  for (size_t i = 0; i < states.size(); ++i) {
    if (!Takes(comparison.standings[i]) || !TreeIsSound(*states[i])) continue;
    auto store = mvcc::Store::Open(states[i]->db_map->bytes(), states[i]->layout.db.front().name, sink);
    if (store) keys.push_back({i, std::move(*store)});
  }
  return keys;
}

// The next entry of the table whose main revision is in (after, until].
uint32_t SkipTo(const mvcc::EntryTable& table, uint32_t at, int64_t after, int64_t until) {
  for (; at < table.size(); ++at) {
    const auto id = mvcc::ParseRevisionKey(table.KeyAt(at));
    if (id && id->revision.main > after && id->revision.main <= until) break;
  }
  return at;
}

std::string KeyText(const mvcc::EntryTable& table, uint32_t at) {
  mvcc::KeyValue kv;
  const auto id = mvcc::ParseRevisionKey(table.KeyAt(at));
  const std::string revision = id ? mvcc::TextOf(id->revision) : "?";
  if (!mvcc::ParseKeyValue(table.ValueAt(at), kv)) return fmt::format("revision {}", revision);
  return fmt::format("revision {}, key {}{}", revision, kv.key.substr(0, kShownKey),
                     kv.key.size() > kShownKey ? "…" : "");
}

// The first entry in (after, until] that differs; empty where none does.
std::string FirstDifference(const mvcc::Store& mine, const mvcc::Store& other, int64_t after, int64_t until) {
  const auto a = mvcc::EntryTable::Read(mine.view(), "key");
  const auto b = mvcc::EntryTable::Read(other.view(), "key");
  if (!a || !b) return {};
  uint32_t i = SkipTo(*a, 0, after, until), j = SkipTo(*b, 0, after, until);
  while (i < a->size() && j < b->size()) {
    if (AsText(a->KeyAt(i)) != AsText(b->KeyAt(j))) {
      const bool missing = AsText(a->KeyAt(i)) > AsText(b->KeyAt(j));
      return (missing ? "it lacks " + KeyText(*b, j) : "it has in addition " + KeyText(*a, i));
    }
    if (AsText(a->ValueAt(i)) != AsText(b->ValueAt(j))) return "first at " + KeyText(*a, i);
    i = SkipTo(*a, i + 1, after, until);
    j = SkipTo(*b, j + 1, after, until);
  }
  if (i < a->size()) return "it has in addition " + KeyText(*a, i);
  return j < b->size() ? "it lacks " + KeyText(*b, j) : std::string();
}

// The keys of one compaction at `revision`, by HashKV.
using Hashes = std::vector<std::pair<size_t, uint32_t>>;

Hashes HashesOf(const std::vector<const Keys*>& keys, int64_t revision) {
  Hashes hashes;
  for (const Keys* each : keys) {
    const auto hash = mvcc::HashKvAt(*each->store, revision);
    if (hash && hash->complete) hashes.emplace_back(each->at, hash->hash);
  }
  return hashes;
}

const Keys& KeysOf(const std::vector<Keys>& keys, size_t at) {
  return *std::ranges::find(keys, at, &Keys::at);
}

void Diverged(Comparison& comparison, size_t at, bool majority, std::string message) {
  comparison.standings[at].contradicts = comparison.standings[at].contradicts || majority;
  comparison.findings.push_back(
      {Code::kClusterDiverged, {comparison.members[at].path, 0}, 0, std::move(message)});
}

void CompareHashes(const std::vector<Keys>& keys, const std::vector<const Keys*>& group, int64_t revision,
                   Comparison& comparison) {
  const Hashes hashes = HashesOf(group, revision);
  if (hashes.size() < 2) return;
  const std::vector<size_t> odd = Minority(hashes);
  const std::vector<size_t> others = Others(hashes, odd);
  for (const size_t at : odd) {
    const auto mine = std::ranges::find(hashes, at, &Hashes::value_type::first)->second;
    const auto right = std::ranges::find(hashes, others.front(), &Hashes::value_type::first)->second;
    const std::string where =
        FirstDifference(*KeysOf(keys, at).store, *KeysOf(keys, others.front()).store, -1, revision);
    Diverged(comparison, at, HasMajority(hashes),
             fmt::format("HashKV at revision {} is {}, that of {} is {}{}{}{}", revision, mine,
                         Names(comparison, others), right, where.empty() ? "" : "; ", where,
                         HasMajority(hashes) ? "" : "; from two members it is unknown which one is right"));
  }
}

// HashKV of different compactions differ in any case; what all of them still hold does not.
void CompareGroups(const std::vector<Keys>& keys, int64_t revision, Comparison& comparison) {
  int64_t after = -1;
  for (const Keys& each : keys) after = std::max(after, each.store->compact_revision());
  const Keys& first = keys.front();
  for (const Keys& each : keys) {
    if (each.store->compact_revision() == first.store->compact_revision()) continue;
    const std::string where = FirstDifference(*each.store, *first.store, after, revision);
    if (!where.empty())
      Diverged(comparison, each.at, false,
               fmt::format("its keys between revisions {} and {} differ from those of {}: {}", after + 1,
                           revision, comparison.members[first.at].name, where));
  }
}

}  // namespace

void ComparePrints(const std::vector<EntryPrints>& prints, Comparison& comparison) {
  std::set<uint64_t> borders;  // between them the same members hold entries
  for (const EntryPrints& each : prints) borders.insert({each.first, each.end()});
  std::vector<bool> told(prints.size());
  for (auto begin = borders.begin(); begin != borders.end(); ++begin) {
    const auto end = std::next(begin);
    const auto holders = std::ranges::count_if(
        prints, [&](const EntryPrints& each) { return each.first <= *begin && *begin < each.end(); });
    if (end == borders.end() || holders < 2) continue;
    for (uint64_t index = *begin; index < *end; ++index) CompareAt(index, prints, told, comparison);
  }
}

void CompareEntries(const std::vector<const member::MemberState*>& states, Comparison& comparison) {
  std::vector<EntryPrints> prints(states.size());
  for (size_t i = 0; i < states.size(); ++i) {
    PrintReader reader(prints[i]);
    for (size_t segment = 0; segment < states[i]->log.segments.size(); ++segment)
      member::ReadSegmentAgain(*states[i], segment, reader);
  }
  ComparePrints(prints, comparison);
}

void CompareKeys(const std::vector<const member::MemberState*>& states, Comparison& comparison) {
  diag::FindingList unused;
  const std::vector<Keys> keys = OpenKeys(states, comparison, unused);
  if (keys.size() < 2) return;
  int64_t revision = keys.front().store->current_revision();
  for (const Keys& each : keys) revision = std::min(revision, each.store->current_revision());
  std::map<int64_t, std::vector<const Keys*>> groups;
  for (const Keys& each : keys) {
    if (each.store->compact_revision() <= revision) groups[each.store->compact_revision()].push_back(&each);
  }
  for (const auto& [compaction, group] : groups) CompareHashes(keys, group, revision, comparison);
  if (groups.size() > 1) CompareGroups(keys, revision, comparison);
}

}  // namespace etcdmedic::check
