// SPDX-License-Identifier: Apache-2.0
#include "member/snap_db.h"

#include <algorithm>

#include "base/hex.h"
#include "base/path.h"
#include "member/load_backend.h"

namespace etcdmedic::member {
namespace {

constexpr std::string_view kSuffix = ".snap.db";
constexpr size_t kDigits = 16;

std::optional<uint64_t> IndexOfName(const std::string& file) {
  const std::string base = BaseName(file);
  if (base.size() != kDigits + kSuffix.size() || !base.ends_with(kSuffix)) return std::nullopt;
  return ParseHex(std::string_view(base).substr(0, kDigits));
}

SnapDb Read(const member::File& file) {
  MemberState alone;
  alone.layout.kind = member::Kind::kDb;
  alone.layout.db.push_back(file);
  diag::FindingList unused;
  LoadBackend(alone, {}, unused);
  SnapDb read{file.name, IndexOfName(file.name), file.size, {}, {}};
  if (!alone.unopened.empty()) read.unopened = alone.unopened.front().error.what;
  if (alone.backend) read.consistent_index = alone.backend->consistent_index;
  read.map = std::move(alone.db_map);
  read.db = std::move(alone.db);
  return read;
}

}  // namespace

void LoadSnapDbs(MemberState& state) {
  for (const member::File& file : state.layout.snap_db) state.snap_dbs.push_back(Read(file));
}

const SnapDb* SnapDbFor(const MemberState& state, uint64_t index) {
  const auto found = std::ranges::find(state.snap_dbs, std::optional(index), &SnapDb::index);
  return found == state.snap_dbs.end() ? nullptr : &*found;
}

}  // namespace etcdmedic::member
