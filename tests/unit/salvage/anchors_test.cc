// SPDX-License-Identifier: Apache-2.0
#include "salvage/anchors.h"

#include <gtest/gtest.h>

#include "salvage/copies.h"
#include "support/replayed.h"
#include "support/revision_db.h"
#include "support/story.h"

namespace etcdmedic::salvage {
namespace {

using etcdmedic::support::Replayed;
using etcdmedic::support::Story;
using support::Entries;
using support::Message;
using support::RevisionKey;

std::vector<replay::LogEntry> EntriesOf(Story& story, std::vector<std::string>& kept) {
  kept = {story.log().bytes()};
  return Replayed(kept).All();
}

TEST(Anchors, KnowThePutOfAnEntry) {
  Story story;
  story.Put("a", "1").Update("a", 2, "2", true).Delete("a").PutAndDelete("b", "3", "a").Empty();
  std::vector<std::string> kept;
  const auto entries = EntriesOf(story, kept);
  EXPECT_EQ(FirstPutOf(entries[0])->value, "1");
  EXPECT_EQ(FirstPutOf(entries[1])->value, "2");
  EXPECT_FALSE(FirstPutOf(entries[2]));
  EXPECT_EQ(FirstPutOf(entries[3])->key, "b");
  EXPECT_FALSE(FirstPutOf(entries[4]));
}

TEST(Anchors, TellTheRevisionWhereOneRecordHoldsThePut) {
  const Entries found{{RevisionKey(9), Message("a", 9, 9, 1, "once")},
                      {RevisionKey(10), Message("a", 9, 10, 2, "twice")},
                      {RevisionKey(11), Message("a", 9, 11, 3, "twice")}};
  const std::string image = support::Backend(found);
  std::vector<DbSource> sources{OpenDbSource(AsBytes(image), "db", 0, false)};
  const auto copies = FindCopies(sources, 1);
  Story story;
  story.Put("a", "once").Put("a", "twice").Put("a", "never").Put("b", "once").Put("a", "once", 5);
  std::vector<std::string> kept;
  const auto entries = EntriesOf(story, kept);
  const Anchors anchors(sources, copies, 1);
  EXPECT_EQ(anchors.RevisionOf(entries[0]), 9);
  for (size_t at = 1; at < entries.size(); ++at) EXPECT_FALSE(anchors.RevisionOf(entries[at])) << at;
  EXPECT_FALSE(Anchors(sources, copies, 10).RevisionOf(entries[0]));
}

}  // namespace
}  // namespace etcdmedic::salvage
