// SPDX-License-Identifier: Apache-2.0
#include "member/load_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "diag/naming_sink.h"
#include "keyspace/key_checker.h"
#include "member/live_backend.h"
#include "witness/exact_witness.h"

namespace etcdmedic::member {
namespace {

using diag::Code;

constexpr int kAttempts = 5;  // beside a member that keeps committing

uint64_t TransactionOf(const MemberState& state) {
  return state.db->meta ? state.db->metas.pages[*state.db->meta].meta.txid : 0;
}

// The oldest .snap.db that is sound and from which the log leads on; null for none.
const SnapDb* BaseOf(const MemberState& state, uint64_t applied) {
  const SnapDb* base = nullptr;
  for (const SnapDb& each : state.snap_dbs) {
    if (!each.map || !each.db || !each.db->sound || !each.consistent_index) continue;
    const bool leads_on = state.log.ContiguousFrom(*each.consistent_index + 1) >= applied;
    if (leads_on && (base == nullptr || *each.consistent_index < *base->consistent_index)) base = &each;
  }
  return base;
}

// The log as witness of what the backend holds, both of one member.
void AskTheLog(MemberState& state, const mvcc::Store& store, const keyspace::RevisionTable& table) {
  diag::NoSink reported;  // by the rules
  const auto applied = mvcc::ReadBackendState(store, reported).consistent_index;
  if (!applied) return;
  state.witness = witness::CompareWithLog({state.log, state.steps, store, table, *applied});
  witness::ExactInput exact{state.log, state.entries, store, *applied};
  const SnapDb* const base = BaseOf(state, *applied);
  const auto older = base == nullptr ? Result<mvcc::Store>(Fail(Errc::kUnsupported, "", ""))
                                     : mvcc::Store::Open(base->map->bytes(), base->file, reported);
  if (older) {
    exact.base = &*older;
    exact.base_index = *base->consistent_index;
  }
  witness::CompareWithReplay(exact, *state.witness);
}

// The pages, and with them the keys, whose rules hold where the walk over the pages finds nothing wrong.
void CheckPagesAndKeys(MemberState& state, const std::string& file, diag::FindingSink& sink) {
  const Bytes db = state.db_map->bytes();
  diag::FindingList found;
  const auto store = mvcc::Store::Open(db, file, found);
  std::optional<keyspace::KeyChecker> pass;
  // Sums of all records, which only a log beside the db is compared with.
  std::optional<keyspace::RevisionTable> table;
  if (state.whole()) table.emplace();
  if (store) pass.emplace(*store, table ? &*table : nullptr);
  state.db = bolt::Check(db, file, {std::nullopt, 0, pass ? &*pass : nullptr}, sink);
  if (!pass || !state.db->sound || store->view().meta().txid != TransactionOf(state)) return;
  found.items.clear();
  pass->Finish({}, found);
  state.keys = std::move(found.items);
  if (!table) return;
  table->Seal();
  AskTheLog(state, *store, *table);
}

// One reading of the file.
void ReadOnce(MemberState& state, const std::string& file, bool keys, diag::FindingSink& sink) {
  const Bytes db = state.db_map->bytes();
  state.keys = std::nullopt;
  state.witness = std::nullopt;
  if (keys) {
    CheckPagesAndKeys(state, file, sink);
  } else {
    state.db = bolt::Check(db, file, {}, sink);
  }
  state.backend = mvcc::ReadBackendState(db, file, sink);
}

// What a walk over pages that change can make up.
bool ConcernsTree(const diag::Finding& finding) {
  const auto name = InfoOf(finding.code).name;
  return name.starts_with("DB-") && !name.starts_with("DB-META");
}

void LoadRunning(MemberState& state, const member::File& file, const LoadOptions& options,
                 diag::FindingSink& sink) {
  diag::FindingList found;
  uint64_t first = 0;
  bool changed = true;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto mapped = options.open ? options.open(file.path) : MappedFile::Open(file.path);
    if (!mapped) return state.unopened.push_back({file, mapped.error()});
    state.db_map.emplace(std::move(*mapped));
    found.items.clear();
    ReadOnce(state, file.name, options.keys, found);
    first = TransactionOf(state);
    changed = HasCommittedSince(first, *state.db_map);
    if (!changed) break;
  }
  if (changed) {
    std::erase_if(found.items, ConcernsTree);
    state.db->sound = true;  // as far as is known
    state.keys = std::nullopt;
    state.witness = std::nullopt;
    sink.Add(
        {Code::kDbChangedDuringRead,
         {file.name, 0},
         0,
         fmt::format("etcd committed after transaction {} while its pages were read, {} times in a row; what "
                     "the pages seemed to be in between is left out",
                     first, kAttempts)});
  }
  for (diag::Finding& finding : found.items) sink.Add(std::move(finding));
}

}  // namespace

void LoadBackend(MemberState& state, const LoadOptions& options, diag::FindingSink& sink) {
  for (const member::File& file : state.layout.db) {
    state.has_db = file.kind != FileKind::kDanglingLink;
    if (state.in_use.running) return LoadRunning(state, file, options, sink);
    auto mapped = options.open ? options.open(file.path) : MappedFile::Open(file.path);
    if (!mapped) return state.unopened.push_back({file, mapped.error()});
    state.db_map.emplace(std::move(*mapped));
    const Bytes db = state.db_map->bytes();
    {
      // A SHA-256 is the work of one core, and takes longer than the check does.
      const std::jthread hashing([&] { state.trailer = ReadTrailer(db, bolt::ReadMetas(db)); });
      ReadOnce(state, file.name, options.keys, sink);
    }
    CheckTrailer(*state.trailer, db, state.db->metas, file.name, sink);
  }
}

}  // namespace etcdmedic::member
