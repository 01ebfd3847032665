// SPDX-License-Identifier: Apache-2.0
// The backend made of the log alone, planned, applied, verified, and taken back.
#include <gtest/gtest.h>

#include "support/mended_member.h"

namespace etcdmedic::plan {
namespace {

using support::ExpectMended;
using support::PageOf;
using support::StoryMember;
using support::Titles;

TEST(PlanFromLog, IsNotBuiltFromALogWithoutItsBeginning) {
  StoryMember member;
  member.db->replace(PageOf(*member.db, bolt::PageUse::kLeaf) * 4096, 4096, 4096, '\0');
  member.Fill();
  const Plan whole = member.MakePlan();
  EXPECT_EQ(whole.steps.size(), 1U) << Titles(whole);
  // A restore has made such a log: what the backend holds no entry has made.
  StoryMember restored;
  restored.db = member.db;
  support::WalBuilder log;
  log.Snapshot(0, 0).Entry(1, 1, std::string("\x08\x00\x10\x00\x18\x01", 6), 1).State(1, 1, 1);
  restored.log = log.Snapshot(1, 1).Zeros(8192).bytes();
  restored.Fill();
  EXPECT_EQ(Titles(restored.MakePlan()).find("the damaged db"), std::string::npos);
  EXPECT_EQ(Titles(restored.MakePlan()).find("from the log"), std::string::npos);
}

TEST(PlanFromLog, WritesItFromALogThatHoldsEverything) {
  for (const bool lost : {false, true}) {
    StoryMember member;
    if (lost) {
      member.db.reset();
    } else {
      member.db->replace(PageOf(*member.db, bolt::PageUse::kLeaf) * 4096, 4096, 4096, '\0');
    }
    ExpectMended(member, "safe: write db from the log, entries 1 to 62");
  }
}

// Its hash is made when the entry is applied, and is another one each time.
TEST(PlanFromLog, IsLeftToEtcdWhereAPasswordIsInTheClear) {
  StoryMember member;
  const std::string user =
      "\x0a\x03"
      "ann"
      "\x12\x03"
      "pwd";  // name, password
  support::Story story(support::KeySpace(), 1);
  story.log().Snapshot(0, 0).Entry(1, 1, std::string("\x08\x00\x10\x00\x18\x01", 6), 1);
  story.Put("a", "1").Request(1100, user).log().State(2, 1, 3).Zeros(8192);
  member.log = story.log().bytes();
  member.db->replace(0, 8192, 8192, '\0');
  member.db->replace(PageOf(*StoryMember().db, bolt::PageUse::kLeaf) * 4096, 4096, 4096, '\0');
  member.Fill();
  const Plan plan = member.MakePlan();
  EXPECT_EQ(Titles(plan),
            "safe: set the damaged db and every .snap aside, so that etcd makes the db again\n");
  ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
  EXPECT_EQ(member.Verify().prediction.outcome, startup::Outcome::kStarts);
}

}  // namespace
}  // namespace etcdmedic::plan
