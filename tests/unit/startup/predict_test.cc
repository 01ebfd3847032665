// SPDX-License-Identifier: Apache-2.0
// The predictor: what the log, the snapshot and the backend say goes in, how etcd ends comes out.
#include "startup/predict.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/wal_builder.h"

namespace etcdmedic::startup {
namespace {

using support::Varint;
using support::WalBuilder;

constexpr const char* kFirst = "0000000000000000-0000000000000000.wal";
constexpr EtcdVersion k34{3, 4}, k35{3, 5}, k36{3, 6}, k37{3, 7};

std::string Field(uint32_t number, const std::string& bytes) {
  return Varint(number << 3 | 2) + Varint(bytes.size()) + bytes;
}

// An entry of the v2 API, as etcd 3.5 writes it.
std::string V2(const std::string& method, const std::string& path, const std::string& value) {
  return "\x08\x01" + Field(2, method) + Field(3, path) + Field(4, value) + std::string("\x28\x00", 2);
}

std::string SetVersion(const std::string& version) { return Field(1300, Field(1, version)); }

std::string ChangeMembers(int type, uint64_t node) {
  return std::string("\x08\x00\x10", 3) + static_cast<char>(type) + "\x18" + Varint(node) +
         Field(4, "{\"id\":" + std::to_string(node) + ",\"peerURLs\":[\"http://a\"]}");
}

// A member of node 1 whose log founds the cluster and puts a few keys; all of it is applied.
struct Member {
  WalBuilder log;
  uint64_t last = 0;
  member::MemberState state;
  std::string bytes;

  Member() {
    log.Snapshot(0, 0);
    Add(1, ChangeMembers(0, 1));
    Add(0, "");
    state.layout.kind = member::Kind::kDataDir;
    state.layout.wal_dir = "wal";
    state.has_log = state.has_db = true;
    state.backend.emplace();
    state.backend->membership.members = {{1, {}, {}, {}, false}};
  }

  Member& Add(uint64_t type, const std::string& data) {
    log.Entry(2, ++last, data, type);
    return *this;
  }

  Prediction Predict(EtcdVersion version) {
    bytes = WalBuilder(log).State(2, 1, last).Zeros(600).bytes();
    state.log = raft::ReadLog({{kFirst, AsBytes(bytes)}}, 1);
    if (!state.backend->consistent_index) state.backend->consistent_index = last;
    return PredictStart(state, version, {});
  }
  Outcome OutcomeOf(EtcdVersion version) { return Predict(version).outcome; }
};

TEST(Predict, StartsOnASoundMember) {
  for (const EtcdVersion version : KnownVersions()) EXPECT_EQ(Member().OutcomeOf(version), Outcome::kStarts);
}

TEST(Predict, KnowsTheReleasesThatItPredictsFor) {
  EXPECT_TRUE(IsKnown(k34));
  EXPECT_TRUE(IsKnown(k37));
  EXPECT_FALSE(IsKnown(EtcdVersion{9, 9}));
  EXPECT_FALSE(IsKnown(EtcdVersion{3, 8}));
}

TEST(Predict, RefusesV2RequestsByRelease) {
  Member own;
  own.Add(0, V2("PUT", "/0/version", "3.5.0"));
  EXPECT_EQ(own.OutcomeOf(k35), Outcome::kStarts);
  EXPECT_EQ(own.OutcomeOf(k36), Outcome::kStarts);
  EXPECT_EQ(own.Predict(k37).message, "unmarshal should never fail");
  Member client;
  client.Add(0, V2("PUT", "/1/a", "b"));
  EXPECT_EQ(client.OutcomeOf(k35), Outcome::kStarts);
  EXPECT_EQ(client.Predict(k36).message, "detected disallowed v2 WAL for stage --v2-deprecation=write-only");
  EXPECT_EQ(client.OutcomeOf(k37), Outcome::kPanics);
}

TEST(Predict, RefusesToGoBackToAnOlderRelease) {
  Member newer;
  newer.state.backend->membership.cluster_version = "3.6.0";
  newer.Add(0, SetVersion("3.6.0"));
  EXPECT_EQ(newer.OutcomeOf(k34), Outcome::kStarts) << "3.4 does not know the request";
  EXPECT_EQ(newer.OutcomeOf(k35), Outcome::kExits);
  EXPECT_EQ(newer.OutcomeOf(k36), Outcome::kStarts);
  newer.state.backend->membership.cluster_version = "3.7.0";
  EXPECT_EQ(newer.OutcomeOf(k36), Outcome::kPanics);
  newer.state.backend->storage_version = "3.7.0";
  EXPECT_EQ(newer.Predict(k36).message, "version \"3.7.0\" is not supported");
}

TEST(Predict, LetsTheLogTellTheVersionWhereTheBackendDoesNot) {
  Member member;
  member.Add(0, SetVersion("3.7.0"));
  member.Predict(k36);
  EXPECT_EQ(GuessVersion(member.state), k37);
  member.state.backend->membership.cluster_version = "3.5.0";
  EXPECT_EQ(GuessVersion(member.state), k35);
  member.state.backend->storage_version = "3.6.0";
  EXPECT_EQ(GuessVersion(member.state), k36);
  member.state.backend->storage_version = "3.9.0";
  EXPECT_EQ(GuessVersion(member.state), k37) << "the nearest one known";
}

TEST(Predict, ExitsWhereTheMemberWasRemoved) {
  Member member;
  member.Add(1, ChangeMembers(1, 1));
  for (const EtcdVersion version : KnownVersions()) EXPECT_EQ(member.OutcomeOf(version), Outcome::kExits);
}

TEST(Predict, PanicsOnABackendOfAnotherMember) {
  Member member;
  member.state.backend->membership.members = {{2, {}, {}, {}, false}};
  member.state.backend->consistent_index = 2;
  EXPECT_EQ(member.OutcomeOf(k35), Outcome::kStarts) << "up to 3.5 the v2 store tells the members";
  EXPECT_EQ(member.Predict(k36).message, "failed to update; member unknown");
  EXPECT_EQ(member.OutcomeOf(k37), Outcome::kHangs);
}

TEST(Predict, LosesAllVotersWhereTheFirstMemberIsAddedTwice) {
  Member member;
  member.state.backend->consistent_index = 0;
  EXPECT_EQ(member.Predict(k36).message, "removed all voters");
  EXPECT_EQ(member.OutcomeOf(k37), Outcome::kStarts) << "3.7 takes the voters from the backend";
}

TEST(Predict, HangsWithoutALogWhereTheBackendIsAhead) {
  Member member;
  member.Predict(k36);
  member.state.log = {};
  member.state.layout.wal_dir.clear();
  member.state.has_log = false;
  member.state.backend->consistent_index = 300;
  EXPECT_EQ(PredictStart(member.state, k36, {}).outcome, Outcome::kHangs);
  member.state.backend->consistent_index = 1;
  EXPECT_NE(PredictStart(member.state, k36, {}).outcome, Outcome::kHangs);
}

TEST(Predict, PanicsWithoutTheSnapshotThatTheLogSpeaksOf) {
  Member member;
  member.Add(0, SetVersion("3.7.0"));
  member.log.Snapshot(3, 2);
  member.state.backend->consistent_index = 0;
  EXPECT_EQ(member.Predict(k37).message, "failed to recover v3 backend from snapshot");
  member.state.backend->consistent_index = 3;
  EXPECT_EQ(member.OutcomeOf(k37), Outcome::kStarts);
}

TEST(Predict, ExitsAtARecordOfAnUnknownType) {
  Member member;
  member.log.Record(67, "\x08\x01");
  EXPECT_EQ(member.Predict(k36).message, "unexpected block type 67");
}

TEST(Predict, NeverCallsABadEndGood) {
  for (const Outcome outcome : {Outcome::kStartsAndLoses, Outcome::kStartsWrong, Outcome::kHangs,
                                Outcome::kExits, Outcome::kPanics, Outcome::kUnknown}) {
    EXPECT_FALSE(IsGood(outcome)) << NameOf(outcome);
  }
  EXPECT_TRUE(IsGood(Outcome::kStarts));
  EXPECT_TRUE(IsGood(Outcome::kRepairsAndStarts));
}

TEST(EtcdVersion, IsReadFromAVersionAlone) {
  EXPECT_EQ(ParseEtcdVersion("3.6"), k36);
  EXPECT_EQ(ParseEtcdVersion("3.6.16"), k36);
  for (const char* text : {"", "3", "3.", ".6", "3.x", "x.6", "3.6x", "-3.6", "3 .6"})
    EXPECT_FALSE(ParseEtcdVersion(text)) << text;
  support::ForEachPrefix("3.6.16", [](Bytes prefix) { ParseEtcdVersion(AsText(prefix)); });
}

}  // namespace
}  // namespace etcdmedic::startup
