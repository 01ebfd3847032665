// SPDX-License-Identifier: Apache-2.0
#include "bolt/cursor.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bolt/view.h"
#include "support/db_builder.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;
using support::DbBuilder;

constexpr int kEntries = 1000;  // 12 a leaf, under one branch

std::string KeyOf(int i) { return fmt::format("k{:06}", i); }

struct Opened {
  explicit Opened(std::string image) : bytes(std::move(image)) {
    view = View::Open(AsBytes(bytes), "db", found, {});
  }
  std::string bytes;
  diag::FindingList found;
  std::optional<View> view;
};

std::string Sample() {
  DbBuilder builder;
  builder.Bucket("empty");
  for (int i = 0; i < kEntries; ++i) builder.Add("key", KeyOf(i), std::string(30, 'v'));
  return builder.Build();
}

TEST(Cursor, GoesBothWaysAndSeeks) {
  Opened db(Sample());
  auto cursor = db.view->CursorOf("key");
  ASSERT_TRUE(cursor);
  int at = kEntries;
  for (bool more = cursor->Last(); more; more = cursor->Prev()) EXPECT_EQ(AsText(cursor->key()), KeyOf(--at));
  EXPECT_EQ(at, 0);
  for (const int i : {0, 1, 11, 12, 13, 500, kEntries - 1}) {
    ASSERT_TRUE(cursor->Seek(KeyOf(i)));
    EXPECT_EQ(AsText(cursor->key()), KeyOf(i));
    EXPECT_EQ(cursor->Next(), i + 1 < kEntries);
    ASSERT_TRUE(cursor->Seek(KeyOf(i) + "+") || i + 1 == kEntries);
    if (i + 1 < kEntries) {
      EXPECT_EQ(AsText(cursor->key()), KeyOf(i + 1));
    }
  }
  EXPECT_FALSE(cursor->Seek("l"));
  EXPECT_TRUE(cursor->Seek(""));
  EXPECT_EQ(AsText(cursor->key()), KeyOf(0));
}

TEST(Cursor, SplitsIntoTheSameEntries) {
  Opened db(Sample());
  for (size_t parts = 1; parts < 20; ++parts) {
    for (const size_t pieces : {1, 8}) {
      int at = 0;
      for (Cursor& part : db.view->CursorOf("key")->Split(parts, pieces)) {
        for (bool more = part.First(); more; more = part.Next()) EXPECT_EQ(AsText(part.key()), KeyOf(at++));
      }
      EXPECT_EQ(at, kEntries);
    }
  }
  EXPECT_EQ(db.view->CursorOf("key")->Split(4).size(), 4U);
  EXPECT_EQ(db.view->CursorOf("empty")->Split(4).size(), 1U);
}

// The leaf with entries 24 to 35 is zeros.
std::string WithoutALeaf() {
  std::string image = Sample();
  const size_t leaf = image.find(KeyOf(24)) / 4096 * 4096;
  return image.replace(leaf, 4096, 4096, '\0');
}

TEST(Cursor, SaysWhichKeysItCouldNotReach) {
  Opened db(WithoutALeaf());
  auto cursor = db.view->CursorOf("key");
  ASSERT_TRUE(cursor);
  EXPECT_FALSE(cursor->damaged());
  int count = 0;
  for (bool more = cursor->First(); more; more = cursor->Next()) ++count;
  EXPECT_EQ(count, kEntries - 12);
  ASSERT_TRUE(cursor->damaged());
  ASSERT_EQ(cursor->lost().size(), 1U);
  EXPECT_EQ(AsText(cursor->lost()[0].low), KeyOf(24));
  EXPECT_EQ(AsText(cursor->lost()[0].high), KeyOf(36));
}

TEST(Cursor, StepsOverDamageInBothDirectionsAndReportsItOnce) {
  Opened db(WithoutALeaf());
  auto cursor = db.view->CursorOf("key");
  ASSERT_TRUE(cursor->Seek(KeyOf(23)));
  ASSERT_TRUE(cursor->Next());
  EXPECT_EQ(AsText(cursor->key()), KeyOf(36));
  ASSERT_TRUE(cursor->Seek(KeyOf(36)));
  ASSERT_TRUE(cursor->Prev());
  EXPECT_EQ(AsText(cursor->key()), KeyOf(23));
  EXPECT_TRUE(cursor->Seek(KeyOf(30))) << "a key that is lost";
  EXPECT_EQ(AsText(cursor->key()), KeyOf(36));
  EXPECT_EQ(db.found.items.size(), 1U);
}

TEST(Cursor, IsNowhereInAnEmptyBucket) {
  Opened db(Sample());
  auto cursor = db.view->CursorOf("empty");
  ASSERT_TRUE(cursor);
  EXPECT_FALSE(cursor->First() || cursor->Last() || cursor->Next() || cursor->Prev() || cursor->Seek(""));
  EXPECT_FALSE(cursor->valid());
  EXPECT_FALSE(db.view->CursorOf("no such bucket"));
}

TEST(Cursor, NamesTheBucketsOfTheDirectory) {
  Opened db(Sample());
  Cursor buckets = db.view->Buckets();
  ASSERT_TRUE(buckets.First());
  EXPECT_TRUE(buckets.is_bucket());
  EXPECT_EQ(AsText(buckets.key()), "empty");
  ASSERT_TRUE(buckets.Next());
  EXPECT_EQ(AsText(buckets.key()), "key");
  EXPECT_FALSE(buckets.Next());
}

}  // namespace
}  // namespace etcdmedic::bolt
