// SPDX-License-Identifier: Apache-2.0
#include "replay/backend_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/replayed.h"
#include "support/story.h"

namespace etcdmedic::replay {
namespace {

using support::BackendOf;
using support::Story;

std::map<std::string, std::string> BucketOf(const std::string& db, std::string_view bucket) {
  std::map<std::string, std::string> entries;
  diag::FindingList found;
  const auto store = mvcc::Store::Open(AsBytes(db), "db", found);
  EXPECT_TRUE(store);
  store->view().ForEach(bucket, [&](Bytes key, Bytes value) {
    entries.emplace(AsText(key), AsText(value));
    return true;
  });
  EXPECT_TRUE(found.items.empty());
  return entries;
}

TEST(BackendWriter, WritesRecordByRecordWhatTheServerHas) {
  Story story;
  story.Put("a", "1").Put("b", "2").Put("a", "3").Delete("b").Put("c", "4").Compact(5).Put("a", "5");
  const std::vector<std::string> segments{story.log().bytes()};
  Machine machine({});
  for (const LogEntry& entry : support::Replayed(segments).All()) machine.Apply(entry);
  EXPECT_EQ(BucketOf(BackendOf(machine), "key"), BucketOf(story.Db().Build(), "key"));
}

TEST(BackendWriter, TakesOverWhatNoEntryChanged) {
  Story story;
  story.Put("a", "1");
  const std::string base = story.Db().Add("alarm", "odd", "kept").Add("cluster", "mine", "too").Build();
  diag::FindingList found;
  const auto store = mvcc::Store::Open(AsBytes(base), "db", found);
  ASSERT_TRUE(store);
  const auto machine = Machine::From(*store, {}, found);
  ASSERT_TRUE(machine);
  const std::string made = BackendOf(*machine, &*store);
  for (const char* bucket : {"alarm", "cluster", "key", "members", "auth"})
    EXPECT_EQ(BucketOf(made, bucket), BucketOf(base, bucket)) << bucket;
  EXPECT_EQ(BucketOf(made, "meta")["consistent_index"], support::BigEndian64(1));
}

TEST(BackendWriter, NamesTheEntryThatItReachesTo) {
  Story story;
  story.Put("a", "1").Put("b", "2");
  const std::vector<std::string> segments{story.log().bytes()};
  const support::Replayed log(segments);
  for (const unsigned minor : {4U, 6U}) {
    Machine machine({.minor = minor});
    for (const LogEntry& entry : log.All()) machine.Apply(entry);
    const auto meta = BucketOf(BackendOf(machine), "meta");
    EXPECT_EQ(meta.at("consistent_index"), support::BigEndian64(2));
    EXPECT_EQ(meta.contains("term"), minor >= 5) << "etcd 3.4 does not know it";
  }
}

}  // namespace
}  // namespace etcdmedic::replay
