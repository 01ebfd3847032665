// SPDX-License-Identifier: Apache-2.0
// Backends that are damaged or do not fit the log: rows of docs/db-damage.md and of docs/format/startup.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fnv.h"
#include "startup/predict.h"
#include "support/startup_member.h"

namespace etcdmedic::startup {
namespace {

using support::BigEndian64;
using support::LittleEndian;
using support::StartupMember;
using testing::HasSubstr;

constexpr EtcdVersion k34{3, 4}, k35{3, 5}, k36{3, 6}, k37{3, 7};

void Put(std::string& bytes, size_t at, const std::string& what) { bytes.replace(at, what.size(), what); }

// Edits a meta page and makes its checksum fit.
void EditMeta(std::string& db, size_t page, size_t at, uint64_t value) {
  const size_t body = page * 4096 + 16;
  Put(db, body + at, LittleEndian(value, 8));
  Put(db, body + 56, LittleEndian(Fnv1a64(AsBytes(db).subspan(body, 56)), 8));
}

struct Case {
  const char* name;
  void (*damage)(std::string& db);
  Outcome outcome;
  const char* message;
};

const Case kCases[] = {
    {"b00-control", [](std::string& db) { db.append(4096, '\0'); }, Outcome::kStarts, ""},
    {"b02-bitflip-inactive-meta", [](std::string& db) { db[4096 + 64] = '\x7F'; }, Outcome::kStarts, ""},
    {"b03-bitflip-both-meta", [](std::string& db) { db[64] = db[4096 + 64] = '\x7F'; }, Outcome::kPanics,
     "failed to open database: checksum error"},
    {"b04-zero-both-meta", [](std::string& db) { Put(db, 0, std::string(8192, '\0')); }, Outcome::kPanics,
     "failed to open database: invalid database"},
    {"b25-empty", [](std::string& db) { db.clear(); }, Outcome::kStarts, ""},
    {"b26-all-zero", [](std::string& db) { db.assign(db.size(), '\0'); }, Outcome::kPanics,
     "failed to open database: invalid database"},
    {"b27-short-header", [](std::string& db) { db.resize(100); }, Outcome::kPanics,
     "failed to open database: invalid database"},
    {"b28-meta-root-out-of-range-sum-ok", [](std::string& db) { EditMeta(db, 0, 16, 1000000); },
     Outcome::kPanics, ""},
    {"b21-zeroed-root", [](std::string& db) { Put(db, db.size() - 4096, std::string(4096, '\0')); },
     Outcome::kPanics, ""},
    {"b15-root-type", [](std::string& db) { db[db.size() - 4096 + 8] = '\x09'; }, Outcome::kPanics, ""},
};

class DbDamage : public testing::TestWithParam<Case> {};

TEST_P(DbDamage, EndsAsEtcd36WasMeasured) {
  StartupMember member;
  member.db = member.Builder().Build();
  const std::string sound = member.db;
  GetParam().damage(member.db);
  ASSERT_NE(member.db, sound);
  if (member.db.empty()) {
    member.has_db = false;  // to etcd a file without a byte is one that it may fill
  }
  const Prediction prediction = member.Predict(k36);
  EXPECT_EQ(NameOf(prediction.outcome), NameOf(GetParam().outcome))
      << prediction.message << "; " << prediction.explanation;
  EXPECT_THAT(prediction.message, HasSubstr(GetParam().message));
}

std::string NameOfCase(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Predict, DbDamage, testing::ValuesIn(kCases), NameOfCase);

TEST(BootBackend, ServesWrongWhereEntriesAreAppliedTwice) {
  StartupMember member;
  member.space.Meta("consistent_index", BigEndian64(3));
  const Prediction prediction = member.Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kStartsWrong) << "b32-consistent-index-behind";
  EXPECT_THAT(prediction.explanation, HasSubstr("a second time"));
}

TEST(BootBackend, HangsWhereItIsAheadOfTheLog) {
  StartupMember member;
  member.space.Meta("consistent_index", BigEndian64(11));
  const Prediction prediction = member.Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kHangs);
  EXPECT_THAT(prediction.explanation, HasSubstr("has applied entry 11, the log ends at 9"));
}

TEST(BootBackend, IsNotDowngradedAtAStart) {
  StartupMember member;
  member.space.Meta("storageVersion", "3.7.0");
  EXPECT_EQ(member.Predict(k36).message, "version \"3.7.0\" is not supported");
  EXPECT_EQ(member.Predict(k36).outcome, Outcome::kExits);
  EXPECT_EQ(member.Predict(k37).outcome, Outcome::kStarts);
  EXPECT_EQ(member.Predict(k35).outcome, Outcome::kStarts) << "3.5 does not look";
}

TEST(BootBackend, ReportsAClusterVersionThatIsTooNewForTheRelease) {
  StartupMember member;
  member.db = member.Builder().Add("cluster", "clusterVersion", "3.7.0").Build();
  const Prediction prediction = member.Predict(k36);
  EXPECT_EQ(prediction.outcome, Outcome::kPanics);
  EXPECT_EQ(prediction.message, "invalid downgrade; server version is lower than determined cluster version");
  EXPECT_EQ(member.Predict(k37).outcome, Outcome::kStarts);
}

// A .snap of index 5 that the log knows, with this v2 store.
void AddSnapshot(StartupMember& member, const std::string& store, uint64_t index = 5) {
  member::SnapFile file;
  file.file = "member/snap/0000000000000002-0000000000000005.snap";
  file.content.emplace();
  file.content->index = index;
  file.content->term = 2;
  file.content->conf_state.voters = {1};
  file.content->store = store;
  member.state.snapshots.push_back(file);
}

support::WalBuilder LogWithSnapshot() {
  support::WalBuilder log;
  log.Snapshot(0, 0)
      .Entry(1, 1, StartupMember::AddNode(1), 1)
      .Entry(2, 2, "")
      .Put(2, 3, "/a", "1")
      .Put(2, 4, "/b", "1");
  return log.Put(2, 5, "/c", "1").Snapshot(5, 2).Put(2, 6, "/d", "1").State(2, 1, 6).Zeros(4096);
}

Prediction PredictWith(const std::string& store, EtcdVersion version) {
  StartupMember member;
  member.segments.clear();
  member.segments[StartupMember::kFirst] = LogWithSnapshot().bytes();
  member.space = support::KeySpace();
  member.space.Put("/a", "1").Put("/b", "1").Put("/c", "1").Put("/d", "1").Meta("consistent_index",
                                                                                BigEndian64(6));
  member.Load();
  AddSnapshot(member, store);
  return PredictStart(member.state, version, member.state.findings);
}

TEST(BootBackend, TakesMembersFromTheV2StoreUpTo35) {
  const std::string store = snap::EncodeStore({{{1, "m", {"http://a"}, {}, false}}, {}, {}, "3.5.0"});
  EXPECT_EQ(PredictWith(store, k35).outcome, Outcome::kStarts);
  EXPECT_EQ(PredictWith(store, k34).message, "cluster cannot be downgraded");
  EXPECT_EQ(PredictWith("{}", k35).message, "failed to recover from snapshot");
  EXPECT_EQ(PredictWith("{}", k35).outcome, Outcome::kPanics);
  EXPECT_EQ(PredictWith(store, k36).outcome, Outcome::kStarts);
}

TEST(BootBackend, RefusesAV2StoreWithKeysOfClientsFrom36On) {
  const std::string store =
      R"({"Root":{"Path":"/","Children":{"1":{"Path":"/1","Children":{"a":{"Path":"/1/a","Value":"v","Children":null}}}}}})";
  const Prediction prediction = PredictWith(store, k36);
  EXPECT_EQ(prediction.message, "illegal v2store content");
  EXPECT_EQ(prediction.outcome, Outcome::kExits);
  EXPECT_THAT(prediction.explanation, HasSubstr("/1/a"));
  EXPECT_EQ(PredictWith(store, k37).outcome, Outcome::kStarts) << "3.7 does not read the .snap";
}

TEST(BootBackend, MakesANewMemberWithoutALog) {
  StartupMember member;
  member.segments.clear();
  EXPECT_EQ(member.Predict(k36).outcome, Outcome::kHangs) << "entries up to 9 would be ignored";
  member.space.Meta("consistent_index", BigEndian64(1));
  member.db.clear();
  EXPECT_EQ(member.Predict(k36).outcome, Outcome::kStartsAndLoses);
  member.has_db = false;
  EXPECT_EQ(member.Predict(k36).outcome, Outcome::kStarts) << "a new member";
}

}  // namespace
}  // namespace etcdmedic::startup
