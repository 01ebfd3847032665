// SPDX-License-Identifier: Apache-2.0
// Files in memory, and what is salvaged of them.
#pragma once

#include <optional>
#include <vector>

#include "mvcc/key_value.h"
#include "salvage/copies.h"
#include "salvage/salvage.h"
#include "support/revision_db.h"

namespace etcdmedic::salvage::support {

// Of bucket `meta`: after a compaction at that revision.
inline Entries Compacted(int64_t revision) {
  return {{"finishedCompactRev", RevisionKey(revision)},
          {"consistent_index", std::string("\0\0\0\0\0\0\0\x7F", 8)}};
}

// A history that makes `entries`, which outlive it, as one stretch from an empty cluster.
inline LogHistory HistoryThatMakes(const Entries& entries) {
  LogHistory history;
  for (const auto& [key, value] : entries) {
    replay::Record record;
    const auto id = *mvcc::ParseRevisionKey(AsBytes(key));
    record.revision = id.revision;
    record.tombstone = id.tombstone;
    mvcc::ParseKeyValue(AsBytes(value), record.kv);
    history.records.push_back(record);
  }
  const Span span{history.records.front().revision.main, history.records.back().revision.main};
  history.stretches.push_back({span, true, true});
  history.end_shown = true;
  return history;
}

struct SalvageCase {
  explicit SalvageCase(const std::vector<std::string>& images, LogHistory history = {},
                       const Options& options = {})
      : kept(images), log(std::move(history)) {
    for (const std::string& image : kept)
      sources.push_back(OpenDbSource(AsBytes(image), "db", static_cast<uint8_t>(sources.size()), false));
    result.emplace(Salvage(sources, FindCopies(sources, 1), log, options));
  }
  Entries Records() const {
    Entries entries;
    std::string key, value;
    for (const Chosen& record : result->records())
      entries.emplace(AsText(result->KeyOf(record, key)), AsText(result->ValueOf(record, value)));
    return entries;
  }
  const Losses& Lost() const { return result->losses(); }

  std::vector<std::string> kept;
  LogHistory log;
  std::vector<DbSource> sources;
  std::optional<Salvaged> result;
};

// The page of a leaf of the live tree.
inline size_t LiveLeaf(const std::string& image, size_t which) {
  const DbSource source = OpenDbSource(AsBytes(image), "db", 0, false);
  for (size_t page = 0; page < source.scan.uses.size(); ++page) {
    if (source.scan.uses[page] == PageUse::kLive && which-- == 0) return page;
  }
  return 0;
}

}  // namespace etcdmedic::salvage::support
