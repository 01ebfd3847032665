// SPDX-License-Identifier: Apache-2.0
#include "replay/machine.h"

#include <gtest/gtest.h>

#include "mvcc/hash.h"
#include "support/replayed.h"
#include "support/story.h"

namespace etcdmedic::replay {
namespace {

using support::BackendOf;
using support::Replayed;
using support::Story;

mvcc::HashKv HashOf(const std::string& db) {
  diag::FindingList found;
  const auto store = mvcc::Store::Open(AsBytes(db), "db", found);
  EXPECT_TRUE(store);
  return *mvcc::HashKvAt(*store, 0);
}

// Everything that the key space can meet.
Story Everything() {
  Story story;
  story.Put("a", "1").Put("b", "2").Grant(7).Put("c", "3", 7).RefusedPut("d", "4", 8);
  story.Update("a", 2, "updated", true).Update("a", 2, "too late", false).PutAndDelete("e", "5", "b");
  story.Delete("a", "d", {"a", "c"}).Empty().Put("f", "6", 7).Put("g", "7", 7).Compact(6);
  return story.Revoke(7, {"f", "g"}).Put("h", "8");
}

TEST(Machine, MakesTheBackendThatTheServerMade) {
  Story story = Everything();
  const std::vector<std::string> segments{story.log().bytes()};
  const Replayed log(segments);
  Machine machine({.minor = 6});
  for (const LogEntry& entry : log.All()) EXPECT_NE(machine.Apply(entry).effect, Effect::kUnknown);
  EXPECT_EQ(machine.index(), story.index());
  EXPECT_EQ(machine.keys().revision(), story.revision());
  const auto real = HashOf(story.Db().Build()), made = HashOf(BackendOf(machine));
  EXPECT_EQ(made.hash, real.hash);
  EXPECT_EQ(made.compact_revision, 6);
}

TEST(Machine, GoesOnFromABackendAtAnyEntry) {
  Story whole = Everything();
  const std::vector<std::string> segments{whole.log().bytes()};
  const Replayed log(segments);
  const auto all = log.All();
  const uint32_t real = HashOf(whole.Db().Build()).hash;
  for (size_t begin = 0; begin <= all.size(); ++begin) {
    Machine first({.minor = 6});
    for (size_t i = 0; i < begin; ++i) first.Apply(all[i]);
    const std::string base = BackendOf(first);
    diag::FindingList found;
    const auto store = mvcc::Store::Open(AsBytes(base), "base", found);
    ASSERT_TRUE(store);
    auto machine = Machine::From(*store, {.minor = 6}, found);
    ASSERT_TRUE(machine);
    EXPECT_EQ(machine->index(), begin);
    for (const LogEntry& entry : all) machine->Apply(entry);  // those applied before change nothing
    EXPECT_EQ(HashOf(BackendOf(*machine, &*store)).hash, real) << "from entry " << begin;
    EXPECT_TRUE(found.items.empty());
  }
}

// A beginning that knows the keys alone: a lease is there because a request names it.
TEST(Machine, GoesOnFromKeysThatWereFound) {
  Story story(etcdmedic::support::KeySpace(), 20);
  story.Put("a", "2", 7).Revoke(7, {"a"}).Put("b", "1", 8);
  const std::vector<std::string> segments{story.log().bytes()};
  const Replayed log(segments);
  Beginning beginning{.index = 20, .term = 2, .revision = 9, .keys = {{"a", {3, 4, 2, 0, "1"}}}};
  Machine machine = Machine::From(beginning, {.minor = 6});
  for (const LogEntry& entry : log.entries.Between(log.log, 20, 23)) machine.Apply(entry);
  EXPECT_EQ(machine.index(), 23U);
  EXPECT_EQ(machine.keys().revision(), 12);
  ASSERT_EQ(machine.keys().records().size(), 3U);
  EXPECT_EQ(machine.keys().records()[0].kv.version, 3);
  EXPECT_EQ(machine.keys().records()[0].kv.create_revision, 3);
  EXPECT_TRUE(machine.keys().records()[1].tombstone);
}

TEST(Machine, SaysWhatAnEntryDid) {
  Story story;
  story.Put("a", "1").RefusedPut("b", "2", 9).Empty();
  const std::vector<std::string> segments{story.log().bytes()};
  const auto all = Replayed(segments).All();
  Machine machine({});
  const Applied put = machine.Apply(all[0]);
  EXPECT_EQ(put.effect, Effect::kDone);
  EXPECT_EQ(put.revision, 2);
  EXPECT_EQ(put.first_record, 0U);
  const Applied refused = machine.Apply(all[1]);
  EXPECT_EQ(refused.effect, Effect::kRefused);
  EXPECT_EQ(refused.revision, 0);
  EXPECT_EQ(machine.Apply(all[2]).effect, Effect::kNone);
  EXPECT_EQ(machine.index(), 3U);
}

}  // namespace
}  // namespace etcdmedic::replay
