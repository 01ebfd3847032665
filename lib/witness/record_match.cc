// SPDX-License-Identifier: Apache-2.0
#include "witness/record_match.h"

#include <algorithm>

namespace etcdmedic::witness {

std::optional<mvcc::KeyValue> RecordMatch::Read(const keyspace::RevisionRow& row) const {
  const size_t key_size = row.tombstone ? mvcc::kTombstoneSize : mvcc::kRevisionSize;
  mvcc::KeyValue kv;
  if (!ParseKeyValue(store_.db().subspan(row.place + key_size, row.value_size), kv)) return std::nullopt;
  return kv;
}

bool RecordMatch::Same(const Effect& effect, const keyspace::RevisionRow& row) const {
  if (row.malformed || effect.tombstone != (row.tombstone != 0)) return false;
  if (effect.sum_known) return effect.sum == row.sum;
  const auto kv = Read(row);
  return kv && kv->key == AsText(effect.key);
}

bool RecordMatch::operator()(const Outcome& outcome, keyspace::RevisionTable::Rows rows,
                             bool complete) const {
  if (rows.empty()) return false;
  return outcome.exact() ? InOrder(outcome, rows, complete) : AsSet(outcome, rows, complete);
}

bool RecordMatch::InOrder(const Outcome& outcome, keyspace::RevisionTable::Rows rows, bool complete) const {
  auto effect = outcome.effects.begin();
  const auto skip = [&] { return !complete || !effect->sure; };
  for (const keyspace::RevisionRow& row : rows) {
    while (effect != outcome.effects.end() && !Same(*effect, row)) {
      if (!skip()) return false;
      ++effect;
    }
    if (effect == outcome.effects.end()) return false;
    ++effect;
  }
  while (effect != outcome.effects.end() && skip()) ++effect;
  return effect == outcome.effects.end();
}

// Deletions that nobody can foresee come in the order of keys, so among the others.
bool RecordMatch::AsSet(const Outcome& outcome, keyspace::RevisionTable::Rows rows, bool complete) const {
  constexpr size_t kMostWork = 10'000'000;  // beyond it the comparison is not worth its time
  if (rows.size() * std::max<size_t>(outcome.effects.size(), 1) > kMostWork) return true;
  std::vector<const Effect*> left;
  for (const Effect& effect : outcome.effects) left.push_back(&effect);
  for (const keyspace::RevisionRow& row : rows) {
    const auto found = std::ranges::find_if(left, [&](const Effect* effect) { return Same(*effect, row); });
    if (found != left.end()) {
      left.erase(found);
      continue;
    }
    if (outcome.wild) continue;
    const auto kv = Read(row);
    if (!row.tombstone || !kv || keys_.Live(mvcc::HashOfKey(kv->key)) != Tri::kMaybe) return false;
  }
  return !complete || outcome.wild ||
         std::ranges::none_of(left, [](const Effect* effect) { return effect->sure; });
}

}  // namespace etcdmedic::witness
