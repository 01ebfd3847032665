// SPDX-License-Identifier: Apache-2.0
// Records and backends for the tests of this room.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>

#include "bolt/builder.h"
#include "mvcc/revision.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"
#include "support/memory_db.h"

namespace etcdmedic::salvage::support {

using Entries = std::map<std::string, std::string>;

inline std::string RevisionKey(int64_t main, int64_t sub = 0, bool tombstone = false) {
  return mvcc::EncodeRevisionKey({{main, sub}, tombstone});
}

inline std::string Message(std::string_view key, uint64_t create = 0, uint64_t mod = 0, uint64_t version = 0,
                           std::string_view value = "") {
  using Fields = proto::mvccpb::KeyValue;
  std::string out;
  proto::AppendDelimited(Fields::kKey, key, out);
  if (create != 0) proto::AppendNumber(Fields::kCreateRevision, create, out);
  if (mod != 0) proto::AppendNumber(Fields::kModRevision, mod, out);
  if (version != 0) proto::AppendNumber(Fields::kVersion, version, out);
  if (!value.empty()) proto::AppendDelimited(Fields::kValue, value, out);
  return out;
}

// Puts of `keys` keys in turn, revisions from 2 on.
inline Entries Puts(int64_t count, int64_t keys = 10, size_t value = 100) {
  Entries entries;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t mod = i + 2;
    entries[RevisionKey(mod)] = Message(
        fmt::format("key{:03}", i % keys), static_cast<uint64_t>(i % keys + 2), static_cast<uint64_t>(mod),
        static_cast<uint64_t>(i / keys + 1), std::string(value, static_cast<char>('a' + i % 26)));
  }
  return entries;
}

inline std::string Backend(const Entries& key, const Entries& meta = {}, uint32_t page_size = 1024) {
  etcdmedic::support::MemoryDb sink;
  bolt::Builder builder(sink, {.page_size = page_size});
  const std::map<std::string, Entries> buckets{
      {"alarm", {}}, {"auth", {}},  {"authRoles", {}}, {"authUsers", {}},       {"cluster", {}},
      {"key", key},  {"lease", {}}, {"members", {}},   {"members_removed", {}}, {"meta", meta}};
  for (const auto& [name, entries] : buckets) {
    if (!builder.Begin(name)) return {};
    for (const auto& [k, v] : entries) {
      if (!builder.Add(AsBytes(k), AsBytes(v))) return {};
    }
    if (!builder.End()) return {};
  }
  return builder.Finish() ? sink.image : std::string();
}

}  // namespace etcdmedic::salvage::support
