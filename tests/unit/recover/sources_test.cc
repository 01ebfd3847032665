// SPDX-License-Identifier: Apache-2.0
#include "recover/sources.h"

#include <gtest/gtest.h>

#include "support/story_folder.h"

namespace etcdmedic::recover {
namespace {

using support::StoryFolder;

TEST(Sources, AreNothingAndTheBackendWhereTheLogIsWhole) {
  StoryFolder data;
  data.story.Put("a", "1");
  data.WriteDb();
  data.story.Put("b", "2");
  data.WriteLog(3);
  const auto state = data.Load();
  const Sources sources = SourcesOf(state, 3);
  ASSERT_EQ(sources.usable.size(), 2U);
  EXPECT_EQ(sources.usable[0].origin, Origin::kLog);
  EXPECT_EQ(sources.usable[0].reach, 3U);
  EXPECT_EQ(sources.usable[1].origin, Origin::kBackend);
  EXPECT_EQ(sources.usable[1].index, 2U);
  EXPECT_EQ(sources.usable[1].reach, 3U);
  EXPECT_EQ(sources.backend_unusable, "");
}

TEST(Sources, LeaveOutADamagedBackend) {
  StoryFolder data;
  data.story.Put("a", "1").Put("b", "2");
  std::string db = data.Builder().Build();
  db.resize(db.size() - 4096);
  data.folder.Write("data/member/snap/db", db);
  data.WriteLog(3);
  const Sources sources = SourcesOf(data.Load(), 3);
  ASSERT_EQ(sources.usable.size(), 1U);
  EXPECT_EQ(sources.usable[0].origin, Origin::kLog);
  EXPECT_TRUE(sources.backend_unusable.starts_with("is damaged")) << sources.backend_unusable;
}

TEST(Sources, LeaveOutABackendThatTheLogContradicts) {
  StoryFolder data;
  data.story.Put("a", "right").Put("b", "2").Put("c", "3");
  std::string db = data.Builder().Build();
  db[db.find("right")] = 'l';
  data.folder.Write("data/member/snap/db", db);
  data.WriteLog(4);
  const Sources sources = SourcesOf(data.Load(), 4);
  EXPECT_EQ(sources.backend_unusable, "is damaged (MVCC-LOG-MISMATCH)");
}

TEST(Sources, NeedTheBeginningOfTheLogForNothing) {
  StoryFolder data(support::KeySpace().Put("old", "1"), 10);
  data.story.Put("a", "1");
  data.WriteLog(11);
  EXPECT_TRUE(SourcesOf(data.Load(), 11).usable.empty());
}

TEST(Extent, OfTheOnlyVoterIsAllThatItHolds) {
  StoryFolder data;
  data.story.Put("a", "1").Put("b", "2");
  data.WriteLog(2);
  EXPECT_EQ(ExtentOf(data.Load()).committed, 3U);
}

TEST(Extent, NamesSegmentsOfAnotherMember) {
  StoryFolder data;
  data.story.Put("a", "1").Put("b", "2");
  data.WriteLog(2);
  member::MemberState state = data.Load();
  EXPECT_TRUE(ExtentOf(state).foreign.empty());
  state.log.segments.back().foreign = true;
  EXPECT_EQ(ExtentOf(state).foreign, std::vector<std::string>{state.log.segments.back().file});
}

TEST(Extent, OfOneOfSeveralIsWhatWasCommitted) {
  StoryFolder data;
  data.story.log().Entry(1, 2, StoryFolder::AddNode(2), 1).Put(2, 3, "a", "1").Put(2, 4, "b", "2");
  data.WriteLog(3);
  const Extent extent = ExtentOf(data.Load());
  EXPECT_EQ(extent.committed, 3U);
  EXPECT_EQ(extent.last, 4U);
}

}  // namespace
}  // namespace etcdmedic::recover
