// SPDX-License-Identifier: Apache-2.0
#include "member/file_names.h"

#include <gtest/gtest.h>

namespace etcdmedic::member {
namespace {

TEST(WithoutPacking, TakesEachPackingOff) {
  for (const char* name : {"db", "db.zst", "db.gz", "db.xz"}) EXPECT_EQ(WithoutPacking(name), "db") << name;
  EXPECT_EQ(WithoutPacking("db.zip"), "db.zip") << "an archive is not a file of a member";
}

TEST(KindOfName, KnowsPackedFiles) {
  EXPECT_EQ(KindOfName("x/0000000000000000-0000000000000000.wal.xz"), Kind::kSegment);
  EXPECT_EQ(KindOfName("copied.wal"), Kind::kSegment);
  EXPECT_EQ(KindOfName("a/b.snap.zst"), Kind::kSnapFile);
  EXPECT_EQ(KindOfName("a/db"), Kind::kDb);
  EXPECT_EQ(KindOfName("saved.db.gz"), Kind::kDb);
  EXPECT_EQ(KindOfName("saved"), std::nullopt);
}

TEST(ListInWal, SortsByName) {
  Layout layout;
  EXPECT_EQ(ListInWal("0000000000000000-0000000000000000.wal", layout), &layout.segments);
  EXPECT_EQ(ListInWal("0.tmp", layout), &layout.wal_tmp);
  EXPECT_EQ(ListInWal("0000000000000000-0000000000000000.wal.broken", layout), &layout.wal_broken);
  EXPECT_EQ(ListInWal("notes", layout), &layout.wal_stray);
}

TEST(ListInSnap, SortsByName) {
  Layout layout;
  EXPECT_EQ(ListInSnap("db", layout), &layout.db);
  EXPECT_EQ(ListInSnap("a.snap", layout), &layout.snapshots);
  EXPECT_EQ(ListInSnap("a.snap.db", layout), &layout.snap_db);
  EXPECT_EQ(ListInSnap("db.tmp.1", layout), &layout.snap_tmp);
  EXPECT_EQ(ListInSnap("a.snap.broken", layout), &layout.snap_broken);
  EXPECT_EQ(ListInSnap("notes", layout), nullptr);
}

TEST(ListOf, IsThatOfALoneFile) {
  Layout layout;
  EXPECT_EQ(&ListOf(Kind::kSegment, layout), &layout.segments);
  EXPECT_EQ(&ListOf(Kind::kSnapFile, layout), &layout.snapshots);
  EXPECT_EQ(&ListOf(Kind::kDb, layout), &layout.db);
}

}  // namespace
}  // namespace etcdmedic::member
