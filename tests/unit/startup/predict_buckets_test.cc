// SPDX-License-Identifier: Apache-2.0
// Entries of the backend that etcd's own readers refuse. docs/format/startup.md, steps 12 and 14.
#include "startup/predict_buckets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/protobuf_text.h"
#include "support/startup_member.h"

namespace etcdmedic::startup {
namespace {

using support::BigEndian64;
using support::StartupMember;
using testing::HasSubstr;

constexpr EtcdVersion k34{3, 4}, k35{3, 5}, k36{3, 6}, k37{3, 7};

struct Case {
  const char* bucket;
  std::string key, value;
  EtcdVersion version;
  Outcome outcome;
  const char* message;
};

TEST(BootBuckets, EndTheStartAsEtcdsReadersDo) {
  const std::string half = "\x0A\x05x";
  const Case cases[] = {
      {"members", "zz", R"({"id":1})", k36, Outcome::kPanics, "failed to parse member id from key"},
      {"members", "2", "{", k36, Outcome::kPanics, "couldn't read members from backend"},
      {"members", "2", "{", k35, Outcome::kStarts, ""},
      {"members_removed", "zz", "", k36, Outcome::kPanics, "failed to parse member id from key"},
      {"cluster", "downgrade", "{", k36, Outcome::kPanics, "failed to unmarshal downgrade information"},
      {"cluster", "clusterVersion", "three", k36, Outcome::kPanics, ""},
      {"lease", BigEndian64(7), half, k36, Outcome::kPanics, "failed to unmarshal lease proto item"},
      {"lease", BigEndian64(7), half, k34, Outcome::kPanics, "failed to unmarshal lease proto item"},
      {"lease", BigEndian64(7), test::Number(1, 7), k36, Outcome::kStarts, ""},
      {"authUsers", "a", half, k36, Outcome::kPanics, "failed to unmarshal 'authpb.User'"},
      {"authUsers", "a", half, k34, Outcome::kStarts, ""},
      {"authRoles", "a", half, k35, Outcome::kPanics, "failed to unmarshal 'authpb.Role'"},
      {"alarm", half, "", k36, Outcome::kExits, ""},
      {"meta", "finishedCompactRev", "short", k34, Outcome::kPanics, ""},
      {"meta", "finishedCompactRev", std::string(17, 'x'), k35, Outcome::kStarts, ""},
      {"meta", "finishedCompactRev", std::string(17, 'x'), k36, Outcome::kPanics, ""},
      {"meta", "scheduledCompactRev", "short", k36, Outcome::kPanics, ""},
  };
  for (const Case& each : cases) {
    StartupMember member;
    support::DbBuilder builder = member.Builder();
    builder.Add(each.bucket, each.key, each.value);
    std::ranges::sort(builder.Entries(each.bucket));
    member.db = builder.Build();
    const Prediction prediction = member.Predict(each.version);
    EXPECT_EQ(NameOf(prediction.outcome), NameOf(each.outcome))
        << each.bucket << ", 3." << each.version.minor << ": " << prediction.message << "; "
        << prediction.explanation;
    EXPECT_THAT(prediction.message, HasSubstr(each.message)) << each.bucket;
  }
}

TEST(BootBuckets, EndAtAShortConsistentIndex) {
  for (const char* key : {"consistent_index", "term"}) {
    StartupMember member;
    member.space.Meta(key, "short");
    EXPECT_EQ(member.Predict(k36).outcome, Outcome::kPanics) << key;
  }
}

TEST(BootBuckets, EndAtTooManyLearners) {
  StartupMember member;
  member.db = member.Builder().Add("members", "2", R"({"id":2,"isLearner":true})").Build();
  EXPECT_EQ(member.Predict(k36).outcome, Outcome::kStarts) << "one is allowed";
  member.db = member.Builder()
                  .Add("members", "2", R"({"id":2,"isLearner":true})")
                  .Add("members", "3", R"({"id":3,"isLearner":true})")
                  .Build();
  EXPECT_EQ(member.Predict(k36).message, "too many learner members in cluster");
  EXPECT_EQ(member.Predict(k35).outcome, Outcome::kStarts);
}

TEST(BootBuckets, WaitForTheReleaseThatADowngradeIsFor) {
  StartupMember member;
  member.db =
      member.Builder().Add("cluster", "downgrade", R"({"target-version":"3.4.0","enabled":true})").Build();
  EXPECT_THAT(member.Predict(k35).message, HasSubstr("not allowed to join when downgrade is enabled"));
  member.db =
      member.Builder().Add("cluster", "downgrade", R"({"target-version":"3.5.0","enabled":true})").Build();
  EXPECT_EQ(member.Predict(k35).outcome, Outcome::kStarts);
}

// What the check of the keys reports, as it would.
diag::Finding KeyFinding(const StartupMember& member, diag::Code code, const std::string& record) {
  const size_t at = member.db.find(record);
  EXPECT_NE(at, std::string::npos);
  return {code, {"member/snap/db", at}, record.size(), "a record"};
}

TEST(BootBuckets, EndAtAKeyThatIsNotARevision) {
  const std::pair<std::string, std::string> rows[] = {
      {"zzzz", "invalid revision length: 4"},
      {BigEndian64(9) + "x" + BigEndian64(0), "invalid separator in bucket key"},
      {std::string(8, '\xFF') + "_" + BigEndian64(0), "negative revision"}};
  for (const auto& [key, message] : rows) {
    StartupMember member;
    member.db = member.Builder().Add("key", key, "").Build();
    member.Load();
    const std::vector<diag::Finding> findings{KeyFinding(member, diag::Code::kMvccRevision, key)};
    const Prediction prediction = PredictStart(member.state, k36, findings);
    EXPECT_EQ(prediction.outcome, Outcome::kPanics);
    EXPECT_EQ(prediction.message, message);
    EXPECT_EQ(PredictStart(member.state, k35, findings).outcome, Outcome::kStartsWrong);
  }
}

TEST(BootBuckets, EndAtAValueThatDoesNotParse) {
  const std::string key = BigEndian64(9) + "_" + BigEndian64(0);
  const auto predict = [&](const std::string& value, EtcdVersion version) {
    StartupMember member;
    member.db = member.Builder().Add("key", key, value).Build();
    member.Load();
    return PredictStart(member.state, version, {KeyFinding(member, diag::Code::kMvccValue, key + value)});
  };
  EXPECT_EQ(predict("\x0A\x7Fx", k36).message, "failed to unmarshal mvccpb.KeyValue");
  EXPECT_EQ(predict("\x0A\x7Fx", k34).message, "cannot unmarshal event");
  EXPECT_EQ(predict("\x08\x01", k36).outcome, Outcome::kExits) << "the key as a number";
  EXPECT_NE(predict("\x08\x01", k37).outcome, Outcome::kExits) << "an unknown field to the parser of 3.7";
}

}  // namespace
}  // namespace etcdmedic::startup
