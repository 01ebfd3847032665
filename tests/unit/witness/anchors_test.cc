// SPDX-License-Identifier: Apache-2.0
#include "witness/anchors.h"

#include <gtest/gtest.h>

#include "keyspace/key_checker.h"
#include "support/opened_store.h"
#include "support/story.h"

namespace etcdmedic::witness {
namespace {

using support::OpenedStore;
using support::Story;

struct Anchored {
  explicit Anchored(Story& story) : wal(story.log().bytes()), opened(story.Db().Build()) {
    log = raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(wal)}}, 1, &steps);
    keyspace::KeyChecker pass(*opened.store, &table);
    diag::FindingList unused;
    bolt::Check(AsBytes(opened.db), "db", {std::nullopt, 1, &pass}, unused);
    table.Seal();
  }
  // Of the first operation of the n-th step.
  std::optional<int64_t> RevisionOf(size_t step) {
    return anchors.RevisionOf(steps.of(0).ops[steps.of(0).steps[step].op]);
  }
  std::string wal;
  OpenedStore opened;
  LogSteps steps;
  raft::Log log;
  keyspace::RevisionTable table;
  KeyStates keys{false};
  RecordMatch match{*opened.store, keys};
  Anchors anchors{steps, log.surviving, table, match};
};

TEST(Anchors, AreRecordsThatBothWriteOnceOnly) {
  Story story;
  story.Put("a", "1").Put("b", "x").Put("b", "x").Delete("a").Put("c", "2");
  Anchored anchored(story);
  EXPECT_EQ(anchored.RevisionOf(0), 2);
  EXPECT_FALSE(anchored.RevisionOf(1)) << "written twice";
  EXPECT_FALSE(anchored.RevisionOf(3)) << "a deletion";
  EXPECT_EQ(anchored.RevisionOf(4), 6);
  EXPECT_TRUE(anchored.anchors.Holds(anchored.steps.of(0).ops[0].sum));
  EXPECT_FALSE(anchored.anchors.Holds(12345));
}

TEST(Anchors, AreNotWhatTheBackendLacks) {
  Story story;
  story.Put("a", "1").Put("a", "2").Compact(3);
  Anchored anchored(story);
  EXPECT_FALSE(anchored.RevisionOf(0)) << "compacted away";
  EXPECT_EQ(anchored.RevisionOf(1), 3);
}

}  // namespace
}  // namespace etcdmedic::witness
