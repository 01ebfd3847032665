// SPDX-License-Identifier: Apache-2.0
// Replays a member's log from its first entry: replay_log DIR MINOR INDEX... prints "hash INDEX REVISION
// COMPACTED HASH" after each index; and at the backend's own index every entry of its buckets, bucket `key`
// left out, that replay has another value for: "differs BUCKET KEY", in hexadecimal.
#include <fmt/format.h>

#include <cstdlib>
#include <map>

#include "member/layout.h"
#include "member/member_state.h"
#include "mvcc/hash.h"
#include "replay/backend_writer.h"
#include "support/memory_db.h"

namespace {

using namespace etcdmedic;

std::string Hex(Bytes bytes) {
  std::string out;
  for (const std::byte each : bytes) out += fmt::format("{:02x}", static_cast<unsigned>(each));
  return out;
}

std::string ImageOf(const replay::Machine& machine) {
  support::MemoryDb image;
  bolt::Builder builder(image, {});
  if (!replay::WriteBackend(machine, nullptr, builder)) std::abort();
  return std::move(image.image);
}

mvcc::Store Open(Bytes db) {
  static diag::FindingList found;
  auto store = mvcc::Store::Open(db, "db", found);
  if (!store) std::abort();
  return *store;
}

void PrintHash(const replay::Machine& machine) {
  const std::string image = ImageOf(machine);
  const auto hash = mvcc::HashKvAt(Open(AsBytes(image)), 0);
  if (!hash) std::abort();
  fmt::print("hash {} {} {} {}\n", machine.index(), hash->revision, hash->compact_revision, hash->hash);
}

std::map<std::string, std::string> Buckets(const mvcc::Store& store) {
  std::map<std::string, std::string> all;
  for (const char* bucket : {"alarm", "auth", "authRoles", "authUsers", "cluster", "lease", "members",
                             "members_removed", "meta"}) {
    store.view().ForEach(bucket, [&](Bytes key, Bytes value) {
      all[fmt::format("{} {}", bucket, Hex(key))] = Hex(value);
      return true;
    });
  }
  return all;
}

void PrintDifferences(const replay::Machine& machine, Bytes db) {
  const std::string image = ImageOf(machine);
  const auto made = Buckets(Open(AsBytes(image))), real = Buckets(Open(db));
  fmt::print("buckets {}\n", real.size());
  for (const auto& [key, value] : real) {
    const auto found = made.find(key);
    if (found == made.end() || found->second != value)
      fmt::print("differs {} {} {}\n", key, value, found == made.end() ? "missing" : found->second);
  }
  for (const auto& [key, value] : made) {
    if (!real.contains(key)) fmt::print("differs {} missing {}\n", key, value);
  }
}

}  // namespace

int main(int argc, char** argv) {
  auto layout = member::Recognise(argv[1]);
  if (!layout) return 2;
  std::vector<MappedFile> maps;
  maps.reserve(layout->segments.size());
  std::vector<raft::SegmentInput> inputs;
  for (const member::File& file : layout->segments) {
    auto map = MappedFile::Open(file.path);
    if (!map) return 2;
    maps.push_back(std::move(*map));
    inputs.push_back({file.name, maps.back().bytes(), &maps.back()});
  }
  replay::EntryList entries;
  const raft::Log log = raft::ReadLog(inputs, 0, &entries);
  auto db = MappedFile::Open(layout->db.front().path);
  if (!db) return 2;
  diag::FindingList found;
  const auto backend = mvcc::ReadBackendState(db->bytes(), "db", found);
  if (!backend || !backend->consistent_index) return 2;

  replay::Machine machine({.minor = static_cast<unsigned>(std::atoi(argv[2]))});
  int next = 3;
  for (const replay::LogEntry& entry : entries.Between(log, 0, log.last_index())) {
    if (machine.Apply(entry).effect == replay::Effect::kUnknown) fmt::print("unknown {}\n", entry.index);
    while (next < argc && std::strtoull(argv[next], nullptr, 10) == entry.index) {
      PrintHash(machine);
      ++next;
    }
    if (entry.index == *backend->consistent_index) PrintDifferences(machine, db->bytes());
  }
  fmt::print("entries {}\n", machine.index());
  return 0;
}
