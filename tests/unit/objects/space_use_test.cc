// SPDX-License-Identifier: Apache-2.0
#include "objects/space_use.h"

#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::objects {
namespace {

TEST(SpaceUse, CountsWhatExistsAndWhatIsRetained) {
  support::KeySpace space;
  space.Put("a", "1").Put("a", "22").Put("b", "3").Delete("b");
  const support::OpenedStore opened(space.Build());
  const auto index = opened.store->Index(mvcc::EveryKey(), 5);
  ASSERT_TRUE(index);
  SpaceUse all;
  uint64_t seen = 0;
  index->ForEachKey([&](mvcc::Numbers numbers) {
    const KeyUse key = UseOf(*index, numbers);
    all.Add(key);
    EXPECT_EQ(key.exists(), key.newest.kv.key == "a");
    EXPECT_EQ(key.size(), key.exists() ? key.newest.raw_key.size() + key.newest.raw_value.size() : 0);
    EXPECT_GT(key.history, key.size());
    ++seen;
    return true;
  });
  EXPECT_EQ(seen, 2U);
  EXPECT_EQ(all.keys, 1U);
  EXPECT_EQ(all.revisions, 4U);
  EXPECT_GT(all.history, all.size);
}

TEST(PrefixOf, GivesThePartsOfAKey) {
  EXPECT_EQ(PrefixOf("/a/b/c", 1), "/a/");
  EXPECT_EQ(PrefixOf("/a/b/c", 2), "/a/b/");
  EXPECT_EQ(PrefixOf("/a/b/c", 3), "/a/b/c");
  EXPECT_EQ(PrefixOf("a/b", 1), "a/");
  EXPECT_EQ(PrefixOf("lone", 2), "lone");
  EXPECT_EQ(PrefixOf("", 2), "");
}

TEST(FolderOf, NeverHasAKeysOwnLastPart) {
  EXPECT_EQ(FolderOf("/a/b/c", 1), "/a/");
  EXPECT_EQ(FolderOf("/a/b/c", 9), "/a/b/");
  EXPECT_EQ(FolderOf("/lone", 2), "/");
  EXPECT_EQ(FolderOf("a/b", 2), "a/");
  EXPECT_EQ(FolderOf("lone", 2), "");
  EXPECT_EQ(FolderOf("", 2), "");
  EXPECT_EQ(FolderOf("//x", 1), "//");
}

}  // namespace
}  // namespace etcdmedic::objects
