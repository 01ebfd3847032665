// SPDX-License-Identifier: Apache-2.0
#include "salvage/log_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "salvage/copies.h"
#include "support/salvage_case.h"
#include "support/story.h"

namespace etcdmedic::salvage {
namespace {

using etcdmedic::support::KeySpace;
using etcdmedic::support::Story;
using testing::IsEmpty;
using testing::SizeIs;

// A log, and the db of a member that applied it.
struct Case {
  explicit Case(Story& story, const std::string& image) : db(image) {
    story.log().State(2, 1, story.index());
    segments = {story.log().bytes() + std::string(512, '\0')};
    if (!db.empty()) sources.push_back(OpenDbSource(AsBytes(db), "db", 0, false));
    logs.push_back(
        ReadLogSource("wal", {{"0000000000000000-0000000000000000.wal", AsBytes(segments[0])}}, 1));
    copies = FindCopies(sources, 1);
    history = HistoryOf(logs, sources, copies);
  }
  std::string db;
  std::vector<std::string> segments;
  std::vector<DbSource> sources;
  std::vector<LogSource> logs;
  std::vector<Copy> copies;
  LogHistory history;
};

void Tell(Story& story, int from, int to) {
  for (int i = from; i < to; ++i) story.Put("key" + std::to_string(i % 7), "value" + std::to_string(i));
}

TEST(LogHistory, MakesEveryRecordFromAnEmptyCluster) {
  Story story;
  Tell(story, 0, 30);
  story.Compact(10).Delete("key3").Grant(7).Put("leased", "x", 7);
  const Case made(story, "");
  ASSERT_THAT(made.history.stretches, SizeIs(1));
  EXPECT_TRUE(made.history.from_empty());
  EXPECT_EQ(made.history.stretches[0].span, (Span{2, 33}));
  EXPECT_THAT(made.history.records, SizeIs(32));
  EXPECT_EQ(made.history.CompactedAt(30), -1);
  EXPECT_EQ(made.history.CompactedAt(31), 10);
  EXPECT_THAT(made.history.buckets.at("lease"), SizeIs(1));
  EXPECT_TRUE(made.history.end_shown);
  EXPECT_FALSE(made.history.end_lost);
}

// A log from the middle begins where an entry puts what a record holds.
TEST(LogHistory, MeetsTheRecordsThatWereFound) {
  KeySpace before;
  for (int i = 0; i < 20; ++i) before.Put("key" + std::to_string(i % 7), "old" + std::to_string(i));
  Story story(before, 40);
  Tell(story, 0, 30);
  const std::string db = story.Db().Build();
  Tell(story, 30, 40);
  const Case made(story, db);
  ASSERT_THAT(made.history.stretches, SizeIs(1));
  EXPECT_FALSE(made.history.from_empty());
  EXPECT_TRUE(made.history.stretches[0].complete_beginning);
  EXPECT_EQ(made.history.stretches[0].span, (Span{23, 61}));
  const replay::Record& last = made.history.records.back();
  EXPECT_EQ(last.kv.value, "value39");
  EXPECT_EQ(last.kv.version, 3 + 6);
  EXPECT_THAT(made.history.unplaced, IsEmpty());
}

// It begins after the db where none of its entries is in there.
TEST(LogHistory, FollowsTheConsistentIndex) {
  KeySpace before;
  for (int i = 0; i < 20; ++i) before.Put("key" + std::to_string(i % 7), "old" + std::to_string(i));
  Story story(before, 40);
  const std::string db = story.Db().Build();
  Tell(story, 0, 5);
  const Case made(story, db);
  ASSERT_THAT(made.history.stretches, SizeIs(1));
  EXPECT_EQ(made.history.stretches[0].span, (Span{22, 26}));
  EXPECT_EQ(made.history.records.front().kv.version, 4);
}

TEST(LogHistory, KeepsPutsThatNothingPlaces) {
  Story story(KeySpace(), 40);
  Tell(story, 0, 5);
  const Case made(story, "");
  EXPECT_THAT(made.history.stretches, IsEmpty());
  ASSERT_THAT(made.history.unplaced, SizeIs(5));
  EXPECT_EQ(made.history.unplaced[4].key, "key4");
  EXPECT_EQ(made.history.unplaced[4].value, "value4");
  EXPECT_EQ(made.history.unplaced[4].index, 45U);
}

// A log that differs from the records in too much is another cluster's.
TEST(LogHistory, IsNotBelievedWhereItIsAnother) {
  Story one, other;
  Tell(one, 0, 200);
  for (int i = 0; i < 200; ++i) other.Put("other", std::to_string(i));
  const Case made(one, other.Db().Build());
  EXPECT_THAT(made.history.stretches, IsEmpty());
}

TEST(LogHistory, CoversItsStretches) {
  LogHistory history;
  history.stretches = {{{5, 10}, true, true}, {{20, 30}, false, false}};
  EXPECT_EQ(history.Covering(4), nullptr);
  EXPECT_EQ(history.Covering(5), &history.stretches[0]);
  EXPECT_EQ(history.Covering(10), &history.stretches[0]);
  EXPECT_EQ(history.Covering(11), nullptr);
  EXPECT_EQ(history.Covering(30), &history.stretches[1]);
  EXPECT_EQ(history.Covering(31), nullptr);
}

}  // namespace
}  // namespace etcdmedic::salvage
