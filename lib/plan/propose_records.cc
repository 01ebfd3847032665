// SPDX-License-Identifier: Apache-2.0
// Records of bucket `key` that the log has otherwise, put right where they stand.
#include <fmt/format.h>

#include <algorithm>

#include "diag/naming_sink.h"
#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/testimony.h"
#include "replay/key_space.h"

namespace etcdmedic::plan {
namespace {

using witness::Correction;

// The numbers of the key's history, where the log does not tell them: those of the record that is there, else
// what follows from the change before it. False where neither tells.
bool FillHistory(const mvcc::Store& store, const Correction& correction, Bytes stored, mvcc::KeyValue& kv) {
  if (correction.create_revision != 0 && correction.version != 0) return true;
  mvcc::KeyValue there;
  if (ParseKeyValue(stored, there) && there.mod_revision == kv.mod_revision && there.version > 0 &&
      there.create_revision > 0 && there.create_revision <= kv.mod_revision) {
    kv.create_revision = there.create_revision;
    kv.version = there.version;
    return true;
  }
  const auto history = store.History(kv.key, kv.mod_revision - 1);
  if (!history) return false;
  const bool begins = history->empty() || history->back().tombstone;
  kv.create_revision = begins ? kv.mod_revision : history->back().kv.create_revision;
  kv.version = begins ? 1 : history->back().kv.version + 1;
  return true;
}

// The record as etcd has written it; nothing where it has another size than what stands there.
std::optional<std::string> RightRecord(const mvcc::Store& store, const Correction& correction) {
  replay::Record record{correction.id.revision, correction.id.tombstone, {}};
  record.kv = {.key = AsText(correction.key),
               .value = AsText(correction.value),
               .create_revision = correction.create_revision,
               .mod_revision = correction.id.revision.main,
               .version = correction.version,
               .lease = correction.lease};
  const size_t key_size = record.tombstone ? mvcc::kTombstoneSize : mvcc::kRevisionSize;
  const Bytes stored = store.db().subspan(correction.place + key_size, correction.value_size);
  if (!record.tombstone && !FillHistory(store, correction, stored, record.kv)) return std::nullopt;
  const std::string value = replay::EncodeValue(record);
  if (value.size() != correction.value_size) return std::nullopt;
  return replay::EncodeKey(record) + value;
}

}  // namespace

void HealRecords(Draft& draft) {
  if (!draft.state.witness || draft.state.witness->findings.empty()) return;
  diag::NoSink ignored;
  const auto store = mvcc::Store::Open(Db(draft), DbName(draft), ignored);
  const auto known = store ? Testify(draft.state, *store, draft.Applied()) : std::nullopt;
  if (!known || known->records.empty()) return;
  std::vector<Edit> edits;
  std::vector<std::string> provenance;
  for (const Correction& correction : known->records) {
    auto record = RightRecord(*store, correction);
    if (!record) return;
    edits.push_back(WriteEdit(DbName(draft), Db(draft), correction.place, std::move(*record)));
    provenance.push_back(fmt::format("the record of revision {}: entry {} of the log",
                                     mvcc::TextOf(correction.id.revision), correction.entry));
  }
  const size_t count = edits.size();
  Step step = WayTo(
      draft,
      count == 1 ? fmt::format("put the record of revision {} of db right, as entry {} of the log has it",
                               mvcc::TextOf(known->records.front().id.revision), known->records.front().entry)
                 : fmt::format("put {} records of db right, as the log has them", count),
      "the log's entries are under their CRC, and with these the backend is what they make",
      std::move(edits));
  step.provenance = std::move(provenance);
  draft.Add(std::move(step));
}

}  // namespace etcdmedic::plan
