// SPDX-License-Identifier: Apache-2.0
// The steps of a start from raft's state on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "startup/predict.h"
#include "support/startup_member.h"

namespace etcdmedic::startup {
namespace {

using diag::Code;
using support::BigEndian64;
using support::StartupMember;
using support::WalBuilder;
using testing::HasSubstr;

constexpr EtcdVersion k35{3, 5}, k36{3, 6}, k37{3, 7};

// A log of one segment, and a backend that has applied `applied` of it.
StartupMember Of(const WalBuilder& log, uint64_t applied) {
  StartupMember member;
  member.segments = {{StartupMember::kFirst, WalBuilder(log).Zeros(4096).bytes()}};
  member.space = support::KeySpace();
  member.space.Put("/a", "1").Meta("consistent_index", BigEndian64(applied)).Meta("term", BigEndian64(2));
  return member;
}

// Entries 1 to 3: the first member, the leader's own, a put.
WalBuilder Founded() {
  return WalBuilder()
      .Snapshot(0, 0)
      .Entry(1, 1, StartupMember::AddNode(1), 1)
      .Entry(2, 2, "")
      .Put(2, 3, "/a", "1");
}

TEST(PredictRaft, StartsOnWhatFitsTogether) {
  for (const EtcdVersion version : KnownVersions())
    EXPECT_EQ(NameOf(Of(Founded().State(2, 1, 3), 3).Predict(version).outcome), "starts");
}

TEST(PredictRaft, PanicsWhereTheCommitIsBeyondTheLog) {
  const Prediction prediction = Of(Founded().State(2, 1, 20), 3).Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kPanics);
  EXPECT_EQ(prediction.message, "state.commit 20 is out of range [0, 3]");
}

TEST(PredictRaft, HangsWhereTheBackendIsAheadByMoreThanOneEntry) {
  EXPECT_EQ(Of(Founded().State(2, 1, 3), 4).Predict(k36).outcome, Outcome::kStarts) << "its own next entry";
  const Prediction prediction = Of(Founded().State(2, 1, 3), 5).Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kHangs);
  EXPECT_THAT(prediction.explanation, HasSubstr("ignores every new entry up to 5"));
}

TEST(PredictRaft, PanicsAtARequestThatDoesNotDecode) {
  const Prediction prediction = Of(Founded().Entry(2, 4, "\xFF\xFF\xFF").State(2, 1, 4), 4).Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kPanics);
  EXPECT_EQ(prediction.message, "unmarshal should never fail");
  EXPECT_THAT(prediction.explanation, HasSubstr("entry 4"));
}

TEST(PredictRaft, ExitsWhereAnEntryRemovesTheMember) {
  const std::string removal("\x08\x00\x10\x01\x18\x01", 6);
  const Prediction prediction = Of(Founded().Entry(2, 4, removal, 1).State(2, 1, 4), 4).Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kExits);
  EXPECT_EQ(prediction.message, "the member has been permanently removed from the cluster");
}

TEST(PredictRaft, LosesEntriesAfterAZeroedLength) {
  StartupMember member;
  member.space = support::KeySpace();
  member.space.Put("/a", "1").Meta("consistent_index", BigEndian64(7)).Meta("term", BigEndian64(2));
  const auto& eighth = member.Frame(StartupMember::kLast, 4);
  member.segments[StartupMember::kLast].replace(eighth.offset, 8, 8, '\0');
  const Prediction prediction = member.Predict(k36);
  EXPECT_EQ(NameOf(prediction.outcome), "starts-loses") << prediction.explanation;
  EXPECT_THAT(prediction.explanation, HasSubstr("etcd stops reading at entry 7; entries up to 9"));
}

struct FindingCase {
  Code code;
  diag::Severity severity;
  Outcome outcome;
};

TEST(PredictRaft, ServesWrongWhereWhatWasFoundIsServed) {
  const FindingCase cases[] = {
      {Code::kMvccHistory, diag::Severity::kError, Outcome::kStartsWrong},
      {Code::kMvccHistory, diag::Severity::kNote, Outcome::kStarts},
      {Code::kMvccTombstone, diag::Severity::kWarning, Outcome::kStartsWrong},
      {Code::kMvccAlarmActive, diag::Severity::kWarning, Outcome::kStarts},
      {Code::kMvccConfState, diag::Severity::kError, Outcome::kStarts},
  };
  for (const FindingCase& each : cases) {
    StartupMember member;
    member.Load();
    const diag::Finding finding{each.code, {"member/snap/db", 0}, 0, "told", each.severity};
    const Prediction prediction = PredictStart(member.state, k36, {finding});
    EXPECT_EQ(NameOf(prediction.outcome), NameOf(each.outcome)) << InfoOf(each.code).name;
    if (each.outcome == Outcome::kStartsWrong) {
      EXPECT_THAT(prediction.explanation, HasSubstr("told"));
    }
  }
}

TEST(PredictRaft, RefusesAClusterVersionThatAnEntrySets) {
  const std::string set_version = std::string("\xA2\x51\x07\x0A\x05") + "3.7.0";  // field 1300
  const WalBuilder log = Founded().Entry(2, 4, set_version).State(2, 1, 4);
  EXPECT_EQ(Of(log, 3).Predict(k36).message,
            "invalid downgrade; server version is lower than determined cluster version");
  EXPECT_EQ(Of(log, 4).Predict(k36).outcome, Outcome::kStarts) << "the backend has it already";
  EXPECT_EQ(Of(log, 4).Predict(k35).outcome, Outcome::kExits) << "3.5 applies it again";
  EXPECT_EQ(Of(log, 3).Predict(k37).outcome, Outcome::kStarts);
}

}  // namespace
}  // namespace etcdmedic::startup
