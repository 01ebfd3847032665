// SPDX-License-Identifier: Apache-2.0
// What the pass over the leaves keeps and joins; its rules, one by one, are those of check/key_rules_test.cc.
#include "keyspace/key_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::keyspace {
namespace {

using diag::Code;
using support::KeySpace;
using support::OpenedStore;

struct Passed {
  explicit Passed(std::string image, unsigned threads = 1)
      : opened(std::move(image)), pass(*opened.store, &table) {
    diag::FindingList pages;
    bolt::Check(AsBytes(opened.db), "db", {std::nullopt, threads, &pass}, pages);
    EXPECT_TRUE(pages.items.empty());
  }
  std::vector<std::string> Finish(std::vector<RevisionSpan> lost = {}) {
    diag::FindingList found;
    pass.Finish(std::move(lost), found);
    std::vector<std::string> all;
    for (const auto& finding : found.items) all.push_back(std::string(InfoOf(finding.code).name));
    return all;
  }
  OpenedStore opened;
  RevisionTable table;
  KeyChecker pass;
};

KeySpace Many() {
  KeySpace space(false);
  for (const char* value : {"1", "2", "3"}) {
    for (int key = 0; key < 500; ++key) space.Put(std::to_string(key), std::string(40, *value));
  }
  return space;
}

TEST(KeyChecker, AddsEveryRevisionToTheTable) {
  for (const unsigned threads : {1U, 4U}) {
    Passed passed(Many().Build(), threads);
    EXPECT_TRUE(passed.Finish().empty());
    passed.table.Seal();
    ASSERT_EQ(passed.table.rows().size(), 1500U);
    for (size_t i = 0; i < 1500; ++i) EXPECT_EQ(passed.table.rows()[i].main, static_cast<int64_t>(i) + 2);
  }
}

TEST(KeyChecker, FindsTheSameOnAnyNumberOfThreads) {
  support::DbBuilder db = Many().Builder();
  db.Entries("key")[700].second = "not a KeyValue";
  db.Entries("key").erase(db.Entries("key").begin() + 900);
  const std::vector<std::string> found = Passed(db.Build(), 1).Finish();
  EXPECT_THAT(found, testing::Contains("MVCC-REVISION-GAP"));
  EXPECT_THAT(found, testing::Contains("MVCC-VALUE-MALFORMED"));
  EXPECT_EQ(Passed(db.Build(), 4).Finish(), found);
}

TEST(KeyChecker, CallsNoGapWhatIsKnownToBeLost) {
  support::DbBuilder db = KeySpace().Put("a", "1").Put("b", "2").Put("c", "3").Put("d", "4").Builder();
  db.Entries("key").erase(db.Entries("key").begin() + 1);
  EXPECT_THAT(Passed(db.Build()).Finish(), testing::ElementsAre("MVCC-REVISION-GAP"));
}

TEST(KeyChecker, JoinsWhatFollowsFromLostRevisionsInOneFinding) {
  support::DbBuilder db = Many().Builder();
  auto& entries = db.Entries("key");
  entries.erase(entries.begin() + 500, entries.begin() + 560);  // revisions 502 to 561
  Passed passed(db.Build());
  const std::vector<std::string> found = passed.Finish({{502, 562}});
  EXPECT_EQ(std::ranges::count(found, "MVCC-HISTORY-BROKEN"), 1) << testing::PrintToString(found);
}

TEST(KeyChecker, MarksWhatDoesNotParseInTheTable) {
  support::DbBuilder db = KeySpace().Put("a", "1").Put("b", "2").Builder();
  db.Entries("key")[1].second = "\xFF";
  Passed passed(db.Build());
  passed.Finish();
  passed.table.Seal();
  EXPECT_FALSE(passed.table.At(2)[0].malformed);
  EXPECT_TRUE(passed.table.At(3)[0].malformed);
}

}  // namespace
}  // namespace etcdmedic::keyspace
