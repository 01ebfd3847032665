// SPDX-License-Identifier: Apache-2.0
#include "mvcc/store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "mvcc/lease.h"
#include "support/key_space.h"

namespace etcdmedic::mvcc {
namespace {

using support::KeySpace;

struct Opened {
  explicit Opened(std::string bytes) : db(std::move(bytes)) {
    auto result = Store::Open(AsBytes(db), "db", found);
    if (result) store.emplace(std::move(*result));
  }
  std::string db;
  diag::FindingList found;
  std::optional<Store> store;
};

KeySpace::Picture PictureAt(const Store& store, int64_t revision, const KeyRange& range = EveryKey()) {
  KeySpace::Picture seen;
  std::string last;
  const auto done = store.Range(range, revision, [&](const KeyValue& kv) {
    EXPECT_LT(last, kv.key) << "keys come in order";
    last = kv.key;
    seen[last] = {std::string(kv.value), kv.create_revision, kv.mod_revision, kv.version, kv.lease};
    return true;
  });
  EXPECT_TRUE(done) << done.error().what;
  return seen;
}

KeySpace ThreeKeys() {
  KeySpace space;
  space.Put("a", "1").Put("b", "2").Put("a", "3").Delete("b").Put("b", "4").Put("c", "5", 77);
  return space;
}

TEST(Store, AnswersAtEveryRevision) {
  const KeySpace space = ThreeKeys();
  const Opened opened(space.Build());
  ASSERT_TRUE(opened.store);
  EXPECT_EQ(opened.store->current_revision(), 7);
  EXPECT_EQ(opened.store->compact_revision(), -1);
  for (int64_t at = 1; at <= space.revision(); ++at)
    EXPECT_EQ(PictureAt(*opened.store, at), space.At(at)) << at;
  EXPECT_EQ(PictureAt(*opened.store, 0), space.At(7)) << "0 is the newest";
  EXPECT_TRUE(opened.found.items.empty());
}

TEST(Store, KnowsRangesAsEtcdDoes) {
  const KeySpace space = KeySpace().Put("a", "").Put("aa", "").Put("ab\xFF", "").Put("b", "").Put("\xFF", "");
  const Opened opened(space.Build());
  const auto keys = [&](const KeyRange& range) {
    std::string all;
    for (const auto& [key, live] : PictureAt(*opened.store, 0, range)) all += key + " ";
    return all;
  };
  EXPECT_EQ(keys(OneKey("a")), "a ");
  EXPECT_EQ(keys({"a", "b"}), "a aa ab\xFF ");
  EXPECT_EQ(keys({"aa", std::string(1, '\0')}), "aa ab\xFF b \xFF ")
      << "a zero byte as the end is not an end";
  EXPECT_EQ(keys({"b", "a"}), "") << "an end before the key matches nothing";
  EXPECT_EQ(keys(WithPrefix("ab\xFF")), "ab\xFF ");
  EXPECT_EQ(keys(WithPrefix("\xFF")), "\xFF ");
  EXPECT_EQ(keys(WithPrefix("")), "a aa ab\xFF b \xFF ");
}

TEST(Store, NamesWhatIsRetained) {
  const Opened opened(ThreeKeys().Compact(4).Build());
  EXPECT_EQ(opened.store->compact_revision(), 4);
  const auto past = opened.store->RevisionOr(3);
  ASSERT_FALSE(past);
  EXPECT_EQ(past.error().what, "revision 3 has been compacted; 4 to 7 can be read");
  const auto future = opened.store->RevisionOr(8);
  ASSERT_FALSE(future);
  EXPECT_EQ(future.error().what, "revision 8 has not happened yet; 4 to 7 can be read");
  EXPECT_TRUE(opened.store->RevisionOr(4)) << "the compacted revision itself can be read";
}

TEST(Store, CountsACompactionBeyondTheLastKey) {
  KeySpace space = ThreeKeys();
  space.Compact(7);
  support::DbBuilder db = space.Builder();
  db.Entries("key").pop_back();
  const Opened opened(db.Build());
  EXPECT_EQ(opened.store->current_revision(), 7);
  EXPECT_EQ(Opened(KeySpace().Build()).store->current_revision(), 1) << "an empty store is at revision 1";
}

TEST(Store, AnswersAfterRandomChangesAndCompactions) {
  std::mt19937_64 random(3);
  KeySpace space;
  int64_t compacted = 1;
  for (int round = 0; round < 600; ++round) {
    const std::string key = "/registry/pods/" + std::to_string(random() % 40);
    if (random() % 3 != 0) {
      space.Put(key, std::string(random() % 300, 'v'), static_cast<int64_t>(random() % 3));
    } else if (space.At(space.revision()).contains(key)) {
      space.Delete(key);
    }
    if (random() % 100 == 0) space.Compact(compacted = space.revision() - 10, random() % 2 == 0);
  }
  const Opened opened(space.Build());
  for (int64_t at = std::max<int64_t>(compacted, 1); at <= space.revision(); ++at)
    ASSERT_EQ(PictureAt(*opened.store, at), space.At(at)) << at;
}

TEST(Store, ReportsAKeyThatIsNoRevision) {
  support::DbBuilder db = ThreeKeys().Builder();
  db.Entries("key")[2].first.pop_back();
  const Opened opened(db.Build());
  EXPECT_EQ(PictureAt(*opened.store, 0).size(), 3U);
  ASSERT_EQ(opened.found.items.size(), 1U);
  EXPECT_EQ(opened.found.items[0].code, diag::Code::kMvccRevision);
  EXPECT_EQ(opened.db.substr(opened.found.items[0].where.offset, 8), support::BigEndian64(4));
}

TEST(Store, KnowsTheNewestRevisionBeforeADamagedLastKey) {
  support::DbBuilder db = ThreeKeys().Builder();
  db.Entries("key").back().first[8] = 'x';
  const Opened opened(db.Build());
  EXPECT_EQ(opened.store->current_revision(), 6);
}

TEST(Store, ReportsAValueThatDoesNotParse) {
  support::DbBuilder db = ThreeKeys().Builder();
  db.Entries("key")[0].second[1] = '\x7F';
  const Opened opened(db.Build());
  PictureAt(*opened.store, 0);
  ASSERT_EQ(opened.found.items.size(), 1U);
  EXPECT_EQ(opened.found.items[0].code, diag::Code::kMvccValue);
}

TEST(Store, GivesAKeysHistory) {
  const Opened opened(ThreeKeys().Build());
  const auto changes = opened.store->History("b");
  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 3U);
  EXPECT_EQ((*changes)[0].kv.value, "2");
  EXPECT_TRUE((*changes)[1].tombstone);
  EXPECT_EQ((*changes)[2].revision, (Revision{6, 0}));
  EXPECT_EQ((*changes)[2].kv.version, 1);
}

TEST(Store, GivesAKeysHistoryUpToARevision) {
  const Opened opened(ThreeKeys().Build());
  const auto changes = opened.store->History("b", 5);
  ASSERT_TRUE(changes);
  ASSERT_EQ(changes->size(), 2U);
  EXPECT_TRUE(changes->back().tombstone);
  EXPECT_FALSE(opened.store->History("b", 8)) << "has not happened yet";
}

TEST(Leases, HoldTheKeysOfAnyRevision) {
  const KeySpace space = KeySpace().Put("a", "", 7).Put("b", "", 7).Put("a", "", 8).Delete("b");
  support::DbBuilder db = space.Builder();
  db.Add("lease", support::BigEndian64(7), KeySpace::Number(1, 7) + KeySpace::Number(2, 60));
  Opened opened(db.Build());
  const auto keys = [&](int64_t revision) {
    std::string all;
    const auto leases = ReadLeases(*opened.store, revision, opened.found);
    for (const Lease& lease : *leases) {
      all += fmt::format("{}{}:", lease.known ? "" : "?", lease.id);
      for (const std::string& key : lease.keys) all += key;
      all += ' ';
    }
    return all;
  };
  EXPECT_EQ(keys(2), "7:a ");
  EXPECT_EQ(keys(3), "7:ab ");
  EXPECT_EQ(keys(4), "7:b ?8:a ");
  EXPECT_EQ(keys(0), "7: ?8:a ");
  EXPECT_FALSE(ReadLeases(*opened.store, 9, opened.found)) << "has not happened yet";
}

TEST(Store, SortsKeysThatHaveMuchInCommon) {
  KeySpace space;
  const std::string deep(3000, 'x');
  for (const char* tail : {"b", "", "a", "ab", "aa", "b"}) space.Put(deep + tail, tail);
  space.Put(deep.substr(1), "shorter")
      .Put(std::string(7, 'x'), "stride")
      .Put(std::string(8, 'x') + '\0', "zero");
  space.Put(std::string(8, 'x'), "before zero");
  const Opened opened(space.Build());
  EXPECT_EQ(PictureAt(*opened.store, 0), space.At(space.revision()));
}

}  // namespace
}  // namespace etcdmedic::mvcc
