// SPDX-License-Identifier: Apache-2.0
// What the end of the log and of the backend show.
#include <gtest/gtest.h>

#include "support/witness_verdict.h"

namespace etcdmedic::witness {
namespace {

using support::Ask;
using support::Everything;
using support::Lines;
using support::Proven;
using support::Spans;
using support::Story;
using support::Verdict;

TEST(WitnessEnd, SaysNothingOfAnUnappliedTail) {
  Story story = Everything();
  const std::string db = story.Db().Build();
  const uint64_t applied = story.index();
  story.Put("k", "1").Delete("a", "", {}).Put("l", "2");
  EXPECT_EQ(Lines(Ask(story.log().bytes(), db, applied)), std::vector<std::string>{});
}

TEST(WitnessEnd, FindsAnIndexThatIsTooLow) {
  Story story = Everything();
  const Verdict verdict = Ask(story.log().bytes(), story.Db(8).Build(), 8);
  ASSERT_EQ(Lines(verdict).size(), 1U);
  EXPECT_TRUE(Lines(verdict)[0].starts_with("DB-INDEX-BEHIND consistent_index is 8, yet"))
      << Lines(verdict)[0];
}

TEST(WitnessEnd, FindsAnIndexThatWasRaised) {
  Story story;
  for (int i = 0; i < 50; ++i) story.Put("a", std::to_string(i));
  const std::string db = story.Db(150).Build();
  for (int i = 0; i < 100; ++i) story.Put("b", std::to_string(i));
  const Verdict verdict = Ask(story.log().bytes(), db, 150);
  ASSERT_EQ(Lines(verdict).size(), 1U);
  EXPECT_TRUE(Lines(verdict)[0].starts_with("DB-REVISION-BEHIND")) << Lines(verdict)[0];
  EXPECT_EQ(Proven(verdict), (Spans{{2, 51}}));
}

// Two processes went on from one state: the log of the one, the backend of the other.
TEST(WitnessEnd, DistinguishesTwoWriters) {
  Story one = Everything(), other = Everything();
  for (int i = 0; i < 5; ++i) {
    one.Put("one" + std::to_string(i), "1");
    other.Put("other" + std::to_string(i), "1");
  }
  for (const uint64_t ahead : {0, 3}) {
    for (uint64_t i = 0; i < ahead; ++i) other.Put("further", std::to_string(i));
    const Verdict verdict = Ask(one.log().bytes(), other.Db().Build(), other.index());
    ASSERT_EQ(Lines(verdict).size(), 1U) << testing::PrintToString(Lines(verdict));
    EXPECT_TRUE(Lines(verdict)[0].starts_with("DB-HISTORY-FOREIGN from revision 15 on")) << Lines(verdict)[0];
  }
}

}  // namespace
}  // namespace etcdmedic::witness
