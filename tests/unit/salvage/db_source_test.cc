// SPDX-License-Identifier: Apache-2.0
#include "salvage/db_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/protobuf_text.h"
#include "support/revision_db.h"

namespace etcdmedic::salvage {
namespace {

using testing::IsEmpty;
using testing::Not;

DbSource Open(const std::string& image) { return OpenDbSource(AsBytes(image), "db", 3, false); }

const support::Entries kMeta{{"consistent_index", std::string("\0\0\0\0\0\0\1\2", 8)},
                             {"finishedCompactRev", support::RevisionKey(5)},
                             {"scheduledCompactRev", support::RevisionKey(7)}};

TEST(DbSource, KnowsASoundDb) {
  const std::string image = support::Backend(support::Puts(800), kMeta);
  const DbSource source = Open(image);
  EXPECT_TRUE(source.readable);
  EXPECT_TRUE(source.newest_meta);
  EXPECT_THAT(source.lost, IsEmpty());
  EXPECT_EQ(source.compacted, 7);
  EXPECT_EQ(source.consistent_index, 0x102U);
  EXPECT_EQ(source.scan.source, 3);
  for (const auto& [name, bucket] : source.buckets) EXPECT_TRUE(bucket.complete && bucket.newest) << name;
}

TEST(DbSource, SaysWhichRevisionsAreLost) {
  std::string image = support::Backend(support::Puts(800));
  const auto uses = Open(image).scan.uses;
  const auto leaf = static_cast<size_t>(std::ranges::find(uses, PageUse::kLive) - uses.begin()) + 3;
  ASSERT_EQ(uses[leaf], PageUse::kLive);
  image.replace(leaf * 1024, 1024, 1024, '\0');
  const DbSource source = Open(image);
  ASSERT_THAT(source.lost, Not(IsEmpty()));
  EXPECT_FALSE(source.Lost(2));
  EXPECT_TRUE(source.Lost(source.lost[0].first));
  EXPECT_FALSE(source.Lost(700));
}

TEST(DbSource, TakesTheOlderMetaPageWhereTheNewerIsDamaged) {
  std::string image = support::Backend(support::Puts(50), kMeta);
  image[40] = static_cast<char>(image[40] ^ 1);
  const DbSource source = Open(image);
  EXPECT_TRUE(source.readable);
  EXPECT_FALSE(source.newest_meta);
  EXPECT_EQ(source.compacted, 7);
}

TEST(DbSource, LosesEverythingWithBothMetaPagesButFindsTheBuckets) {
  std::string image = support::Backend(support::Puts(300), kMeta);
  image.replace(0, 2048, 2048, '\0');
  const DbSource source = Open(image);
  EXPECT_TRUE(source.Lost(2));
  EXPECT_TRUE(source.Lost(INT64_MAX));
  EXPECT_EQ(source.consistent_index, 0x102U);
}

// etcd does not start with a lease or a user that it cannot read.
TEST(DbSource, LeavesOutEntriesThatEtcdCannotRead) {
  const std::string lease = test::Number(1, 7) + test::Number(2, 60), user = test::Delimited(1, "root");
  const std::string image = etcdmedic::support::KeySpace()
                                .Builder()
                                .Add("lease", etcdmedic::support::BigEndian64(7), lease)
                                .Add("lease", etcdmedic::support::BigEndian64(8), "\xFF")
                                .Add("authUsers", "root", user)
                                .Add("authUsers", "some", user)
                                .Build();
  const DbSource source = Open(image);
  for (const char* const name : {"lease", "authUsers"}) {
    const SmallBucket& bucket = source.buckets.at(name);
    EXPECT_EQ(bucket.entries.size(), 1U) << name;
    EXPECT_FALSE(bucket.complete) << name;
  }
}

TEST(DbSource, IsHarmedByNothing) {
  const std::string image = support::Backend(support::Puts(60), kMeta);
  for (size_t size = 0; size <= image.size(); size += 97) Open(image.substr(0, size));
  EXPECT_FALSE(Open("").readable);
  EXPECT_FALSE(Open(std::string(8192, '\xFF')).readable);
}

}  // namespace
}  // namespace etcdmedic::salvage
