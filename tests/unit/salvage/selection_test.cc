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
  LogHistory log{2, 301, {}};
  int64_t main = 1;
  for (const auto& [key, value] : entries) log.records.push_back({++main, 0, key, value});
  std::string image = Backend(entries);
  image.replace(LiveLeaf(image, 2) * 1024, 1024, 1024, '\0');
  const size_t flipped = image.find(std::string(50, 'z'));
  image[flipped] = 'Z';
  const SalvageCase made({image}, log);
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

// A log that differs from a sound tree in too much is another cluster's.
TEST(Selection, DoesNotBelieveALogOfAnotherHistory) {
  const Entries entries = Puts(300);
  LogHistory log{2, 301, {}};
  for (int64_t main = 2; main <= 301; ++main)
    log.records.push_back(
        {main, 0, RevisionKey(main), Message("other", 2, static_cast<uint64_t>(main), 1, "x")});
  const SalvageCase made({Backend(entries)}, log);
  EXPECT_EQ(made.Records(), entries);
  EXPECT_EQ(made.result->CountOf(Confidence::kCertain), 0U);
}

}  // namespace
}  // namespace etcdmedic::salvage
