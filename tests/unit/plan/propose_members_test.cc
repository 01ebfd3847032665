// SPDX-License-Identifier: Apache-2.0
// Members and alarms changed in the backend of a directory on the disk.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/story_member.h"

namespace etcdmedic::plan {
namespace {

using support::StoryMember;

// Of three members; `change` sees the backend before it is written.
void WithThree(StoryMember& member, const std::function<void(support::DbBuilder&)>& change = {}) {
  auto builder = member.story.Db();
  builder.Add("meta", "term", support::BigEndian64(2));
  for (const char* id : {"1", "2", "3"})
    builder.Add(
        "members", id,
        std::string(R"({"id":)") + id + R"(,"peerURLs":["http://)" + id + R"("],"name":"m)" + id + "\"}");
  if (change) change(builder);
  member.db = builder.Build();
  member.Fill();
}

std::vector<uint64_t> IdsOf(const member::MemberState& state) {
  std::vector<uint64_t> ids;
  for (const cluster::Member& each : state.backend->membership.members) ids.push_back(each.id);
  return ids;
}

std::string Titles(const Plan& plan) {
  std::string titles;
  for (const Step& step : plan.steps)
    titles += (step.safety == Safety::kSafe ? "safe: " : "lossy: ") + step.title + "\n";
  return titles;
}

void ExpectTakenBack(const StoryMember& member, const std::map<std::string, std::string>& before) {
  ASSERT_TRUE(Undo(member.journal()));
  EXPECT_TRUE(member.Files() == before);
}

TEST(PlanMembers, MakesOneTheOnlyOne) {
  StoryMember member;
  WithThree(member);
  const auto before = member.Files();
  EXPECT_EQ(Titles(member.MakePlan()), "") << "only on request";
  const Plan plan = member.MakePlan({.new_cluster = true, .cluster_id = 0xABC});
  EXPECT_NE(Titles(plan).find("make 1 the only member, of cluster abc"), std::string::npos) << Titles(plan);
  ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
  const auto after = member.Load();
  EXPECT_EQ(IdsOf(after), std::vector<uint64_t>{1});
  EXPECT_EQ(after.backend->membership.removed, (std::vector<uint64_t>{2, 3}));
  EXPECT_EQ(after.log.metadata, (raft::Metadata{1, 0xABC}));
  ASSERT_FALSE(after.snapshots.empty());
  EXPECT_EQ(after.snapshots[0].content->conf_state.voters, std::vector<uint64_t>{1});
  EXPECT_EQ(after.backend->revision, member.story.revision());
  EXPECT_TRUE(member.Verify().sound());
  ExpectTakenBack(member, before);
}

TEST(PlanMembers, DropsOneThatIsLost) {
  StoryMember member;
  WithThree(member);
  const auto before = member.Files();
  const Plan plan = member.MakePlan({.drop_members = {3}});
  EXPECT_NE(Titles(plan).find("drop member 3 from the cluster"), std::string::npos) << Titles(plan);
  ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
  const auto after = member.Load();
  EXPECT_EQ(IdsOf(after), (std::vector<uint64_t>{1, 2}));
  EXPECT_EQ(after.snapshots.at(0).content->conf_state.voters, (std::vector<uint64_t>{1, 2}));
  ExpectTakenBack(member, before);
}

TEST(PlanMembers, DropsNeitherItselfNorAStranger) {
  StoryMember member;
  WithThree(member);
  EXPECT_EQ(Titles(member.MakePlan({.drop_members = {1}})), "");
  const Plan plan = member.MakePlan({.drop_members = {9}});
  EXPECT_EQ(Titles(plan), "");
  EXPECT_NE(std::ranges::find(plan.advice, "9 is not a member, so it was not dropped"), plan.advice.end());
}

TEST(PlanMembers, RefusesALogFromTheBackendOfOneOfSeveral) {
  StoryMember member;
  member.has_log = false;
  WithThree(member);
  const Plan plan = member.MakePlan();
  EXPECT_EQ(Titles(plan), "");
  ASSERT_FALSE(plan.advice.empty());
  EXPECT_NE(plan.advice.front().find("etcdctl member remove"), std::string::npos) << plan.advice.front();
}

TEST(PlanAlarms, ClearsThemOnRequestAndThoseOfNobody) {
  StoryMember member;
  auto builder = member.story.Db();
  builder.Add("meta", "term", support::BigEndian64(2))
      .Add("members", "1", R"({"id":1,"peerURLs":["http://a"]})");
  builder.Add("alarm", "\x08\x01\x10\x01", "").Add("alarm", "\x08\x09\x10\x01", "");
  member.db = builder.Build();
  member.Fill();
  const auto before = member.Files();
  EXPECT_EQ(Titles(member.MakePlan()), "safe: clear 1 of 2 alarms in db\n");
  const Plan plan = member.MakePlan({.clear_alarms = true});
  EXPECT_EQ(Titles(plan), "safe: clear 2 of 2 alarms in db\n");
  ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
  EXPECT_TRUE(member.Load().backend->alarms.empty());
  ExpectTakenBack(member, before);
}

TEST(HealMembers, WritesARecordAgainThatTheLogHas) {
  StoryMember member;
  WithThree(member, [](support::DbBuilder& builder) { builder.Entries("members")[1].second = ""; });
  const Plan plan = member.MakePlan();
  EXPECT_EQ(Titles(plan), "safe: remove the empty record of member 2 from db\n") << "the log names one voter";
}

}  // namespace
}  // namespace etcdmedic::plan
