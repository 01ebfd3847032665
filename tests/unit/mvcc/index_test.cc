// SPDX-License-Identifier: Apache-2.0
#include "mvcc/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::mvcc {
namespace {

using support::KeySpace;
using testing::ElementsAre;

// "key@main" of every change, in the index's order; a tombstone with a minus.
std::vector<std::string> Lines(const std::string& db, const KeyRange& range, int64_t newest,
                               diag::FindingSink& sink) {
  diag::FindingList none;
  const auto view = bolt::View::Open(AsBytes(db), "db", none);
  const KeyIndex index = KeyIndex::Build(*EntryTable::Read(*view, "key"), "db", range, newest, sink);
  std::vector<std::string> lines;
  index.ForEachKey([&](Numbers numbers) {
    for (const uint32_t number : numbers) {
      const Change change = index.At(number);
      EXPECT_EQ(index.IsTombstone(number), change.tombstone);
      lines.push_back((change.tombstone ? "-" : "") + std::string(change.kv.key) + "@" +
                      std::to_string(change.revision.main));
    }
    return true;
  });
  EXPECT_EQ(lines.size(), index.size());
  return lines;
}

TEST(KeyIndex, PutsRevisionsInTheOrderOfKeys) {
  const std::string db =
      KeySpace().Put("b", "1").Put("a", "2").Put("b", "3").Delete("a").Put("c", "4").Build();
  diag::FindingList found;
  EXPECT_THAT(Lines(db, EveryKey(), 99, found), ElementsAre("a@3", "-a@5", "b@2", "b@4", "c@6"));
  EXPECT_THAT(Lines(db, EveryKey(), 4, found), ElementsAre("a@3", "b@2", "b@4"));
  EXPECT_THAT(Lines(db, OneKey("b"), 99, found), ElementsAre("b@2", "b@4"));
  EXPECT_THAT(Lines(db, WithPrefix("c"), 99, found), ElementsAre("c@6"));
  EXPECT_TRUE(found.items.empty());
}

TEST(KeyIndex, ReportsWhatIsNotARevisionOrAKeyValue) {
  const std::string db = KeySpace()
                             .Put("a", "1")
                             .Builder()
                             .Add("key", support::BigEndian64(3) + "_" + support::BigEndian64(0), "\xFF\xFF")
                             .Add("key", "zzz", "x")
                             .Build();
  diag::FindingList found;
  EXPECT_THAT(Lines(db, EveryKey(), 99, found), ElementsAre("a@2"));
  ASSERT_EQ(found.items.size(), 2U);
  std::vector<diag::Code> codes{found.items[0].code, found.items[1].code};
  EXPECT_THAT(codes, testing::UnorderedElementsAre(diag::Code::kMvccRevision, diag::Code::kMvccValue));
}

TEST(KeyRange, IsAsEtcdsRequestsNameIt) {
  EXPECT_TRUE(OneKey("a").Contains("a"));
  EXPECT_FALSE(OneKey("a").Contains("aa"));
  EXPECT_TRUE((KeyRange{"b", std::string(1, '\0')}.Contains("zzz"))) << "every key from b on";
  EXPECT_FALSE((KeyRange{"b", std::string(1, '\0')}.Contains("a")));
  EXPECT_TRUE((KeyRange{"b", "d"}.Contains("c")));
  EXPECT_FALSE((KeyRange{"b", "d"}.Contains("d")));
  EXPECT_TRUE(WithPrefix("a\xFF").Contains("a\xFFz"));
  EXPECT_FALSE(WithPrefix("a\xFF").Contains("b"));
  EXPECT_TRUE(WithPrefix("\xFF\xFF").Contains("\xFF\xFF\xFF"));
  EXPECT_TRUE(WithPrefix("").Contains("a"));
  EXPECT_FALSE(EveryKey().Contains("")) << "no client can read it";
}

}  // namespace
}  // namespace etcdmedic::mvcc
