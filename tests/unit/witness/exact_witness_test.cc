// SPDX-License-Identifier: Apache-2.0
#include "witness/exact_witness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/replayed.h"
#include "support/story.h"

namespace etcdmedic::witness {
namespace {

using diag::Code;
using support::Story;

class ExactWitnessTest : public testing::Test {
 protected:
  WitnessReport Compare(const std::string& db, uint64_t applied) {
    const std::vector<std::string> segments{story_.log().bytes()};
    const support::Replayed log(segments);
    diag::FindingList found;
    const auto store = mvcc::Store::Open(AsBytes(db), "db", found);
    WitnessReport report;
    CompareWithReplay({log.log, log.entries, *store, applied}, report);
    return report;
  }
  std::vector<Code> CodesOf(const std::string& db) {
    std::vector<Code> codes;
    for (const diag::Finding& each : Compare(db, story_.index()).findings) codes.push_back(each.code);
    return codes;
  }
  // The backend of the story, which grants lease 7 for 60 seconds.
  support::DbBuilder Db() {
    return story_.Db().Add("lease", support::BigEndian64(7), std::string("\x08\x07\x10\x3c", 4));
  }

  ExactWitnessTest() {
    story_.Put("a", "1").Grant(7).Put("b", "second", 7).Put("a", "3").Delete("b").Put("c", "4");
  }
  Story story_;
};

TEST_F(ExactWitnessTest, ProvesABackendThatIsRight) {
  const WitnessReport report = Compare(Db().Build(), story_.index());
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.proven.size(), 1U);
  EXPECT_EQ(report.proven[0].begin, 2);
  EXPECT_EQ(report.proven[0].end, story_.revision() + 1);
}

// From a backend that is older, where the log has lost its beginning.
class FromABase : public testing::Test {
 protected:
  FromABase() {
    support::KeySpace before;
    for (int i = 0; i < 9; ++i) before.Put("key" + std::to_string(i % 3), "old" + std::to_string(i));
    story_.emplace(std::move(before), 30);
    base_ = story_->Db().Build();
    story_->Put("key1", "new").Delete("key2").Put("key3", "more").Put("key2", "back");
  }
  WitnessReport Compare(const std::string& db, const std::string& base) {
    const std::vector<std::string> segments{story_->log().bytes()};
    const support::Replayed log(segments);
    diag::FindingList found;
    const auto store = mvcc::Store::Open(AsBytes(db), "db", found);
    const auto older = mvcc::Store::Open(AsBytes(base), "base", found);
    WitnessReport report;
    CompareWithReplay({log.log, log.entries, *store, story_->index(), &*older, 30}, report);
    return report;
  }
  std::optional<Story> story_;
  std::string base_;
};

TEST_F(FromABase, ProvesWhatCameAfterIt) {
  const WitnessReport report = Compare(story_->Db().Build(), base_);
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.proven.size(), 1U);
  EXPECT_EQ(report.proven[0].begin, 11);
  EXPECT_EQ(report.proven[0].end, 15);
  story_->Compact(12);
  EXPECT_EQ(Compare(story_->Db().Build(), base_).proven.size(), 1U);
}

TEST_F(FromABase, SeesARecordThatTheLogMakesOtherwise) {
  std::string db = story_->Db().Build();
  char& flipped = db[db.find("more")];
  flipped = static_cast<char>(flipped ^ 1);
  const WitnessReport report = Compare(db, base_);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].code, Code::kMvccLogMismatch);
}

// Which of the two is wrong, nothing tells.
TEST_F(FromABase, SaysNothingWhereTheOlderRecordsDiffer) {
  std::string base = base_;
  char& flipped = base[base.find("old8")];
  flipped = static_cast<char>(flipped ^ 1);
  const WitnessReport report = Compare(story_->Db().Build(), base);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_TRUE(report.proven.empty());
}

TEST_F(ExactWitnessTest, ProvesItAfterACompactionToo) {
  story_.Compact(4);
  EXPECT_EQ(Compare(Db().Build(), story_.index()).proven.size(), 1U);
}

TEST_F(ExactWitnessTest, SeesEveryByteOfARecord) {
  std::string db = Db().Build();
  const size_t value = db.find("second");
  for (size_t at = value - 11; at < value + 8; ++at) {
    std::string damaged = db;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const auto codes = CodesOf(damaged);
    EXPECT_EQ(codes, std::vector<Code>{Code::kMvccLogMismatch}) << at - value;
  }
}

TEST_F(ExactWitnessTest, SeesALeaseThatIsMissingOrWrong) {
  EXPECT_EQ(CodesOf(story_.Db().Build()), std::vector<Code>{Code::kMvccStateMismatch});
  const std::string other = std::string("\x08\x07\x10\x3d", 4);
  EXPECT_EQ(CodesOf(story_.Db().Add("lease", support::BigEndian64(7), other).Build()),
            std::vector<Code>{Code::kMvccStateMismatch});
  EXPECT_EQ(CodesOf(Db().Add("alarm", std::string("\x08\x01\x10\x01", 4), "").Build()),
            std::vector<Code>{Code::kMvccStateMismatch});
}

TEST_F(ExactWitnessTest, AllowsBucketsThatAreAheadOfTheIndex) {
  const std::string db = Db().Build();
  const uint64_t applied = story_.index();
  story_.Revoke(7, {});
  EXPECT_TRUE(Compare(db, applied).findings.empty()) << "the lease is still there";
  EXPECT_TRUE(Compare(story_.Db(applied).Build(), applied).findings.empty()) << "it is gone already";
}

TEST_F(ExactWitnessTest, SaysNothingWhereTheLogDoesNotHoldEverything) {
  EXPECT_FALSE(HoldsEverything(raft::Log(), 1));
  const WitnessReport report = Compare(story_.Db().Build(), story_.index() + 1);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_TRUE(report.proven.empty());
}

TEST_F(ExactWitnessTest, SaysNothingOfAnotherHistory) {
  Story other;
  other.Put("x", "1");
  EXPECT_TRUE(CodesOf(other.Db().Build()).empty()) << "the revisions differ: others report it";
}

}  // namespace
}  // namespace etcdmedic::witness
