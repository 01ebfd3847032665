// SPDX-License-Identifier: Apache-2.0
// The input becomes entries of the backend's buckets: a byte that chooses the bucket, a byte for the size of
// the key, two for that of the value, then both. What a real page tree would refuse stays out of it, so that
// every input reaches the key space.
#include <algorithm>
#include <cstdlib>

#include "check/key_rules.h"
#include "mvcc/auth.h"
#include "mvcc/backend.h"
#include "mvcc/hash.h"
#include "mvcc/lease.h"
#include "mvcc/snapshot.h"
#include "support/db_builder.h"

namespace {

constexpr const char* kBuckets[] = {"key",   "key",       "key",       "meta",    "lease",
                                    "auth",  "authUsers", "authRoles", "members", "members_removed",
                                    "alarm", "cluster"};

std::string BuildFrom(std::string_view input) {
  etcdmedic::support::DbBuilder db;
  for (const char* bucket : kBuckets) db.Bucket(bucket);
  while (input.size() >= 4) {
    const auto byte = [&](size_t at) { return static_cast<unsigned char>(input[at]); };
    const size_t key_size = std::min<size_t>(byte(1) % 32, input.size() - 4);
    const size_t value_size = std::min<size_t>(byte(2), input.size() - 4 - key_size);
    if (key_size > 0)
      db.Add(kBuckets[byte(0) % std::size(kBuckets)], std::string(input.substr(4, key_size)),
             std::string(input.substr(4 + key_size, value_size)));
    input.remove_prefix(4 + key_size + value_size);
  }
  for (const char* bucket : kBuckets) std::ranges::sort(db.Entries(bucket));
  return db.Build();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace etcdmedic;
  const std::string db = BuildFrom({reinterpret_cast<const char*>(data), size});
  diag::FindingList found;
  const auto store = mvcc::Store::Open(AsBytes(db), "fuzz", found);
  if (!store) abort();  // the builder writes sound pages
  uint64_t live = 0;
  std::string last;
  const auto done = store->Range(mvcc::EveryKey(), 0, [&](const mvcc::KeyValue& kv) {
    if (live++ > 0 && last >= kv.key) abort();
    last = kv.key;
    return true;
  });
  if (!done) abort();
  (void)mvcc::HashKvAt(*store, 0);
  (void)mvcc::HashKvAt(*store, 0, mvcc::HashRulesOf(3, 4, 0));
  if (const auto status = mvcc::StatusOf(*store); !status || status->live_keys < live) abort();
  (void)store->History(last);
  mvcc::ReadAuth(*store, found);
  mvcc::ReadBackendState(*store, found);
  (void)mvcc::ReadLeases(*store, 0, found);
  check::CheckBuckets(*store, nullptr, found);
  check::CheckKeys(*store, found);
  return 0;
}
