// SPDX-License-Identifier: Apache-2.0
#include "raft/conf_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/wal_builder.h"

namespace etcdmedic::raft {
namespace {

using support::Varint;
using support::WalBuilder;
using testing::ElementsAre;

std::string Change(char type, uint64_t node, const std::string& context = {}) {
  std::string change = std::string("\x08\x00\x10", 3) + type + "\x18" + Varint(node);
  if (!context.empty()) change += "\x22" + Varint(context.size()) + context;
  return change;
}

Log Read(const WalBuilder& builder) {
  return ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(builder.bytes())}}, 1);
}

TEST(ConfChanges, ReadWhatAChangeIsAbout) {
  WalBuilder builder;
  builder.Entry(1, 1, Change(0, 7, R"({"id":7,"name":"m1","peerURLs":["http://a"],"isPromote":true})"), 1);
  const auto changes = ConfChanges(Read(builder));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].node_id, 7U);
  EXPECT_EQ(changes[0].name, "m1");
  EXPECT_TRUE(changes[0].promote);
  EXPECT_THAT(changes[0].peer_urls, ElementsAre("http://a"));
}

TEST(ConfChanges, FollowTheVoters) {
  WalBuilder builder;
  builder.Entry(1, 1, Change(0, 7), 1).Entry(1, 2, Change(0, 8), 1).Entry(2, 3, Change(3, 9), 1);
  builder.Entry(2, 4, Change(1, 8), 1).Entry(2, 5, Change(0, 9), 1);
  const Log log = Read(builder);
  EXPECT_THAT(ConfStateAt(log, 3)->voters, ElementsAre(7U, 8U));
  EXPECT_THAT(ConfStateAt(log, 3)->learners, ElementsAre(9U));
  EXPECT_THAT(ConfStateAt(log, 5)->voters, ElementsAre(7U, 9U));
  EXPECT_TRUE(ConfStateAt(log, 5)->learners.empty());
}

TEST(ConfChanges, DoNotCountWhereALaterLeaderReplacedThem) {
  WalBuilder builder;
  builder.Entry(1, 1, Change(0, 7), 1).Entry(2, 2, Change(0, 8), 1).Entry(3, 2, "");
  EXPECT_THAT(ConfStateAt(Read(builder), 2)->voters, ElementsAre(7U));
}

TEST(ConfChanges, AreNotToldWhereTheLogDoesNotReachBack) {
  WalBuilder builder;
  builder.Entry(2, 10, Change(0, 7), 1);
  EXPECT_EQ(ConfStateAt(Read(builder), 10), std::nullopt);
}

TEST(ConfChanges, TellARestoreByItsSnapshotRecord) {
  WalBuilder restored;
  restored.Snapshot(0, 0).Entry(1, 1, Change(0, 7), 1).Entry(1, 2, Change(0, 8), 1).Snapshot(2, 1);
  EXPECT_EQ(EntriesOfRestore(Read(restored)), 2U);
  EXPECT_FALSE(BeginsEmpty(Read(restored)));
  WalBuilder bootstrapped;
  bootstrapped.Snapshot(0, 0).Entry(1, 1, Change(0, 7), 1).Entry(2, 2, "");
  EXPECT_EQ(EntriesOfRestore(Read(bootstrapped)), 0U);
  EXPECT_TRUE(BeginsEmpty(Read(bootstrapped)));
}

TEST(ConfChanges, TellASnapshotOfAnotherTermThanItsEntry) {
  WalBuilder builder;
  builder.Put(1, 1, "a", "v").Put(1, 2, "b", "v").Put(1, 3, "c", "v").Snapshot(2, 1);
  EXPECT_EQ(ReplacedUpTo(Read(builder)), 0U);
  builder.Snapshot(3, 2);
  EXPECT_EQ(ReplacedUpTo(Read(builder)), 3U);
  EXPECT_FALSE(BeginsEmpty(Read(builder)));
}

TEST(ConfChanges, TellWhatIsCommitted) {
  WalBuilder several;
  several.Entry(1, 1, Change(0, 1), 1).Entry(1, 2, Change(0, 9), 1).Put(2, 3, "k", "v").Put(2, 4, "k", "v");
  EXPECT_EQ(CommittedIn(Read(several)), 0U);
  several.State(2, 1, 3);
  EXPECT_EQ(CommittedIn(Read(several)), 3U);
  several.Snapshot(4, 2);
  EXPECT_EQ(CommittedIn(Read(several)), 4U);
  WalBuilder alone;  // of node 1
  alone.Entry(1, 1, Change(0, 1), 1).State(1, 1, 1).Put(2, 2, "k", "v");
  EXPECT_EQ(CommittedIn(Read(alone)), 2U);
}

TEST(ConfChanges, AreWrittenAsTheyAreRead) {
  const std::string data = EncodeConfChange(ConfChangeType::kAddLearnerNode, 7,
                                            R"({"id":7,"peerURLs":["http://a:1"],"name":"m"})");
  const auto change = ParseConfChange({1, 1, EntryType::kConfChange, data, 0, 0});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->type, ConfChangeType::kAddLearnerNode);
  EXPECT_EQ(change->node_id, 7U);
  EXPECT_EQ(change->name, "m");
  EXPECT_THAT(change->peer_urls, ElementsAre("http://a:1"));
}

TEST(ParseConfChange, IsWholeOrNothingInEachOfItsFields) {
  const std::string context = R"({"id":7,"name":"m1","peerURLs":["http://a"]})";
  size_t named = 0;
  support::ForEachPrefix(Change(0, 700, context), [&](Bytes prefix) {
    EntryMark mark;
    mark.type = EntryType::kConfChange;
    mark.data = std::string(AsText(prefix));
    const auto change = ParseConfChange(mark);
    if (!change) return;
    EXPECT_TRUE(change->node_id == 700 || change->node_id == 0);
    EXPECT_TRUE(change->name == "m1" || change->name.empty());
    named += change->name == "m1" ? 1 : 0;
  });
  EXPECT_EQ(named, 1U) << "the whole message alone";
}

TEST(ParseConfChange, IsNothingOfAnotherKindOfEntry) {
  EntryMark mark;
  mark.type = EntryType::kNormal;
  mark.data = Change(0, 7);
  EXPECT_FALSE(ParseConfChange(mark));
}

}  // namespace
}  // namespace etcdmedic::raft
