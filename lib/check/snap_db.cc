// SPDX-License-Identifier: Apache-2.0
#include "check/snap_db.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "check/backend.h"

namespace etcdmedic::check {
namespace {

using diag::Code;

constexpr std::string_view kSuffix = ".snap.db";
constexpr size_t kDigits = 16;

std::optional<uint64_t> IndexOfName(const std::string& file) {
  const std::string base = file.substr(file.rfind('/') + 1);
  if (base.size() != kDigits + kSuffix.size() || !base.ends_with(kSuffix)) return std::nullopt;
  uint64_t index = 0;
  const auto [end, error] = std::from_chars(base.data(), base.data() + kDigits, index, 16);
  if (error != std::errc() || end != base.data() + kDigits) return std::nullopt;
  return index;
}

SnapDb Read(const member::File& file, EtcdVersion version) {
  MemberState alone;
  alone.layout.kind = member::Kind::kDb;
  alone.layout.db.push_back(file);
  diag::FindingList unused;
  LoadBackend(alone, {}, unused);
  SnapDb read{file.name, IndexOfName(file.name), file.size, {}, {}};
  if (!alone.unopened.empty()) {
    read.fault = alone.unopened.front().error.what;
  } else if (const auto failure = FailToOpen(alone, version)) {
    read.fault = failure->message.empty() ? failure->explanation : failure->message;
  } else if (alone.backend) {
    read.consistent_index = alone.backend->consistent_index;
  }
  return read;
}

// Where etcd goes on with a backend that holds nothing: measured with 3.5.35, 3.6.16 and 3.7.3.
Prediction StartWithNothing(EtcdVersion version, const std::string& file) {
  const std::string why = fmt::format("etcd puts {} in the place of db, and it holds nothing", file);
  if (version >= EtcdVersion{3, 7}) return {Outcome::kHangs, "", why};
  if (version >= EtcdVersion{3, 6}) return {Outcome::kPanics, "failed to update; member unknown", why};
  return {Outcome::kStartsAndLoses, "", why};
}

std::string DbPath(const MemberState& state) {
  if (!state.layout.db.empty()) return state.layout.db.front().path;
  return state.layout.snap_dir + "/db";
}

}  // namespace

void LoadSnapDbs(MemberState& state) {
  for (const member::File& file : state.layout.snap_db)
    state.snap_dbs.push_back(Read(file, GuessVersion(state)));
}

const SnapDb* SnapDbFor(const MemberState& state, uint64_t index) {
  const auto found = std::ranges::find(state.snap_dbs, std::optional(index), &SnapDb::index);
  return found == state.snap_dbs.end() ? nullptr : &*found;
}

std::optional<Prediction> TakeSnapDb(const MemberState& state, EtcdVersion version, uint64_t index,
                                     uint64_t& applied) {
  if (index == 0 || applied >= index) return std::nullopt;
  const SnapDb* const snap_db = SnapDbFor(state, index);
  if (snap_db == nullptr) {
    return Prediction{
        Outcome::kPanics,
        version < EtcdVersion{3, 5} ? "failed to find database snapshot file (snap: snapshot file doesn't exist)"
                                    : "failed to recover v3 backend from snapshot",
        fmt::format("the newest snapshot is at index {}, the backend at {}, and {:016x}.snap.db is not "
                    "there",
                    index, applied, index)};
  }
  const std::string replaced = fmt::format("etcd puts {} in the place of db", snap_db->file);
  if (!snap_db->fault.empty()) return Prediction{Outcome::kPanics, snap_db->fault, replaced};
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

void CheckSnapDbs(const MemberState& state, diag::FindingSink& sink) {
  const uint64_t applied = state.backend ? state.backend->consistent_index.value_or(0) : 0;
  for (const SnapDb& each : state.snap_dbs) {
    const diag::Finding left{
        Code::kSnapDbLeft, {each.file, 0}, each.size, "etcd does not use it; it purges old ones by itself"};
    const bool wanted = each.index && applied < *each.index &&
                        std::ranges::any_of(state.snapshots, [&](const SnapFile& file) {
                          return file.content && file.content->index == *each.index;
                        });
    if (!wanted) {
      sink.Add(left);
    } else if (!each.fault.empty()) {
      sink.Add({Code::kSnapDbMismatch, {each.file, 0}, each.size, "bbolt does not open it: " + each.fault});
    } else if (each.consistent_index.value_or(0) < *each.index) {
      sink.Add({Code::kSnapDbMismatch,
                {each.file, 0},
                each.size,
                fmt::format("its consistent_index is {}, its name says {}: it is a copy of another db",
                            each.consistent_index.value_or(0), *each.index)});
    } else {
      sink.Add(
          {Code::kSnapDbLeft,
           {each.file, 0},
           each.size,
           fmt::format("etcd puts it in the place of db, which is older: consistent_index {} instead of {}",
                       *each.consistent_index, applied)});
    }
  }
}

}  // namespace etcdmedic::check
