// SPDX-License-Identifier: Apache-2.0
#include "salvage/record.h"

#include "mvcc/key_value.h"
#include "mvcc/revision.h"

namespace etcdmedic::salvage {

std::string_view NameOf(Origin origin) {
  constexpr std::string_view kNames[] = {"live", "older-transaction", "freed", "orphan", "log"};
  return kNames[static_cast<size_t>(origin)];
}

std::string_view NameOf(Confidence confidence) {
  constexpr std::string_view kNames[] = {"certain", "likely", "doubtful"};
  return kNames[static_cast<size_t>(confidence)];
}

Bytes KeyOf(const Copy& copy, Bytes source) {
  return source.subspan(copy.place, copy.tombstone ? mvcc::kTombstoneSize : mvcc::kRevisionSize);
}

Bytes ValueOf(const Copy& copy, Bytes source) {
  const Bytes key = KeyOf(copy, source);
  return source.subspan(copy.place + key.size(), copy.value_size);
}

bool Agree(Bytes revision_key, Bytes message) {
  const auto id = mvcc::ParseRevisionKey(revision_key);
  mvcc::KeyValue kv;
  if (!id || id->revision.main < 1 || id->revision.sub > UINT32_MAX) return false;
  if (!mvcc::ParseKeyValue(message, kv) || kv.key.empty()) return false;
  if (id->tombstone)
    return kv.create_revision == 0 && kv.mod_revision == 0 && kv.version == 0 && kv.lease == 0 &&
           kv.value.empty();
  return kv.mod_revision == id->revision.main && kv.create_revision >= 1 &&
         kv.create_revision <= kv.mod_revision && kv.version >= 1 &&
         kv.version <= kv.mod_revision - kv.create_revision + 1 + id->revision.sub;
}

}  // namespace etcdmedic::salvage
