// SPDX-License-Identifier: Apache-2.0
#include "mvcc/live_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::mvcc {
namespace {

using support::KeySpace;
using support::OpenedStore;
using testing::ElementsAre;

std::vector<std::string> KeysOf(const LiveKeys& keys) {
  std::vector<std::string> all;
  for (size_t i = 0; i < keys.size(); ++i) all.emplace_back(keys.At(i).key);
  return all;
}

TEST(LiveKeys, LeavesOutWhatIsDeleted) {
  const OpenedStore opened(KeySpace().Put("b", "1").Put("a", "2").Put("c", "3").Delete("b").Build());
  const auto now = LiveKeys::Read(*opened.store, 0);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->revision(), 5);
  EXPECT_THAT(KeysOf(*now), ElementsAre("a", "c"));
  const auto before = LiveKeys::Read(*opened.store, 4);
  ASSERT_TRUE(before);
  EXPECT_THAT(KeysOf(*before), ElementsAre("a", "b", "c"));
}

TEST(LiveKeys, AreThoseOfAnIndexAndKeepIt) {
  const OpenedStore opened(KeySpace().Put("b", "1").Put("a", "2").Delete("b").Build());
  auto index = opened.store->Index(EveryKey(), 4);
  ASSERT_TRUE(index);
  const LiveKeys keys = LiveKeys::Of(std::move(*index), 4);
  EXPECT_EQ(keys.revision(), 4);
  EXPECT_THAT(KeysOf(keys), ElementsAre("a"));
  EXPECT_EQ(keys.index().size(), 3U) << "the revisions of what is deleted too";
}

TEST(LiveKeys, FindsAPlaceInAPart) {
  const OpenedStore opened(KeySpace().Put("a", "").Put("c", "").Put("e", "").Build());
  const auto keys = LiveKeys::Read(*opened.store, 0);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->LowerBound("", 0, 3), 0U);
  EXPECT_EQ(keys->LowerBound("c", 0, 3), 1U);
  EXPECT_EQ(keys->LowerBound("d", 0, 3), 2U);
  EXPECT_EQ(keys->LowerBound("f", 0, 3), 3U);
  EXPECT_EQ(keys->LowerBound("a", 1, 2), 1U);
  EXPECT_EQ(keys->LowerBound("z", 1, 2), 2U);
}

TEST(LiveKeys, AnEmptyStoreHasNone) {
  const OpenedStore opened(KeySpace().Build());
  const auto keys = LiveKeys::Read(*opened.store, 0);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->size(), 0U);
  EXPECT_FALSE(LiveKeys::Read(*opened.store, 99));
}

}  // namespace
}  // namespace etcdmedic::mvcc
