// SPDX-License-Identifier: Apache-2.0
#include "salvage/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/salvage_case.h"

namespace etcdmedic::salvage {
namespace {

using support::Backend;
using support::Compacted;
using support::Entries;
using support::HistoryThatMakes;
using support::LiveLeaf;
using support::Message;
using support::Puts;
using support::RevisionKey;
using support::SalvageCase;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Selection, SaysWhichRevisionsAreMissing) {
  std::string image = Backend(Puts(700));
  image.replace(LiveLeaf(image, 5) * 1024, 1024, 1024, '\0');
  const SalvageCase made({image});
  ASSERT_THAT(made.Lost().gaps, SizeIs(1));
  const Span gap = made.Lost().gaps[0];
  for (int64_t main = gap.first; main <= gap.last; ++main)
    EXPECT_FALSE(made.Records().contains(RevisionKey(main)));
  EXPECT_EQ(made.Records().size() + static_cast<size_t>(gap.last - gap.first + 1), 700U);
}

TEST(Selection, FillsGapsFromTheLogAndBelievesItMost) {
  const Entries entries = Puts(300);
  std::string image = Backend(entries);
  image.replace(LiveLeaf(image, 2) * 1024, 1024, 1024, '\0');
  const size_t flipped = image.find(std::string(50, 'z'));
  image[flipped] = 'Z';
  const SalvageCase made({image}, HistoryThatMakes(entries));
  EXPECT_EQ(made.Records(), entries);
  EXPECT_EQ(made.result->CountOf(Confidence::kCertain), 300U);
  EXPECT_GT(made.result->CountOf(Origin::kLog), 1U);
  ASSERT_THAT(made.result->lost_and_found(), SizeIs(1));
  EXPECT_EQ(made.result->lost_and_found()[0].reason, Reason::kContradicted);
}

// What is not in a tree that is whole has been compacted, and does not come back.
TEST(Selection, DoesNotRaiseWhatWasCompacted) {
  Entries all = Puts(100, 10);
  const std::string before = Backend(all);
  Entries after = all;
  for (int64_t main = 2; main <= 40; ++main) after.erase(RevisionKey(main));
  const std::string image = Backend(after, Compacted(50)) + before.substr(2048);
  const SalvageCase made({image});
  EXPECT_EQ(made.Records(), after);
  EXPECT_FALSE(made.Lost().any());
  for (const LostAndFound& found : made.result->lost_and_found())
    EXPECT_EQ(found.reason, Reason::kSuperseded);
  EXPECT_FALSE(made.result->lost_and_found().empty());
}

// Without its tree a key that may have been deleted before the compaction is named.
TEST(Selection, NamesKeysThatMayHaveBeenDeleted) {
  Entries entries;
  entries[RevisionKey(3)] = Message("proven", 3, 3, 1, "v");
  entries[RevisionKey(4)] = Message("doubtful", 4, 4, 1, "v");
  entries[RevisionKey(5)] = Message("deleted", 5, 5, 1, "v");
  entries[RevisionKey(6, 0, true)] = Message("deleted");
  entries[RevisionKey(11)] = Message("proven", 3, 11, 2, "w");
  std::string image = Backend(entries, Compacted(10));
  image.replace(0, 2048, 2048, '\0');
  const SalvageCase made({image});
  EXPECT_THAT(made.Lost().suspects, ElementsAre("doubtful"));
  entries.erase(RevisionKey(5));
  entries.erase(RevisionKey(6, 0, true));
  EXPECT_EQ(made.Records(), entries);
}

TEST(Selection, StopsAtARevisionAndRefusesACompactedOne) {
  const Entries entries = Puts(100);
  const SalvageCase made({Backend(entries)}, {}, {.as_of = 50});
  EXPECT_EQ(made.result->revision(), 50);
  EXPECT_THAT(made.Records(), SizeIs(49));
  const SalvageCase refused({Backend(entries, Compacted(60))}, {}, {.as_of = 50});
  EXPECT_THAT(refused.Records(), IsEmpty());
}

TEST(Selection, TakesOnlyWhatIsLiveWhereThatIsAsked) {
  std::string image = Backend(Puts(300));
  image.replace(LiveLeaf(image, 2) * 1024 + 8, 2, "\x7F\x7F");
  const SalvageCase all({image}), live({image}, {}, {.live_only = true});
  EXPECT_LT(live.Records().size(), all.Records().size());
  EXPECT_EQ(live.result->CountOf(Origin::kLive), live.Records().size());
}

// What a log from the middle counted is no better than the records that it was counted from.
TEST(Selection, KeepsARecordThatAnAnchoredLogCountsOtherwise) {
  const Entries entries = Puts(300);
  Entries counted = entries;
  counted[RevisionKey(200)] = Message("key008", 200, 200, 1, std::string(100, 'a' + 198 % 26));
  counted[RevisionKey(210)] = Message("key008", 10, 210, 21, "another value");
  LogHistory log = HistoryThatMakes(counted);
  log.stretches = {{{150, 301}, false, true}};
  std::erase_if(log.records, [](const replay::Record& each) { return each.revision.main < 150; });
  const SalvageCase made({Backend(entries)}, log);
  EXPECT_EQ(made.Records().at(RevisionKey(200)), entries.at(RevisionKey(200)));
  EXPECT_EQ(made.Records().at(RevisionKey(210)), counted.at(RevisionKey(210)));
  EXPECT_EQ(made.result->CountOf(Confidence::kLikely), 150U);
}

// A log that tells everything tells of revisions that were compacted since.
TEST(Selection, GoesBackBeforeACompactionWhereTheLogTellsEverything) {
  const Entries all = Puts(100);
  Entries left = all;
  for (int64_t main = 2; main <= 50; ++main) left.erase(RevisionKey(main));
  const SalvageCase made({Backend(left, Compacted(60))}, HistoryThatMakes(all), {.as_of = 40});
  EXPECT_THAT(made.Records(), SizeIs(39));
  EXPECT_EQ(made.result->compacted(), -1);
  EXPECT_FALSE(made.Lost().any());
}

TEST(Selection, TakesOfTheLogOnlyWhatEtcdWouldApplyWhereOnlyTheLiveIsAsked) {
  const Entries all = Puts(100);
  Entries held = all;
  for (int64_t main = 91; main <= 101; ++main) held.erase(RevisionKey(main));
  held.erase(RevisionKey(20));
  const SalvageCase made({Backend(held)}, HistoryThatMakes(all), {.live_only = true});
  EXPECT_EQ(made.result->CountOf(Origin::kLog), 11U);
  EXPECT_FALSE(made.Records().contains(RevisionKey(20)));
}

// A deletion at the compacted revision stays, although the key was created again.
TEST(Selection, KeepsTheDeletionAtTheCompactedRevision) {
  Entries all;
  all[RevisionKey(2)] = Message("k", 2, 2, 1, "v");
  all[RevisionKey(3, 0, true)] = Message("k");
  all[RevisionKey(4)] = Message("k", 4, 4, 1, "w");
  LogHistory log = HistoryThatMakes(all);
  log.compacted = {{3, 3}};
  const SalvageCase made({}, log);
  all.erase(RevisionKey(2));
  EXPECT_EQ(made.Records(), all);
  EXPECT_EQ(made.result->compacted(), 3);
}

TEST(Selection, DoesNotKnowTheEndOfALogThatDoesNotShowIt) {
  const Entries all = Puts(20);
  LogHistory log = HistoryThatMakes(all);
  EXPECT_FALSE(SalvageCase({}, log).Lost().tail);
  log.end_shown = false;
  EXPECT_TRUE(SalvageCase({}, log).Lost().tail);
  log.end_shown = log.end_lost = true;
  EXPECT_TRUE(SalvageCase({}, log).Lost().tail);
}

}  // namespace
}  // namespace etcdmedic::salvage
