// SPDX-License-Identifier: Apache-2.0
// Rules over the small buckets, one wrong value each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/key_rules.h"
#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::check {
namespace {

using support::BigEndian64;
using support::DbBuilder;
using support::KeySpace;
using support::OpenedStore;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

DbBuilder Sound() {
  KeySpace space;
  space.Put("a", "1").Meta("consistent_index", BigEndian64(9)).Meta("term", BigEndian64(2));
  DbBuilder db = space.Builder();
  return db.Add("members", "a", R"({"id":10,"peerURLs":["http://a"],"name":"m1"})");
}

std::vector<diag::Finding> Check(const DbBuilder& db, const raft::Log* log = nullptr) {
  const OpenedStore opened(db.Build());
  diag::FindingList found;
  CheckBuckets(*opened.store, log, found);
  return found.items;
}

std::vector<std::string> Codes(const std::vector<diag::Finding>& findings) {
  std::vector<std::string> codes;
  for (const diag::Finding& finding : findings) codes.emplace_back(InfoOf(finding.code).name);
  return codes;
}

struct MetaCase {
  const char *bucket, *key;
  std::string value;
  bool sound;
};

TEST(BucketRules, KnowTheFormOfEveryValue) {
  using namespace std::string_literals;
  const std::string number = BigEndian64(5), revision = BigEndian64(5) + "_" + BigEndian64(0);
  const MetaCase cases[] = {
      {"meta", "scheduledCompactRev", revision, true},
      {"meta", "scheduledCompactRev", BigEndian64(5) + "_" + BigEndian64(1), false},
      {"meta", "scheduledCompactRev", revision + "t", false},
      {"meta", "finishedCompactRev", number, false},
      {"meta", "storageVersion", "3.6.0", true},
      {"meta", "storageVersion", "3.6.0-rc.1", true},
      {"meta", "storageVersion", "3.6", false},
      {"meta", "storageVersion", ".3.6", false},
      {"meta", "storageVersion", "3.6.", false},
      {"meta", "storageVersion", "3.x.0", false},
      {"meta", "storageVersion", "", false},
      {"cluster", "clusterVersion", "3.5.0", true},
      {"cluster", "clusterVersion", "3.5.0.1", false},
      {"auth", "authEnabled", "\1"s, true},
      {"auth", "authEnabled", "\0"s, true},
      {"auth", "authEnabled", "\2"s, false},
      {"auth", "authEnabled", "", false},
      {"auth", "authRevision", number, true},
      {"auth", "authRevision", number + "x", false},
      {"meta", "any other", "x", true},
  };
  for (const MetaCase& each : cases) {
    const auto found = Check(Sound().Add(each.bucket, each.key, each.value));
    EXPECT_EQ(found.empty(), each.sound) << each.key << " " << testing::PrintToString(each.value);
    if (!found.empty()) {
      EXPECT_THAT(found[0].message, HasSubstr(each.key));
    }
  }
}

TEST(BucketRules, CompareVotersWithMembers) {
  EXPECT_THAT(Check(Sound().Add("meta", "confState", R"({"voters":[10],"auto_leave":false})")), IsEmpty());
  const auto found = Check(Sound().Add("meta", "confState", R"({"voters":[10,11],"auto_leave":false})"));
  ASSERT_THAT(Codes(found), ElementsAre("MVCC-CONF-STATE-MISMATCH"));
  EXPECT_THAT(found[0].message, HasSubstr("voters a b, learners none; members: voters a, learners none"));
  EXPECT_EQ(found[0].severity, diag::Severity::kNote) << "a restore leaves it so";
}

TEST(BucketRules, NameActiveAlarms) {
  const std::string alarm = KeySpace::Number(1, 10) + KeySpace::Number(2, 1);
  const auto mine = Check(Sound().Add("alarm", alarm, ""));
  ASSERT_THAT(Codes(mine), ElementsAre("MVCC-ALARM-ACTIVE"));
  EXPECT_THAT(mine[0].message, HasSubstr("of member a"));
  const std::string foreign = KeySpace::Number(1, 99) + KeySpace::Number(2, 1);
  EXPECT_THAT(Check(Sound().Add("alarm", foreign, ""))[0].message, HasSubstr("is not a member"));
}

TEST(BucketRules, FindABucketThatIsOneBitAwayFromItsName) {
  DbBuilder db = KeySpace().Put("a", "1").Meta("consistent_index", BigEndian64(9)).Builder();
  EXPECT_THAT(Check(DbBuilder(db).Bucket("keys")),
              ElementsAre(testing::Field(&diag::Finding::code, diag::Code::kMvccBucketUnknown)));
  EXPECT_THAT(Check(DbBuilder(db).Bucket("test")), IsEmpty()) << "etcd's own tests make it";
  DbBuilder renamed;
  for (const char* name : {"alarm", "auth", "authRoles", "authUsers", "cluster", "key", "leasd", "members",
                           "members_removed", "meta"})
    renamed.Bucket(name);
  renamed.Add("meta", "consistent_index", BigEndian64(9));
  const auto found = Check(renamed);
  ASSERT_THAT(Codes(found), ElementsAre("MVCC-BUCKET-UNKNOWN", "MVCC-BUCKET-MISSING"));
  EXPECT_THAT(found[0].message, HasSubstr("one bit away from \"lease\""));
  EXPECT_EQ(found[1].severity, diag::Severity::kError);
}

TEST(BucketRules, CompareTheTermWithTheLogs) {
  raft::Log log;
  raft::Run run;
  run.first = 1;
  run.last = 20;
  run.term = 2;
  log.surviving = {run};
  EXPECT_THAT(Check(Sound(), &log), IsEmpty());
  log.surviving[0].term = 3;
  EXPECT_THAT(Codes(Check(Sound(), &log)), ElementsAre("MVCC-TERM-MISMATCH"));
  log.surviving[0].last = 8;
  EXPECT_THAT(Check(Sound(), &log), IsEmpty()) << "the log does not hold that entry";
}

}  // namespace
}  // namespace etcdmedic::check
