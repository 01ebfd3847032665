// SPDX-License-Identifier: Apache-2.0
// Where entries of a log meet records that were found: an entry that puts what a record holds made its
// revision. Used by HistoryOf alone.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>

#include "replay/request_tree.h"
#include "salvage/db_source.h"
#include "salvage/log_source.h"

namespace etcdmedic::salvage {

// The first put of an entry, of a transaction that succeeds; nothing for other requests.
std::optional<replay::PutOp> FirstPutOf(const replay::LogEntry& entry);

class Anchors {
 public:
  // Puts found at revisions from `floor` on; of those with one content the revision tells nothing.
  Anchors(const std::vector<DbSource>& sources, std::span<const Copy> copies, int64_t floor);

  // The revision that `entry` made, where one record only holds what it puts.
  std::optional<int64_t> RevisionOf(const replay::LogEntry& entry) const;

 private:
  const std::vector<DbSource>& sources_;
  // By a hash of key, value and lease; null where revisions differ.
  std::unordered_map<uint64_t, const Copy*> puts_;
};

}  // namespace etcdmedic::salvage
