// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_search.h"

#include <algorithm>
#include <atomic>

#include "base/parallel.h"

namespace etcdmedic::mvcc {
namespace {

constexpr uint64_t kPagesOfPart = 1024;  // of the file: 4 MiB with etcd's pages
// Parts that are read before `enough` is asked: few at first, since what is looked for may be new.
constexpr size_t kFirstWave = 4, kLargestWave = 64;

struct Search {
  std::span<const std::string> keys;
  int64_t newest;

  void Read(bolt::Cursor& cursor, FoundChanges& found) const {
    for (bool more = cursor.First(); more; more = cursor.Next()) {
      Change change;
      if (!ParseKeyValue(cursor.value(), change.kv)) continue;
      const auto key = std::ranges::find(keys, change.kv.key);
      if (key == keys.end()) continue;
      const auto id = ParseRevisionKey(cursor.key());
      if (!id || id->revision.main > newest) continue;
      change.revision = id->revision;
      change.tombstone = id->tombstone;
      change.raw_key = cursor.key();
      change.raw_value = cursor.value();
      found[static_cast<size_t>(key - keys.begin())].push_back(change);
    }
  }

  // Reads the parts from `begin` on, on all cores; what they hold is added, the newest first.
  void ReadWave(std::span<bolt::Cursor> parts, FoundChanges& all) const {
    std::vector<FoundChanges> found(parts.size(), FoundChanges(keys.size()));
    std::atomic<size_t> next = 0;
    const size_t threads = PartsOf(parts.size(), 1);
    InParallel(threads, threads, [&](size_t, size_t, size_t) {
      for (size_t part = next++; part < parts.size(); part = next++) Read(parts[part], found[part]);
    });
    for (size_t part = parts.size(); part-- > 0;) {
      for (size_t key = 0; key < keys.size(); ++key)
        all[key].insert(all[key].end(), found[part][key].rbegin(), found[part][key].rend());
    }
  }
};

}  // namespace

FoundChanges SearchBack(const bolt::View& view, std::span<const std::string> keys, int64_t newest,
                        const std::function<bool(const FoundChanges&)>& enough) {
  FoundChanges all(keys.size());
  const auto bucket = view.CursorOf("key");
  if (!bucket) return all;
  std::vector<bolt::Cursor> parts = bucket->Split(view.pages().whole() / kPagesOfPart + 1, 1);
  size_t wave = kFirstWave;
  for (std::span<bolt::Cursor> left(parts); !left.empty() && !enough(all);) {
    const size_t size = std::min(left.size(), wave);
    Search{keys, newest}.ReadWave(left.last(size), all);
    left = left.first(left.size() - size);
    wave = std::min(2 * wave, kLargestWave);
  }
  return all;
}

bool HasLastPut(const std::vector<Change>& newest_first) {
  return std::ranges::any_of(newest_first, [](const Change& change) { return !change.tombstone; });
}

bool HasGeneration(const std::vector<Change>& newest_first) {
  const auto put = std::ranges::find(newest_first, false, &Change::tombstone);
  return std::any_of(put, newest_first.end(),
                     [](const Change& change) { return change.tombstone || change.kv.version == 1; });
}

}  // namespace etcdmedic::mvcc
