// SPDX-License-Identifier: Apache-2.0
#include "mvcc/snapshot.h"

#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::mvcc {
namespace {

using support::KeySpace;
using support::OpenedStore;

// The sum as etcdutl forms it: every bucket's name, then its keys and values.
uint32_t SlowHash(const bolt::View& view) {
  uint32_t crc = 0;
  bolt::Cursor buckets = view.Buckets();
  for (bool more = buckets.First(); more; more = buckets.Next()) {
    crc = Crc32c(buckets.key(), crc);
    view.ForEach(AsText(buckets.key()), [&](Bytes key, Bytes value) {
      crc = Crc32c(value, Crc32c(key, crc));
      return true;
    });
  }
  return crc;
}

TEST(SnapshotStatus, IsWhatEtcdutlPrints) {
  KeySpace space;
  space.Put("a", "1").Put("b", "2").Put("a", "3").Delete("b").Meta("storageVersion", "3.6.0");
  OpenedStore opened(space.Build());
  const auto status = StatusOf(*opened.store);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->revision, 5);
  EXPECT_EQ(status->live_keys, 1U);
  EXPECT_EQ(status->total_entries, 5U) << "four changes and a version";
  EXPECT_EQ(status->version, "3.6.0");
  EXPECT_EQ(status->total_size, opened.db.size()) << "the builder leaves no page free";
  EXPECT_EQ(status->hash, SlowHash(opened.store->view()));
  EXPECT_TRUE(status->complete);
}

TEST(SnapshotStatus, IsZeroOfAnEmptyStore) {
  OpenedStore opened(KeySpace().Build());
  const auto status = StatusOf(*opened.store);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->revision, 0);
  EXPECT_EQ(status->live_keys, 0U);
  EXPECT_EQ(status->version, "");
}

TEST(SnapshotStatus, SaysThatSomethingIsMissing) {
  KeySpace space;
  for (int i = 0; i < 40; ++i) space.Put("key" + std::to_string(i), "v");
  const std::string sound = space.Build();
  OpenedStore whole(sound);
  // One leaf of bucket `key` becomes zeros.
  std::string image = sound;
  const auto cursor = whole.store->view().CursorOf("key");
  ASSERT_TRUE(cursor);
  bolt::Cursor at = *cursor;
  ASSERT_TRUE(at.First());
  image.replace(at.page() * 4096, 4096, std::string(4096, '\0'));
  ASSERT_NE(image, sound);
  OpenedStore opened(image);
  const auto status = StatusOf(*opened.store);
  ASSERT_TRUE(status);
  EXPECT_FALSE(status->complete);
  EXPECT_LT(status->total_entries, StatusOf(*whole.store)->total_entries);
}

}  // namespace
}  // namespace etcdmedic::mvcc
