// SPDX-License-Identifier: Apache-2.0
#include "replay/log_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/opened_store.h"
#include "support/replayed.h"
#include "support/story.h"

namespace etcdmedic::replay {
namespace {

using support::OpenedStore;
using support::Replayed;
using support::Story;
using testing::ElementsAre;
using testing::IsEmpty;

// "2 a=1", "3 a deleted".
std::vector<std::string> Shown(const LogChanges& changes) {
  std::vector<std::string> shown;
  for (const Record& record : changes.records) {
    const std::string key(record.kv.key);
    shown.push_back(TextOf(record.revision) + " " + key +
                    (record.tombstone ? " deleted" : "=" + std::string(record.kv.value)));
  }
  return shown;
}

LogChanges Changes(const Story& told, const OpenedStore& opened, uint64_t applied, uint64_t committed,
                   const Replayed& log) {
  EXPECT_TRUE(opened.store);
  diag::FindingList found;
  const auto changes = ChangesOf({log.log, log.entries, *opened.store, applied, committed}, found);
  EXPECT_TRUE(changes) << told.index();
  return changes.value_or(LogChanges());
}

Story Told() {
  Story story;
  return story.Put("a", "1").Put("a", "2").PutAndDelete("b", "3", "a").Put("a", "4");
}

TEST(LogChanges, AreNoneWhereTheBackendHoldsEverything) {
  Story story = Told();
  const std::vector<std::string> segments{story.log().bytes()};
  const Replayed log(segments);
  const OpenedStore opened(story.Db().Build());
  const LogChanges changes = Changes(story, opened, story.index(), story.index(), log);
  EXPECT_THAT(Shown(changes), IsEmpty());
  EXPECT_EQ(changes.newest, 5);
  EXPECT_EQ(changes.unplaced_first, 0U);
}

TEST(LogChanges, AreThoseThatAreCommittedAndNotApplied) {
  Story story = Told();
  const OpenedStore opened(story.Db(4).Build());
  story.Put("c", "5").Delete("c").Put("d", "6");
  const std::vector<std::string> segments{story.log().bytes()};
  const Replayed log(segments);
  const LogChanges changes = Changes(story, opened, 4, 6, log);
  EXPECT_THAT(Shown(changes), ElementsAre("6 c=5", "7 c deleted")) << "the last one is not committed";
  EXPECT_EQ(changes.newest, 7);
}

TEST(LogChanges, AreEverythingWhereTheLogStillHasWhatWasCompacted) {
  Story story = Told();
  story.Compact(5);
  const OpenedStore opened(story.Db().Build());
  EXPECT_EQ(opened.store->History("a")->size(), 1U) << "the rest was removed";
  const std::vector<std::string> segments{story.log().bytes()};
  const Replayed log(segments);
  EXPECT_THAT(Shown(Changes(story, opened, story.index(), story.index(), log)),
              ElementsAre("2 a=1", "3 a=2", "4 b=3", "4.1 a deleted", "5 a=4"));
}

TEST(LogChanges, SaysWhereCompactedOnesCannotBePlaced) {
  Story before = Told();
  Story story(before.space(), before.index());
  story.Put("e", "7").Compact(6).Put("f", "8");
  const OpenedStore opened(story.Db().Build());
  const std::vector<std::string> segments{story.log().bytes()};
  const Replayed log(segments);
  const LogChanges changes = Changes(story, opened, story.index(), story.index(), log);
  EXPECT_THAT(Shown(changes), IsEmpty());
  EXPECT_EQ(changes.unplaced_first, 5U);
  EXPECT_EQ(changes.unplaced_last, 7U);
}

TEST(LogChanges, DoNotCountWhereTheLogTellsAnotherHistory) {
  Story story = Told();
  story.Compact(5);
  Story other;
  other.Put("a", "1").Put("x", "9").Compact(3);
  const OpenedStore opened(other.Db(story.index()).Build());
  const std::vector<std::string> segments{story.log().bytes()};
  const Replayed log(segments);
  EXPECT_THAT(Shown(Changes(story, opened, story.index(), story.index(), log)), IsEmpty());
}

}  // namespace
}  // namespace etcdmedic::replay
