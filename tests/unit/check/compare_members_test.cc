// SPDX-License-Identifier: Apache-2.0
#include "check/compare_members.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "check/compare_content.h"

namespace etcdmedic::check {
namespace {

using diag::Code;
using diag::Severity;

// A sound member of three; its log ends at `last` of `term`, committed up to `commit`.
MemberFacts Member(uint64_t id, uint64_t term, uint64_t last, uint64_t commit) {
  MemberFacts facts;
  facts.path = "m" + std::to_string(id);
  facts.name = facts.path;
  facts.id = id;
  facts.cluster_id = 0xC1;
  facts.first_index = 1;
  facts.last = {term, last};
  facts.term = term;
  facts.commit = commit;
  facts.applied = commit;
  facts.revision = static_cast<int64_t>(commit);
  facts.outcome = startup::Outcome::kStarts;
  facts.sound = true;
  facts.voters = {1, 2, 3};
  facts.config_index = commit;
  return facts;
}

Comparison Compare(std::vector<MemberFacts> members, const raft::Elections& elections = {}) {
  Comparison comparison = CompareFacts(std::move(members), elections);
  Conclude(comparison);
  return comparison;
}

const diag::Finding* Find(const Comparison& comparison, Code code, const std::string& path = "") {
  const auto found = std::ranges::find_if(comparison.findings, [&](const auto& finding) {
    return finding.code == code && (path.empty() || finding.where.file == path);
  });
  return found == comparison.findings.end() ? nullptr : &*found;
}

std::string AdviceOf(const Comparison& comparison) {
  std::string all;
  for (const std::string& line : Advice(comparison)) all += line + "\n";
  return all;
}

TEST(CompareMembers, FindsNothingWhereAllAgree) {
  const Comparison all = Compare({Member(1, 2, 63, 63), Member(2, 2, 63, 62), Member(3, 2, 60, 60)});
  EXPECT_TRUE(all.sound());
  EXPECT_EQ(all.start_from, 0U);
  EXPECT_EQ(all.standings[0].election, Chance::kYes);
  EXPECT_EQ(all.standings[2].election, Chance::kNo);
  EXPECT_EQ(all.commit, 63U);
}

TEST(CompareMembers, ElectsByTheTermOfTheLastEntryBeforeItsIndex) {
  const Comparison all = Compare({Member(1, 2, 90, 60), Member(2, 3, 70, 60), Member(3, 2, 80, 60)});
  EXPECT_EQ(all.standings[0].election, Chance::kYes);  // with the vote of m3
  EXPECT_EQ(all.standings[1].election, Chance::kYes);
  EXPECT_EQ(all.standings[2].election, Chance::kNo);
  EXPECT_EQ(all.start_from, 1U);
}

TEST(CompareMembers, CountsVotersThatWereNotGivenAsUnknown) {
  const Comparison two = Compare({Member(1, 2, 63, 63), Member(2, 2, 60, 60)});
  EXPECT_EQ(two.standings[0].election, Chance::kYes);
  EXPECT_EQ(two.standings[1].election, Chance::kDepends);
}

// Committed up to 63, and two of three end before: the third alone cannot have committed that.
TEST(CompareMembers, ProveALossThatTheQuorumDoesNotHold) {
  const Comparison all = Compare({Member(1, 2, 63, 63), Member(2, 2, 31, 31), Member(3, 2, 31, 31)});
  const diag::Finding* const finding = Find(all, Code::kClusterBehind, "m2");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::kError);
  EXPECT_NE(finding->message.find("tocommit(63) is out of range [lastIndex(31)]"), std::string::npos);
  EXPECT_TRUE(all.standings[1].lost_entries);
  EXPECT_EQ(all.start_from, 0U);
  EXPECT_NE(AdviceOf(all).find("etcdctl member remove 2"), std::string::npos);
}

TEST(CompareMembers, WarnOfAMemberThatMayHaveBeenPutBack) {
  const Comparison two = Compare({Member(1, 2, 63, 63), Member(2, 2, 31, 31)});
  const diag::Finding* const finding = Find(two, Code::kClusterBehind, "m2");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::kWarning);
  EXPECT_NE(finding->message.find("tocommit(63) is out of range [lastIndex(31)]"), std::string::npos);
  EXPECT_EQ(two.standings[1].behind, 32U);
  EXPECT_FALSE(two.sound());
  EXPECT_NE(AdviceOf(two).find("start from m1"), std::string::npos);
}

TEST(CompareMembers, WhatIsInFlightIsOnlyANote) {
  const Comparison all = Compare({Member(1, 2, 63, 63), Member(2, 2, 60, 60), Member(3, 2, 63, 63)});
  ASSERT_NE(Find(all, Code::kClusterBehind, "m2"), nullptr);
  EXPECT_EQ(Find(all, Code::kClusterBehind, "m2")->severity, Severity::kNote);
  EXPECT_TRUE(all.sound());
}

// Who led a term has written all of its entries.
TEST(CompareMembers, ProveALossByTheTermThatTheMemberLed) {
  raft::Elections elections;
  raft::Term term;
  term.term = 2;
  term.votes = {{1, 2}};  // m1 voted for m2, which voted for itself
  term.last_entry = 63;
  elections.terms.push_back(term);
  const Comparison all =
      Compare({Member(1, 2, 63, 63), Member(2, 2, 31, 31), Member(3, 2, 63, 63)}, elections);
  ASSERT_NE(Find(all, Code::kClusterBehind, "m2"), nullptr);
  EXPECT_EQ(Find(all, Code::kClusterBehind, "m2")->severity, Severity::kError);
}

TEST(CompareMembers, KeepAMemberOfAnotherClusterApart) {
  std::vector<MemberFacts> members = {Member(1, 2, 63, 63), Member(2, 2, 63, 63), Member(3, 9, 900, 900)};
  members[2].cluster_id = 0xC2;
  const Comparison all = Compare(members);
  EXPECT_FALSE(all.same_cluster);
  ASSERT_NE(Find(all, Code::kClusterForeign, "m3"), nullptr);
  EXPECT_EQ(all.commit, 63U);
  EXPECT_EQ(all.start_from, 0U);
  EXPECT_EQ(Find(all, Code::kClusterBehind), nullptr);
}

TEST(CompareMembers, NameTheNewerOfTwoDirectoriesOfOneMember) {
  std::vector<MemberFacts> members = {Member(1, 2, 31, 31), Member(1, 2, 63, 63)};
  members[0].path = "old";
  members[1].path = "new";
  const Comparison all = Compare(members);
  const diag::Finding* const finding = Find(all, Code::kClusterDuplicate);
  ASSERT_NE(finding, nullptr);
  EXPECT_NE(finding->message.find("new has the newer log"), std::string::npos);
  EXPECT_EQ(all.start_from, 1U);
}

TEST(CompareMembers, NameARemovedMember) {
  std::vector<MemberFacts> members = {Member(1, 2, 63, 63), Member(4, 2, 50, 50)};
  members[0].removed = {4};
  members[1].voters = {1, 2, 3, 4};
  const Comparison all = Compare(members);
  ASSERT_NE(Find(all, Code::kClusterRemoved, "m4"), nullptr);
  EXPECT_EQ(all.standings[1].role, Role::kRemoved);
  EXPECT_EQ(Find(all, Code::kClusterBehind), nullptr);
  EXPECT_NE(AdviceOf(all).find("do not start m4"), std::string::npos);
}

TEST(CompareMembers, SayWhenNoQuorumStarts) {
  std::vector<MemberFacts> members = {Member(1, 2, 63, 63), Member(2, 2, 63, 63), Member(3, 2, 63, 63)};
  for (const size_t at : {1U, 2U}) {
    members[at].outcome = startup::Outcome::kPanics;
    members[at].sound = false;
  }
  const Comparison all = Compare(members);
  ASSERT_NE(Find(all, Code::kClusterQuorum), nullptr);
  EXPECT_EQ(all.start_from, 0U);
  EXPECT_NE(AdviceOf(all).find("--force-new-cluster"), std::string::npos);
  EXPECT_EQ(all.standings[0].election, Chance::kNo);
}

TEST(CompareMembers, NameTheOneToRepairWhereNoneStarts) {
  std::vector<MemberFacts> members = {Member(1, 2, 63, 63), Member(2, 2, 65, 63)};
  for (MemberFacts& member : members) {
    member.outcome = startup::Outcome::kExits;
    member.sound = false;
  }
  const Comparison all = Compare(members);
  EXPECT_FALSE(all.start_from);
  EXPECT_NE(AdviceOf(all).find("`etcdmedic repair m2`"), std::string::npos);
}

EntryPrints Prints(uint64_t first, std::vector<EntryPrint> entries) { return {first, std::move(entries)}; }

TEST(CompareMembers, FindAnotherEntryAtTheSameIndexAndTerm) {
  Comparison all = CompareFacts({Member(1, 2, 4, 4), Member(2, 2, 4, 4), Member(3, 2, 4, 4)}, {});
  ComparePrints({Prints(1, {{1, 11}, {2, 12}, {2, 13}, {2, 14}}),
                 Prints(1, {{1, 11}, {2, 12}, {2, 99}, {2, 98}}), Prints(3, {{2, 13}, {2, 14}})},
                all);
  ASSERT_EQ(all.findings.size(), 1U);
  EXPECT_EQ(all.findings[0].code, Code::kClusterConflict);
  EXPECT_EQ(all.findings[0].where.file, "m2");
  EXPECT_NE(all.findings[0].message.find("entry 3 of term 2"), std::string::npos);
  EXPECT_TRUE(all.standings[1].contradicts);
}

// Indexes come from files: what is between two logs that do not overlap is not walked.
TEST(CompareMembers, LogsFarApartTakeNoTime) {
  Comparison all = CompareFacts({Member(1, 2, 4, 4), Member(2, 2, 4, 4)}, {});
  ComparePrints({Prints(1, {{1, 11}}), Prints(~uint64_t{0} - 9, {{1, 12}})}, all);
  EXPECT_TRUE(all.findings.empty());
}

TEST(CompareMembers, TwoCommittedHistoriesContradict) {
  const std::vector<EntryPrints> prints = {Prints(1, {{1, 11}, {2, 12}}), Prints(1, {{1, 11}, {3, 22}})};
  Comparison committed = CompareFacts({Member(1, 2, 2, 2), Member(2, 3, 2, 2)}, {});
  ComparePrints(prints, committed);
  EXPECT_NE(Find(committed, Code::kClusterConflict), nullptr);
  // What one of them has not committed is replaced when they meet.
  Comparison pending = CompareFacts({Member(1, 2, 2, 1), Member(2, 3, 2, 2)}, {});
  ComparePrints(prints, pending);
  EXPECT_EQ(Find(pending, Code::kClusterConflict), nullptr);
}

}  // namespace
}  // namespace etcdmedic::check
