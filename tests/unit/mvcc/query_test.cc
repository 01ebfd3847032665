// SPDX-License-Identifier: Apache-2.0
#include "mvcc/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::mvcc {
namespace {

using support::KeySpace;
using support::OpenedStore;
using testing::ElementsAre;
using testing::IsEmpty;

// a: version 2, created at 2; b: created at 3, modified last; c: created at 4.
std::string Image() {
  return KeySpace().Put("a", "9").Put("b", "5").Put("c", "7").Put("a", "8").Put("b", "5").Build();
}

struct Answer {
  std::vector<std::string> keys;
  uint64_t count = 0;
};

Answer Ask(const KeyQuery& query) {
  const OpenedStore opened(Image());
  Answer answer;
  const auto count = VisitKeys(*opened.store, query, [&](const KeyValue& kv) {
    answer.keys.emplace_back(kv.key);
    return true;
  });
  EXPECT_TRUE(count);
  answer.count = count.value_or(0);
  return answer;
}

KeyQuery Sorted(std::string_view by, bool descend = false) {
  KeyQuery query{.range = EveryKey()};
  query.less = OrderNamed(by).value();
  query.descend = descend;
  return query;
}

TEST(KeyQuery, SortsAsEtcdctlDoes) {
  EXPECT_THAT(Ask(Sorted("key")).keys, ElementsAre("a", "b", "c"));
  EXPECT_THAT(Ask(Sorted("key", true)).keys, ElementsAre("c", "b", "a"));
  EXPECT_THAT(Ask(Sorted("modify")).keys, ElementsAre("c", "a", "b"));
  EXPECT_THAT(Ask(Sorted("create", true)).keys, ElementsAre("c", "b", "a"));
  EXPECT_THAT(Ask(Sorted("value")).keys, ElementsAre("b", "c", "a"));
  EXPECT_THAT(Ask(Sorted("version")).keys, ElementsAre("c", "a", "b")) << "ties in the order of keys";
  EXPECT_THAT(Ask(Sorted("version", true)).keys, ElementsAre("a", "b", "c"));
}

TEST(KeyQuery, KnowsNoOtherOrder) {
  EXPECT_FALSE(OrderNamed("size"));
  EXPECT_FALSE(OrderNamed(""));
  EXPECT_FALSE(OrderNamed("KEY")) << "callers lower it";
}

TEST(KeyQuery, TheLimitCutsWhatIsVisitedAndNotTheCount) {
  KeyQuery query{.range = EveryKey(), .limit = 2};
  EXPECT_THAT(Ask(query).keys, ElementsAre("a", "b"));
  EXPECT_EQ(Ask(query).count, 3U);
  query = Sorted("modify", true);
  query.limit = 1;
  EXPECT_THAT(Ask(query).keys, ElementsAre("b")) << "sorted first, then cut";
  query.limit = 2;
  EXPECT_THAT(Ask(query).keys, ElementsAre("b", "a")) << "one is too many";
  EXPECT_EQ(Ask(query).count, 3U);
}

TEST(KeyQuery, CountsOnly) {
  KeyQuery query = Sorted("value");
  query.count_only = true;
  EXPECT_THAT(Ask(query).keys, IsEmpty());
  EXPECT_EQ(Ask(query).count, 3U);
}

TEST(KeyQuery, AnswersThePast) {
  KeyQuery query{.range = WithPrefix("b"), .revision = 3};
  EXPECT_THAT(Ask(query).keys, ElementsAre("b"));
  query.revision = 2;
  EXPECT_THAT(Ask(query).keys, IsEmpty());
}

TEST(KeyQuery, RefusesARevisionThatIsNotThere) {
  const OpenedStore opened(Image());
  const auto count =
      VisitKeys(*opened.store, {.range = EveryKey(), .revision = 99}, [](const KeyValue&) { return true; });
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().code, Errc::kRefused);
}

}  // namespace
}  // namespace etcdmedic::mvcc
