// SPDX-License-Identifier: Apache-2.0
#include "check/member_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/startup_member.h"

namespace etcdmedic::check {
namespace {

using support::StartupMember;
using testing::ElementsAre;
using testing::IsEmpty;

MemberFacts Facts(StartupMember& member) { return FactsOf(member.Load(), Report{}); }

TEST(MemberFacts, AreWhatTheFilesSay) {
  StartupMember member;
  member.db = member.Builder()
                  .Add("members", "2", R"({"id":2,"peerURLs":["http://b"],"name":"two","isLearner":true})")
                  .Build();
  const MemberFacts facts = Facts(member);
  EXPECT_EQ(facts.id, 1U);
  EXPECT_EQ(facts.cluster_id, 2U);
  EXPECT_EQ(facts.first_index, 1U);
  EXPECT_EQ(facts.last, (LogPlace{2, 9}));
  EXPECT_EQ(facts.term, 2U);
  EXPECT_EQ(facts.applied, 9U);
  EXPECT_EQ(facts.commit, 9U) << "what was applied was committed, though the last state says 6";
  EXPECT_EQ(facts.revision, 8);
  EXPECT_THAT(facts.voters, ElementsAre(1U));
  EXPECT_THAT(facts.learners, ElementsAre(2U));
  EXPECT_EQ(facts.config_index, 9U);
}

TEST(MemberFacts, NameAMemberByItsPathWhereTheBackendDoesNot) {
  StartupMember member;
  member.Load().layout.given = "/data";
  EXPECT_EQ(FactsOf(member.state, Report{}).name, "/data");
  member.db = support::KeySpace(member.space)
                  .Builder()
                  .Add("members", "1", R"({"id":1,"peerURLs":["http://a"],"name":"one"})")
                  .Build();
  EXPECT_EQ(Facts(member).name, "one");
}

// Without a backend the log's changes of members count, those that are committed.
TEST(MemberFacts, TakeMembersFromTheLogWhereThereIsNoBackend) {
  const std::string add("\x08\x00\x10\x00\x18\x02", 6), learner("\x08\x00\x10\x03\x18\x03", 6),
      remove("\x08\x00\x10\x01\x18\x02", 6);
  support::WalBuilder log;
  log.Snapshot(0, 0).Entry(1, 1, StartupMember::AddNode(1), 1).Entry(2, 2, add, 1).Entry(2, 3, learner, 1);
  const auto facts = [&](uint64_t commit) {
    StartupMember member;
    member.has_db = false;
    member.segments = {
        {StartupMember::kFirst,
         support::WalBuilder(log).Entry(2, 4, remove, 1).State(2, 1, commit).Zeros(600).bytes()}};
    return Facts(member);
  };
  EXPECT_THAT(facts(3).voters, ElementsAre(1U, 2U));
  EXPECT_THAT(facts(3).learners, ElementsAre(3U));
  EXPECT_THAT(facts(3).removed, IsEmpty());
  EXPECT_THAT(facts(4).voters, ElementsAre(1U));
  EXPECT_THAT(facts(4).removed, ElementsAre(2U));
  EXPECT_EQ(facts(4).config_index, 4U);
  EXPECT_EQ(facts(4).applied, 0U);
}

TEST(MemberFacts, EndWithTheSnapshotWhereNoEntryFollowsIt) {
  StartupMember member;
  support::WalBuilder log;
  member.segments = {{StartupMember::kFirst, log.Snapshot(50, 7).State(7, 1, 50).Zeros(600).bytes()}};
  member.has_db = false;
  member.Load();
  member::SnapFile file;
  file.content.emplace();
  file.content->index = 50;
  file.content->term = 7;
  file.content->conf_state.voters = {1, 4};
  member.state.snapshots.push_back(file);
  const MemberFacts facts = FactsOf(member.state, Report{});
  EXPECT_EQ(facts.last, (LogPlace{7, 50}));
  EXPECT_EQ(facts.commit, 50U);
  EXPECT_THAT(facts.voters, ElementsAre(1U, 4U));
  EXPECT_EQ(facts.config_index, 50U);
}

}  // namespace
}  // namespace etcdmedic::check
