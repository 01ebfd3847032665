// SPDX-License-Identifier: Apache-2.0
#include "member/live_backend.h"

#include <chrono>
#include <optional>
#include <thread>

#include "base/file_kind.h"
#include "bolt/format.h"

namespace etcdmedic::member {
namespace {

constexpr auto kCommitInterval = std::chrono::milliseconds(150);  // etcd's is 100 ms under load
constexpr int kGrowths = 5;  // times that a file may grow as it is mapped

std::optional<bolt::Meta> NewestMeta(Bytes db) {
  const bolt::Metas metas = bolt::ReadMetas(db);
  return metas.active ? std::optional(metas.pages[*metas.active].meta) : std::nullopt;
}

// Until etcd's next commit, after which there is the most time before another may overwrite what is read; an
// idle etcd makes none.
void AwaitCommit(Bytes db) {
  const auto before = NewestMeta(db);
  const auto end = std::chrono::steady_clock::now() + kCommitInterval;
  while (before && std::chrono::steady_clock::now() < end) {
    const auto now = NewestMeta(db);
    if (now && now->txid != before->txid) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

Result<MappedFile> MapAfterCommit(const std::string& path) {
  auto map = MappedFile::Open(path);
  if (!map) return map;
  AwaitCommit(map->bytes());
  for (int growth = 0; growth < kGrowths; ++growth) {
    map = MappedFile::Open(path);
    if (!map) return map;
    const auto meta = NewestMeta(map->bytes());
    if (!meta || meta->high_water <= map->bytes().size() / meta->page_size) return map;
  }
  return map;
}

uint64_t NewestTransaction(Bytes db) {
  const auto meta = NewestMeta(db);
  return meta ? meta->txid : 0;
}

// bbolt enlarges the file in the course of a commit only.
bool HasCommittedSince(uint64_t transaction, const MappedFile& map) {
  return NewestTransaction(map.bytes()) != transaction || Look(map.path()).size > map.bytes().size();
}

}  // namespace etcdmedic::member
