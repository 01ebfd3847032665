// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::mvcc {
namespace {

using support::KeySpace;
using support::OpenedStore;

constexpr auto kAll = [](const FoundChanges&) { return false; };

std::vector<std::string> Shown(const std::vector<Change>& changes) {
  std::vector<std::string> shown;
  for (const Change& change : changes)
    shown.push_back(TextOf(change.revision) +
                    (change.tombstone ? " deleted" : " " + std::string(change.kv.value)));
  return shown;
}

TEST(SearchBack, FindsAllThatIsRetainedTheNewestFirst) {
  const OpenedStore opened(KeySpace()
                               .Put("a", "1")
                               .Put("ab", "2")
                               .Begin()
                               .Put("a", "3")
                               .Put("b", "4")
                               .End()
                               .Delete("a")
                               .Put("a", "5")
                               .Build());
  const std::vector<std::string> keys{"b", "a", "none"};
  const auto found = SearchBack(opened.store->view(), keys, 99, kAll);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_THAT(Shown(found[0]), testing::ElementsAre("4.1 4"));
  EXPECT_THAT(Shown(found[1]), testing::ElementsAre("6 5", "5 deleted", "4 3", "2 1"));
  EXPECT_TRUE(found[2].empty());
  EXPECT_THAT(Shown(SearchBack(opened.store->view(), keys, 4, kAll)[1]), testing::ElementsAre("4 3", "2 1"));
}

TEST(SearchBack, AgreesWithTheHistoryOfEveryKey) {
  std::mt19937 random(3);
  KeySpace space(false);
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = "/k/" + std::to_string(random() % 50);
    if (random() % 5 == 0)
      space.Delete(key);
    else
      space.Put(key, std::string(200 + random() % 2000, 'v'));
  }
  const OpenedStore opened(space.Build());
  for (int k = 0; k < 50; k += 7) {
    const std::vector<std::string> keys{"/k/" + std::to_string(k)};
    auto found = SearchBack(opened.store->view(), keys, 15'000, kAll)[0];
    std::ranges::reverse(found);
    EXPECT_EQ(Shown(found), Shown(*opened.store->History(keys[0], 15'000)));
  }
}

TEST(SearchBack, StopsWhereItHasEnough) {
  KeySpace space(false);
  space.Put("/first", "x");
  for (int i = 0; i < 20'000; ++i) space.Put("/other", std::string(2000, 'o'));
  space.Put("/last", "1").Put("/last", "2");
  const OpenedStore opened(space.Build());
  const std::vector<std::string> keys{"/other", "/last"};
  const auto enough = [](const FoundChanges& found) { return HasGeneration(found[1]); };
  const auto found = SearchBack(opened.store->view(), keys, 99'999, enough);
  EXPECT_THAT(Shown(found[1]), testing::ElementsAre("20004 2", "20003 1"));
  EXPECT_LT(found[0].size(), 12'000U) << "it has read on although it had enough";
  EXPECT_EQ(SearchBack(opened.store->view(), keys, 99'999, kAll)[0].size(), 20'000U);
}

TEST(HasGeneration, IsFromTheCreationOn) {
  const OpenedStore opened(
      KeySpace().Put("a", "1").Put("a", "2").Delete("a").Put("a", "3").Put("a", "4").Build());
  const std::vector<std::string> keys{"a"};
  const auto at = [&](int64_t newest, size_t count) {
    auto found = SearchBack(opened.store->view(), keys, newest, kAll)[0];
    found.resize(count);
    return found;
  };
  EXPECT_FALSE(HasGeneration(at(6, 1)));
  EXPECT_TRUE(HasGeneration(at(6, 2))) << "version 1";
  EXPECT_FALSE(HasGeneration(at(4, 1))) << "a deletion alone is no generation";
  EXPECT_FALSE(HasLastPut(at(4, 1)));
  EXPECT_TRUE(HasLastPut(at(4, 2)));
  EXPECT_FALSE(HasGeneration(at(4, 2)));
  EXPECT_TRUE(HasGeneration(at(4, 3)));
}

TEST(SearchBack, GivesNothingWithoutTheBucket) {
  support::DbBuilder db(4096);
  db.Bucket("meta");
  const OpenedStore opened(db.Build());
  const std::vector<std::string> keys{"a"};
  EXPECT_TRUE(SearchBack(opened.store->view(), keys, 9, kAll)[0].empty());
}

}  // namespace
}  // namespace etcdmedic::mvcc
