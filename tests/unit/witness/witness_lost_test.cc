// SPDX-License-Identifier: Apache-2.0
// Where the count of revisions is not known, and is found again.
#include <gtest/gtest.h>

#include "support/witness_verdict.h"

namespace etcdmedic::witness {
namespace {

using support::Ask;
using support::KeySpace;
using support::Later;
using support::Lines;
using support::Proven;
using support::Spans;
using support::Story;
using support::Verdict;

TEST(WitnessLost, FindsItsPlaceInALogThatBeginsLater) {
  Story story = Later();
  const Verdict verdict = Ask(story);
  EXPECT_EQ(Lines(verdict), std::vector<std::string>{});
  EXPECT_EQ(Proven(verdict), (Spans{{7, story.revision()}}));
}

TEST(WitnessLost, FindsItsPlaceAfterACompaction) {
  Story story = Later();
  story.Compact(11).Put("g", "12").Put("h", "13");
  const Verdict verdict = Ask(story);
  EXPECT_EQ(Lines(verdict), std::vector<std::string>{});
  EXPECT_EQ(Proven(verdict).back().second, story.revision());
}

// A record that differs is reported, also where the very next entry is destroyed.
TEST(WitnessLost, ReportsARecordBeforeAHole) {
  Story told = Later(), stored = Later();
  told.Put("x", "right");
  stored.Put("x", "wrong");
  for (Story* story : {&told, &stored}) story->Put("hole", "HOLEHOLE").Put("y", "1").Put("z", "2");
  std::string wal = told.log().bytes();
  const size_t at = wal.find("HOLEHOLE");
  ASSERT_NE(at, std::string::npos);
  wal[at] ^= 1;
  const Verdict verdict = Ask(wal, stored.Db().Build(), stored.index());
  ASSERT_EQ(Lines(verdict).size(), 1U);
  EXPECT_NE(Lines(verdict)[0].find("\"x\""), std::string::npos) << Lines(verdict)[0];
}

// What a follower held when its leader sent a snapshot in place of it never was.
TEST(WitnessLost, PassesOverEntriesThatASnapshotReplaced) {
  KeySpace before;
  before.Put("a", "1").Put("b", "2").Put("c", "3");
  Story story(before, 6);
  for (uint64_t i = 1; i <= 6; ++i) story.log().Put(1, i, "junk", std::to_string(i));
  story.log().Snapshot(6, 2);
  story.Put("d", "4").Put("a", "5");
  const Verdict verdict = Ask(story);
  EXPECT_EQ(Lines(verdict), std::vector<std::string>{});
  EXPECT_EQ(Proven(verdict), (Spans{{5, 6}}));
}

}  // namespace
}  // namespace etcdmedic::witness
