// SPDX-License-Identifier: Apache-2.0
#include "recover/sources.h"

#include <fmt/format.h>

#include <algorithm>

#include "raft/conf_change.h"

namespace etcdmedic::recover {
namespace {

using member::MemberState;

uint64_t ReachFrom(const MemberState& state, uint64_t index, uint64_t last) {
  return std::max(index, std::min(last, state.log.ContiguousFrom(index + 1)));
}

const diag::Finding* FirstError(const std::vector<diag::Finding>& findings, const std::string& file) {
  const auto found = std::ranges::find_if(findings, [&](const diag::Finding& finding) {
    return finding.severity == diag::Severity::kError && finding.where.file == file;
  });
  return found == findings.end() ? nullptr : &*found;
}

// What is wrong with the backend itself, whatever the rest of the member is like.
const diag::Finding* ErrorOfBackend(const MemberState& state, const std::string& file) {
  if (const auto* error = FirstError(state.findings, file)) return error;
  if (state.keys) {
    if (const auto* error = FirstError(*state.keys, file)) return error;
  }
  return state.witness ? FirstError(state.witness->findings, file) : nullptr;
}

std::string WhyUnusable(const MemberState& state) {
  const std::string& file = state.layout.db.front().name;
  if (!state.db_map || !state.db) return "cannot be opened";
  if (const auto* error = ErrorOfBackend(state, file))
    return fmt::format("is damaged ({})", InfoOf(error->code).name);
  if (!state.db->sound) return "is damaged";
  if (!state.backend || !state.backend->consistent_index) return "does not say which entries it holds";
  return {};
}

}  // namespace

Extent ExtentOf(const MemberState& state) {
  Extent extent{raft::CommittedIn(state.log), state.log.last_index()};
  for (const raft::Segment& segment : state.log.segments) {
    if (segment.foreign) extent.foreign.push_back(segment.file);
  }
  if (state.backend)
    extent.committed = std::max(extent.committed, state.backend->consistent_index.value_or(0));
  extent.last = std::max(extent.last, extent.committed);
  return extent;
}

Sources SourcesOf(const MemberState& state, uint64_t last) {
  Sources sources;
  const auto add = [&](Origin origin, const std::string& file, Bytes db, uint64_t index) {
    sources.usable.push_back({origin, file, db, index, ReachFrom(state, index, last)});
  };
  if (raft::BeginsEmpty(state.log)) add(Origin::kLog, "", {}, 0);
  for (const member::SnapDb& each : state.snap_dbs) {
    if (each.map && each.db && each.db->sound && each.consistent_index)
      add(Origin::kSnapDb, each.file, each.map->bytes(), *each.consistent_index);
  }
  if (state.has_db) sources.backend_unusable = WhyUnusable(state);
  if (state.has_db && sources.backend_unusable.empty()) {
    add(Origin::kBackend, state.layout.db.front().name, state.db_map->bytes(),
        *state.backend->consistent_index);
  }
  std::ranges::stable_sort(sources.usable, {}, &Source::index);
  return sources;
}

}  // namespace etcdmedic::recover
