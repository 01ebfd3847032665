// SPDX-License-Identifier: Apache-2.0
#include "raft/elections.h"

#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "support/wal_builder.h"

namespace etcdmedic::raft {
namespace {

using support::Varint;
using support::WalBuilder;
using testing::ElementsAre;

// The logs of a cluster's members, each a segment.
class Cluster {
 public:
  Cluster& Add(const WalBuilder& log) {
    bytes_.push_back(log.bytes());
    logs_.push_back(ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(bytes_.back())}}, 1));
    return *this;
  }
  Elections Find() const {
    std::vector<const Log*> logs;
    for (const Log& log : logs_) logs.push_back(&log);
    return FindElections(logs);
  }

 private:
  std::deque<std::string> bytes_;
  std::deque<Log> logs_;
};

WalBuilder Of(uint64_t node) { return WalBuilder(0, node); }

std::string Change(char type, uint64_t node, const std::string& context) {
  return std::string("\x08\x00\x10", 3) + type + "\x18" + Varint(node) + "\x22" + Varint(context.size()) +
         context;
}

const Term& At(const Elections& found, uint64_t term) {
  for (const Term& each : found.terms) {
    if (each.term == term) return each;
  }
  ADD_FAILURE() << "no term " << term;
  return found.terms.front();
}

TEST(Elections, NameTheLeaderThatAMajorityVotedFor) {
  const Elections found = Cluster()
                              .Add(Of(1).State(2, 1, 0).Entry(2, 1, "").Entry(2, 2, "x").State(2, 1, 2))
                              .Add(Of(2).State(2, 1, 0).Entry(2, 1, "").Entry(2, 2, "x"))
                              .Add(Of(3).State(2, 0, 0).Entry(2, 1, ""))
                              .Find();
  ASSERT_EQ(found.terms.size(), 1U);
  const Term& term = found.terms[0];
  EXPECT_EQ(term.term, 2U);
  EXPECT_EQ(term.leader, 1U);
  EXPECT_TRUE(term.leader_certain);
  EXPECT_EQ(term.first_index, 1U);
  EXPECT_EQ(term.first_entry, 1U);
  EXPECT_EQ(term.last_entry, 2U);
  ASSERT_EQ(term.votes.size(), 3U);
  EXPECT_EQ(term.votes[2].member, 3U);
  EXPECT_EQ(term.votes[2].candidate, 0U) << "it voted for nobody";
}

TEST(Elections, DoNotClaimALeaderOfATermWithoutEntries) {
  const Elections found =
      Cluster()
          .Add(Of(1).State(2, 1, 0).Entry(2, 1, "").State(3, 1, 1).State(4, 2, 1).Entry(4, 2, ""))
          .Find();
  ASSERT_EQ(found.terms.size(), 3U);
  EXPECT_EQ(At(found, 3).leader, 0U) << "a candidate that did not win";
  EXPECT_EQ(At(found, 3).votes.at(0).candidate, 1U);
  EXPECT_EQ(At(found, 4).leader, 2U);
}

TEST(Elections, AreNotCertainWithoutAMajority) {
  const Elections found = Cluster()
                              .Add(Of(1).State(5, 1, 0).Entry(5, 1, ""))
                              .Add(Of(2).State(5, 2, 0))
                              .Add(Of(3).State(5, 3, 0))
                              .Find();
  EXPECT_NE(At(found, 5).leader, 0U);
  EXPECT_FALSE(At(found, 5).leader_certain);
}

TEST(Elections, TakeTheLastVoteOfAMemberInATerm) {
  const Elections found =
      Cluster().Add(Of(1).State(2, 0, 0).State(2, 3, 0).State(2, 0, 1).Entry(2, 1, "")).Find();
  ASSERT_EQ(At(found, 2).votes.size(), 1U);
  EXPECT_EQ(At(found, 2).votes[0].candidate, 3U) << "a vote is never taken back";
}

TEST(Elections, ListMembershipChangesOnce) {
  const std::string context = R"({"id":7,"peerURLs":["http://a"],"name":"m1"})";
  const auto log = [&](uint64_t node) {
    return Of(node)
        .Entry(1, 1, Change(0, 7, context), 1)
        .Entry(1, 2, Change(3, 8, "{}"), 1)
        .Entry(1, 3, Change(0, 8, R"({"isPromote":true})"), 1)
        .Entry(2, 4, Change(2, 7, R"({"peerURLs":["http://b"]})"), 1)
        .Entry(2, 5, Change(1, 8, ""), 1)
        .Entry(2, 6, "\xFF", 1)
        .Entry(2, 7, "", 2);
  };
  const Elections found = Cluster().Add(log(7)).Add(log(8)).Find();
  std::vector<std::string> lines;
  for (const MembershipChange& change : found.membership) {
    lines.push_back(fmt::format("{}.{} {} {:x} {} {}", change.term, change.index, change.change,
                                change.member, change.name, fmt::join(change.peer_urls, ",")));
  }
  EXPECT_THAT(lines,
              ElementsAre("1.1 add 7 m1 http://a", "1.2 add-learner 8  ", "1.3 promote 8  ",
                          "2.4 update 7  http://b", "2.5 remove 8  ", "2.6 unknown 0  ", "2.7 joint 0  "));
}

TEST(Elections, AreNoneInAnEmptyLog) {
  const Elections none = FindElections({});
  EXPECT_TRUE(none.terms.empty());
  EXPECT_TRUE(Cluster().Add(Of(1)).Find().terms.empty());
}

TEST(Elections, AreNotCertainByHalfOfTheVotes) {
  const Elections found = Cluster()
                              .Add(Of(1).State(2, 1, 0).Entry(2, 1, "").State(2, 1, 1))
                              .Add(Of(2).State(2, 0, 0).Entry(2, 1, ""))
                              .Find();
  EXPECT_EQ(At(found, 2).leader, 1U);
  EXPECT_FALSE(At(found, 2).leader_certain);
}

}  // namespace
}  // namespace etcdmedic::raft
