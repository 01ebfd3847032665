// SPDX-License-Identifier: Apache-2.0
#include "startup/backend.h"

#include <fmt/format.h>

#include <algorithm>

#include "bolt/check.h"
#include "raft/conf_change.h"
#include "startup/opening.h"

namespace etcdmedic::startup {
namespace {

using diag::Code;

constexpr uint64_t kFirstRead = 4096;  // that bbolt reads to find the page size

// bbolt looks at the first meta page, and names its fault where the second is no better.
std::string_view WordsFor(const bolt::Metas& metas) {
  switch (metas.pages[0].fault) {
    case bolt::MetaFault::kVersion:
      return "version mismatch";
    case bolt::MetaFault::kChecksum:
      return "checksum error";
    default:
      return "invalid database";
  }
}

Release ReleaseIn(EtcdVersion version) {
  if (version >= EtcdVersion{3, 6}) return Release::k14;
  return version >= EtcdVersion{3, 5} ? Release::k137 : Release::k136;
}

Opening OpeningOf(const bolt::FileReport& db, Bytes file, EtcdVersion version) {
  if (!db.meta || db.sound) return {};
  return OpenAs(ReleaseIn(version), file, db.metas);
}

}  // namespace

std::optional<Prediction> FailToOpen(const bolt::FileReport& db, Bytes file, EtcdVersion version) {
  if (file.empty()) return std::nullopt;
  if (file.size() < kFirstRead || file.size() < 2 * uint64_t{db.metas.page_size}) {
    return Prediction{
        Outcome::kPanics,
        file.size() < kFirstRead ? "failed to open database: invalid database" : "file size too small",
        "the file is too short for two meta pages"};
  }
  if (!db.meta) {
    return Prediction{Outcome::kPanics, fmt::format("failed to open database: {}", WordsFor(db.metas)),
                      "neither meta page of the backend is valid"};
  }
  const auto fault = OpeningOf(db, file, version).fault;
  if (!fault) return std::nullopt;
  return Prediction{fault->panics ? Outcome::kPanics : Outcome::kExits, fault->message, fault->explanation};
}

void CheckIndex(const member::MemberState& state, diag::FindingSink& sink) {
  if (!state.backend || !state.backend->revision || !state.backend->consistent_index) return;
  // An empty store is at revision 1, and an entry makes one revision at most. A compaction or a restored
  // snapshot can only lower what is kept, never what was counted.
  const uint64_t applied = *state.backend->consistent_index;
  const auto revision = static_cast<uint64_t>(std::max<int64_t>(*state.backend->revision, 0));
  const bool from_the_start = state.log.first_index() == 1 && raft::EntriesOfRestore(state.log) == 0;
  if (!from_the_start || revision <= applied + 1) return;
  sink.Add(
      {Code::kDbIndexBehind,
       {state.layout.db.front().name, 0},
       0,
       fmt::format(
           "consistent_index is {}, yet the backend holds revision {}; {} entries could have made revision "
           "{} at most",
           applied, revision, applied, applied + 1)});
}

std::optional<std::string> WrongAnswers(const member::MemberState& state, EtcdVersion version) {
  diag::FindingList found;
  if (state.witness) {
    if (state.witness->wrong) return state.witness->wrong;
  } else {
    CheckIndex(state, found);
  }
  if (!found.items.empty())
    return "entries that the backend already holds are applied a second time, so its revisions run ahead of "
           "its peers'";
  if (!state.db) return std::nullopt;
  const Opening opening = OpeningOf(*state.db, state.db_map->bytes(), version);
  if (opening.overlooked) return opening.overlooked->explanation;
  if (opening.first_write) return opening.first_write->explanation;
  return std::nullopt;
}

}  // namespace etcdmedic::startup
