// SPDX-License-Identifier: Apache-2.0
#include "startup/predict_snap_db.h"

#include <fmt/format.h>

#include "member/snap_db.h"
#include "startup/backend.h"

namespace etcdmedic::startup {
namespace {

Prediction StartWithNothing(EtcdVersion version, const std::string& file) {
  const std::string why = fmt::format("etcd puts {} in the place of db, and it holds nothing", file);
  if (version >= EtcdVersion{3, 7}) return {Outcome::kHangs, "", why};
  if (version >= EtcdVersion{3, 6}) return {Outcome::kPanics, "failed to update; member unknown", why};
  return {Outcome::kStartsAndLoses, "", why};
}

std::string DbPath(const member::MemberState& state) {
  if (!state.layout.db.empty()) return state.layout.db.front().path;
  return state.layout.snap_dir + "/db";
}

}  // namespace

std::string FaultOf(const member::SnapDb& snap_db, EtcdVersion version) {
  if (!snap_db.unopened.empty() || !snap_db.db) return snap_db.unopened;
  const auto failure = FailToOpen(*snap_db.db, snap_db.map->bytes(), version);
  if (!failure) return {};
  return failure->message.empty() ? failure->explanation : failure->message;
}

std::optional<Prediction> TakeSnapDb(const member::MemberState& state, EtcdVersion version, uint64_t index,
                                     uint64_t& applied) {
  if (index == 0 || applied >= index) return std::nullopt;
  const member::SnapDb* const snap_db = member::SnapDbFor(state, index);
  if (snap_db == nullptr) {
    return Prediction{
        Outcome::kPanics,
        version < EtcdVersion{3, 5}
            ? "failed to find database snapshot file (snap: snapshot file doesn't exist)"
            : "failed to recover v3 backend from snapshot",
        fmt::format("the newest snapshot is at index {}, the backend at {}, and {:016x}.snap.db is not "
                    "there",
                    index, applied, index)};
  }
  const std::string replaced = fmt::format("etcd puts {} in the place of db", snap_db->file);
  if (std::string fault = FaultOf(*snap_db, version); !fault.empty())
    return Prediction{Outcome::kPanics, std::move(fault), replaced};
  if (!state.has_db) {
    return Prediction{Outcome::kExits,
                      fmt::format("database file ({}) of the backend is missing", DbPath(state)),
                      replaced + ", but only where there is one"};
  }
  const uint64_t own = snap_db->consistent_index.value_or(0);
  if (own == 0) return StartWithNothing(version, snap_db->file);
  if (own < index) {
    return Prediction{Outcome::kExits,
                      fmt::format("database file ({} index {}) does not match with snapshot (index {})",
                                  DbPath(state), own, index),
                      replaced + ", and it is older than the snapshot"};
  }
  applied = own;
  return std::nullopt;
}

}  // namespace etcdmedic::startup
