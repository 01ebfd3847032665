// SPDX-License-Identifier: Apache-2.0
#include "bolt/copy.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/db_builder.h"
#include "support/memory_db.h"

namespace etcdmedic::bolt {
namespace {

using support::DbBuilder;
using support::MemoryDb;
using Entry = DbBuilder::Entry;

struct Copied {
  explicit Copied(const std::string& image) {
    const auto from = View::Open(AsBytes(image), "db", found);
    if (!from) return;
    Builder builder(sink, {4096, 90});
    auto done = Copy(*from, builder);
    if (done) result = *done;
    hash = ContentHash(*from);
  }
  std::vector<Entry> Entries(std::string_view bucket) {
    std::vector<Entry> entries;
    diag::FindingList none;
    const auto view = View::Open(AsBytes(sink.image), "copy", none);
    view->ForEach(bucket, [&](Bytes key, Bytes value) {
      return entries.emplace_back(AsText(key), AsText(value)), true;
    });
    EXPECT_TRUE(none.items.empty());
    if (result->sorted == 0) {
      EXPECT_EQ(hash, ContentHash(*view));
    }
    return entries;
  }
  diag::FindingList found;
  MemoryDb sink;
  uint32_t hash = 0;
  std::optional<CopyResult> result;
};

TEST(Copy, TakesEveryBucketAndEntry) {
  DbBuilder from;
  std::vector<Entry> entries;
  for (int i = 0; i < 500; ++i) {
    entries.emplace_back(fmt::format("k{:04}", i), std::string(static_cast<size_t>(i), 'v'));
    from.Add("key", entries.back().first, entries.back().second);
  }
  from.Bucket("empty").Add("meta", "term", "12345678");
  Copied copied(from.Build());
  ASSERT_TRUE(copied.result);
  EXPECT_EQ(copied.result->buckets, 3U);
  EXPECT_EQ(copied.result->built.entries, 501U);
  EXPECT_EQ(copied.Entries("key"), entries);
  EXPECT_EQ(copied.Entries("meta").size(), 1U);
  EXPECT_TRUE(copied.Entries("empty").empty());
}

TEST(Copy, SortsWhatIsOutOfOrderAndTakesOneOfEqualKeys) {
  Copied copied(DbBuilder()
                    .Add("key", "b", "1")
                    .Add("key", "a", "2")
                    .Add("key", "b", "3")
                    .Add("key", "c", "4")
                    .Build());
  ASSERT_TRUE(copied.result);
  EXPECT_EQ(copied.result->sorted, 1U);
  EXPECT_EQ(copied.result->repeated, 1U);
  EXPECT_EQ(copied.Entries("key"), (std::vector<Entry>{{"a", "2"}, {"b", "1"}, {"c", "4"}}));
}

TEST(Copy, LeavesOutKeysThatBboltCannotHold) {
  Copied copied(DbBuilder().Add("key", "", "none").Add("key", "a", "1").Build());
  ASSERT_TRUE(copied.result);
  EXPECT_EQ(copied.result->built.entries, 1U);
  EXPECT_EQ(copied.Entries("key"), (std::vector<Entry>{{"a", "1"}}));
}

TEST(Copy, TakesWhatCanBeReached) {
  DbBuilder from;
  for (int i = 0; i < 60; ++i) from.Add("key", fmt::format("k{:04}", i), "v");
  std::string image = from.Build();
  image.replace(3 * 4096, 4096, std::string(4096, '\0'));  // the second of five leaves
  Copied copied(image);
  EXPECT_FALSE(copied.found.items.empty());
  ASSERT_TRUE(copied.result);
  const auto entries = copied.Entries("key");
  EXPECT_EQ(entries.size(), 48U);
  EXPECT_EQ(entries.front().first, "k0000");
  EXPECT_EQ(entries.back().first, "k0059");
}

TEST(ContentHash, IsThatOfTheContentAlone) {
  const auto hash_of = [](const std::string& image) {
    diag::FindingList none;
    return ContentHash(*View::Open(AsBytes(image), "db", none));
  };
  const uint32_t hash = hash_of(DbBuilder(4096).Add("key", "a", "1").Build());
  EXPECT_EQ(hash, hash_of(DbBuilder(1024).Add("key", "a", "1").Build()));
  EXPECT_NE(hash, hash_of(DbBuilder(4096).Add("key", "a", "2").Build()));
  EXPECT_NE(hash, hash_of(DbBuilder(4096).Add("kez", "a", "1").Build()));
}

}  // namespace
}  // namespace etcdmedic::bolt
