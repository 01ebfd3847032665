// SPDX-License-Identifier: Apache-2.0
// One case a rule: a sound key space, one thing wrong with it, and the finding that names it.
#include "check/key_rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "keyspace/key_checker.h"
#include "support/key_space.h"

namespace etcdmedic::check {
namespace {

using support::DbBuilder;
using support::KeySpace;

std::vector<diag::Finding> Check(const std::string& db, const raft::Log* log = nullptr) {
  diag::FindingList found;
  const auto store = mvcc::Store::Open(AsBytes(db), "db", found);
  if (store) {
    CheckBuckets(*store, log, found);
    CheckKeys(*store, found);
  }
  return found.items;
}

// The same rules while the pages are checked; nothing where the pages are not sound.
std::optional<std::vector<diag::Finding>> CheckWithPages(const std::string& db) {
  diag::FindingList found, unused;
  const auto store = mvcc::Store::Open(AsBytes(db), "db", unused);
  keyspace::KeyChecker pass(*store);
  if (!bolt::Check(AsBytes(db), "db", {std::nullopt, 2, &pass}, unused).sound) return std::nullopt;
  pass.Finish({}, found);
  return found.items;
}

void ExpectSame(std::vector<diag::Finding> one, std::vector<diag::Finding> other) {
  ASSERT_EQ(one.size(), other.size());
  for (size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].message, other[i].message);
}

std::set<std::string> Codes(const std::vector<diag::Finding>& findings) {
  std::set<std::string> codes;
  for (const diag::Finding& finding : findings) codes.emplace(InfoOf(finding.code).name);
  return codes;
}

std::string Id(int64_t id) { return support::BigEndian64(static_cast<uint64_t>(id)); }

KeySpace Sound() {
  KeySpace space;
  space.Put("a", "1").Put("b", "2", 7).Put("a", "3").Delete("b").Begin().Put("c", "4").Put("d", "5").End();
  space.Put("a", "6").Put("b", "7", 7);
  space.Meta("consistent_index", Id(9)).Meta("term", Id(2)).Meta("storageVersion", "3.6.0");
  return space.Meta("confState", R"({"voters":[10],"learners":[11],"auto_leave":false})");
}

DbBuilder SoundDb(KeySpace space = Sound()) {
  DbBuilder db = space.Builder();
  db.Add("lease", Id(7), KeySpace::Number(1, 7) + KeySpace::Number(2, 60));
  db.Add("members", "a", R"({"id":10,"peerURLs":["http://a"],"name":"m1"})");
  db.Add("members", "b", R"({"id":11,"peerURLs":["http://b"],"isLearner":true})");
  db.Add("members_removed", "c", "removed");
  db.Add("cluster", "clusterVersion", "3.6.0");
  db.Add("auth", "authEnabled", std::string(1, '\0')).Add("auth", "authRevision", Id(1));
  db.Add("authUsers", "root", KeySpace::Text(1, "root") + KeySpace::Text(3, "root"));
  return db.Add("authRoles", "root", KeySpace::Text(1, "root"));
}

struct Damage {
  const char* name;
  void (*apply)(DbBuilder&);
  std::set<std::string> codes;
};

KeySpace::Live Of(int64_t create, int64_t mod, int64_t version) { return {"v", create, mod, version, 0}; }

// Entries of bucket key: 0 a@2, 1 b@3, 2 a@4, 3 b@5 deleted, 4 c@6.0, 5 d@6.1, 6 a@7, 7 b@8.
const Damage kCases[] = {
    {"a_revision_is_missing",
     [](DbBuilder& db) { db.Entries("key").erase(db.Entries("key").begin() + 1); },
     {"MVCC-REVISION-GAP", "MVCC-TOMBSTONE-INVALID"}},
    {"the_second_change_of_a_transaction_is_missing",
     [](DbBuilder& db) { db.Entries("key").erase(db.Entries("key").begin() + 4); },
     {"MVCC-REVISION-GAP"}},
    {"a_compaction_lies_beyond_the_last_change",
     [](DbBuilder& db) { db.Add("meta", "scheduledCompactRev", Id(20) + "_" + Id(0)); },
     {"MVCC-COMPACTION-PENDING"}},
    {"a_value_says_another_revision",
     [](DbBuilder& db) { db.Entries("key")[2].second = KeySpace::Message("a", Of(2, 5, 2)); },
     {"MVCC-MOD-REVISION-MISMATCH"}},
    {"a_version_jumps",
     [](DbBuilder& db) { db.Entries("key")[2].second = KeySpace::Message("a", Of(2, 4, 5)); },
     {"MVCC-HISTORY-BROKEN"}},
    {"a_put_after_a_deletion_goes_on_counting",
     [](DbBuilder& db) { db.Entries("key")[7].second = KeySpace::Message("b", Of(3, 8, 2)); },
     {"MVCC-HISTORY-BROKEN"}},
    {"a_create_revision_lies_in_the_future",
     [](DbBuilder& db) { db.Entries("key")[0].second = KeySpace::Message("a", Of(9, 2, 1)); },
     {"MVCC-HISTORY-BROKEN"}},
    {"a_deletion_carries_a_value",
     [](DbBuilder& db) { db.Entries("key")[3].second += KeySpace::Text(5, "v"); },
     {"MVCC-TOMBSTONE-INVALID"}},
    {"a_deletion_of_nothing",
     [](DbBuilder& db) { db.Entries("key")[3].second = KeySpace::Text(1, "x"); },
     {"MVCC-TOMBSTONE-INVALID", "MVCC-HISTORY-BROKEN"}},
    {"a_put_holds_nothing",
     [](DbBuilder& db) { db.Entries("key")[4].second.clear(); },
     {"MVCC-VALUE-MALFORMED"}},
    {"a_lease_is_gone", [](DbBuilder& db) { db.Entries("lease").clear(); }, {"MVCC-LEASE-UNKNOWN"}},
    {"a_lease_under_another_id",
     [](DbBuilder& db) { db.Entries("lease")[0].first = Id(8); },
     {"MVCC-LEASE-MALFORMED", "MVCC-LEASE-UNKNOWN"}},
    {"an_index_of_seven_bytes",
     [](DbBuilder& db) { db.Entries("meta")[1].second.pop_back(); },
     {"MVCC-META-MALFORMED"}},
    {"a_version_that_is_none",
     [](DbBuilder& db) { db.Entries("cluster")[0].second = "3,6.0"; },
     {"MVCC-META-MALFORMED"}},
    {"a_member_of_another_id",
     [](DbBuilder& db) { db.Entries("members")[0].first = "d"; },
     {"MVCC-MEMBER-MALFORMED", "MVCC-CONF-STATE-MISMATCH"}},
    {"a_learner_that_raft_counts_as_voter",
     [](DbBuilder& db) { db.Entries("members")[1].second = R"({"id":11,"peerURLs":[]})"; },
     {"MVCC-CONF-STATE-MISMATCH"}},
    {"an_alarm",
     [](DbBuilder& db) { db.Add("alarm", KeySpace::Number(1, 10) + KeySpace::Number(2, 1), ""); },
     {"MVCC-ALARM-ACTIVE"}},
    {"an_alarm_that_is_none", [](DbBuilder& db) { db.Add("alarm", "\x0A", ""); }, {"MVCC-ALARM-MALFORMED"}},
    {"a_user_of_another_name",
     [](DbBuilder& db) { db.Entries("authUsers")[0].first = "ruut"; },
     {"MVCC-AUTH-MALFORMED"}},
    {"a_role_cut_short",
     [](DbBuilder& db) { db.Entries("authRoles")[0].second.pop_back(); },
     {"MVCC-AUTH-MALFORMED"}},
};

class KeyDamage : public testing::TestWithParam<Damage> {};

TEST_P(KeyDamage, IsFoundAndNothingElse) {
  DbBuilder db = SoundDb();
  const std::string good = db.Build();
  GetParam().apply(db);
  const std::string bad = db.Build();
  ASSERT_NE(bad, good) << "damage must damage";
  const auto found = Check(bad);
  EXPECT_EQ(Codes(found), GetParam().codes);
  for (const diag::Finding& finding : found) EXPECT_LT(finding.where.offset, bad.size());
}

TEST_P(KeyDamage, IsFoundTheSameWhileThePagesAreChecked) {
  DbBuilder db = SoundDb();
  GetParam().apply(db);
  const std::string bad = db.Build();
  diag::FindingList found;
  CheckKeys(*mvcc::Store::Open(AsBytes(bad), "db", found), found);
  if (const auto with_pages = CheckWithPages(bad)) ExpectSame(*with_pages, found.items);
}

INSTANTIATE_TEST_SUITE_P(Rules, KeyDamage, testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(KeyRules, FindNothingInASoundKeySpace) {
  EXPECT_EQ(Codes(Check(SoundDb().Build())), std::set<std::string>{});
  for (int64_t at = 2; at <= 8; ++at) {
    EXPECT_EQ(Codes(Check(SoundDb(Sound().Compact(at)).Build())), std::set<std::string>{}) << at;
    EXPECT_EQ(Codes(Check(SoundDb(Sound().Compact(at, false)).Build())),
              std::set<std::string>{"MVCC-COMPACTION-PENDING"})
        << at;
  }
}

TEST(KeyRules, KnowTheEntryOfABumpedRestore) {
  KeySpace space = Sound();
  DbBuilder db = space.Builder();
  db.Add("key", Id(1000) + "_" + Id(0), "").Add("meta", "scheduledCompactRev", Id(1000) + "_" + Id(0));
  db.Add("lease", Id(7), KeySpace::Number(1, 7) + KeySpace::Number(2, 60));
  EXPECT_EQ(Codes(Check(db.Build())), std::set<std::string>{"MVCC-COMPACTION-PENDING"});
}

TEST(KeyRules, NoteWhatAFinishedCompactionLeft) {
  KeySpace space = Sound();
  space.Compact(4, false).Meta("finishedCompactRev", Id(4) + "_" + Id(0));
  EXPECT_EQ(Codes(Check(SoundDb(space).Build())), std::set<std::string>{"MVCC-COMPACTION-LEFTOVER"});
}

// Every key is put twice, the second half of the revisions is on leaves of its own.
TEST(KeyRules, TellInOneFindingWhatFollowsFromALostPage) {
  KeySpace space(false);
  for (const char* value : {"1", "2", "3"}) {
    for (int key = 0; key < 400; ++key) space.Put(std::to_string(key), std::string(100, *value));
  }
  const std::string sound = space.Build();
  EXPECT_TRUE(CheckWithPages(sound)->empty());
  std::string bad = sound;
  const size_t in_the_middle = bad.find(Id(602) + "_" + Id(0)) / 4096 * 4096;
  std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(in_the_middle), 4096, '\0');
  EXPECT_FALSE(CheckWithPages(bad)) << "the pages are not sound";
  const auto found = Check(bad);
  EXPECT_EQ(Codes(found),
            (std::set<std::string>{"DB-PAGE-ZEROED", "MVCC-REVISION-GAP", "MVCC-HISTORY-BROKEN"}));
  EXPECT_EQ(found.size(), 3U);
  const std::string& folded = found.back().message;
  EXPECT_NE(folded.find("more do not follow from what is left before"), std::string::npos) << folded;
}

TEST(KeyRules, EndWhereTheBucketCannotBeReached) {
  std::string bad = SoundDb().Build();
  diag::FindingList found;
  const auto store = mvcc::Store::Open(AsBytes(bad), "db", found);
  const uint64_t root = store->view().meta().root * 4096;
  std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(root), 4096, '\0');
  EXPECT_TRUE(Codes(Check(bad)).contains("DB-PAGE-ZEROED"));
}

// What is wrong elsewhere is still told key by key.
TEST(KeyRules, TellApartWhatNoLostPageExplains) {
  KeySpace space(false);
  for (const char* value : {"1", "2", "3"}) {
    for (int key = 0; key < 400; ++key) space.Put(std::to_string(key), std::string(100, *value));
  }
  DbBuilder db = space.Builder();
  db.Entries("key")[405].second = KeySpace::Message("5", Of(7, 407, 9));
  std::string bad = db.Build();
  const size_t last = bad.find(Id(1100) + "_" + Id(0)) / 4096 * 4096;
  std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(last), 4096, '\0');
  const auto found = Check(bad);
  const auto broken = std::ranges::count_if(
      found, [](const auto& finding) { return finding.code == diag::Code::kMvccHistory; });
  EXPECT_EQ(broken, 2) << "version 9, and version 3 after it; of the lost ones nothing comes later";
}

TEST(KeyRules, HoldTheTermAgainstTheLog) {
  raft::Log log;
  log.surviving.push_back({});
  log.surviving[0].first = 1;
  log.surviving[0].last = 20;
  log.surviving[0].term = 2;
  EXPECT_EQ(Codes(Check(SoundDb().Build(), &log)), std::set<std::string>{});
  log.surviving[0].term = 3;
  EXPECT_EQ(Codes(Check(SoundDb().Build(), &log)), std::set<std::string>{"MVCC-TERM-MISMATCH"});
}

// Every bit of every revision key above the compacted revision, flipped alone.
TEST(KeyRules, FindEveryFlipInARevisionKey) {
  DbBuilder db = SoundDb();
  const std::string good = db.Build();
  std::vector<std::string> keys;
  for (const auto& entry : db.Entries("key")) keys.push_back(entry.first + entry.second);
  for (const std::string& entry : keys) {
    const size_t at = good.find(entry);
    ASSERT_NE(at, std::string::npos);
    const size_t size = entry[17] == 't' ? 18 : 17;
    for (size_t bit = 0; bit < size * 8; ++bit) {
      std::string bad = good;
      bad[at + bit / 8] = static_cast<char>(bad[at + bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(Check(bad).empty()) << "entry at " << at << ", bit " << bit;
    }
  }
}

}  // namespace
}  // namespace etcdmedic::check
