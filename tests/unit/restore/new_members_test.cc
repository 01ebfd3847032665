// SPDX-License-Identifier: Apache-2.0
#include "restore/new_members.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_folder.h"

namespace etcdmedic::restore {
namespace {

using support::TempFolder;

Placement PlaceIn(const TempFolder& folder) {
  Placement placement;
  placement.cluster = *cluster::ParseNewCluster("a=http://a:1,b=http://b:1", "t");
  for (const cluster::Member& member : placement.cluster.members)
    placement.targets.push_back({member.id, member.name + "/"});
  placement.output = folder / "new";
  return placement;
}

Result<void> FillWith(bolt::PageSink& db) { return db.Write(0, AsBytes("pages")); }

TEST(NewMembers, AppearTogether) {
  const TempFolder folder;
  const Placement placement = PlaceIn(folder);
  {
    auto members = NewMembers::Begin(placement);
    ASSERT_TRUE(members && members->WriteDbs(FillWith) && members->Append("report", "text"));
    EXPECT_FALSE(std::filesystem::exists(folder / "new"));
    ASSERT_TRUE(members->Commit());
  }
  EXPECT_EQ(folder.Read("new/a/member/snap/db"), "pages");
  EXPECT_EQ(folder.Read("new/b/member/snap/db"), "pages");
  EXPECT_EQ(folder.Read("new/report"), "text");
  EXPECT_NE(folder.Read("new/a/member/wal/0000000000000000-0000000000000000.wal"),
            folder.Read("new/b/member/wal/0000000000000000-0000000000000000.wal"));
}

TEST(NewMembers, LeaveNothingWhereOneFails) {
  const TempFolder folder;
  const Placement placement = PlaceIn(folder);
  {
    auto members = NewMembers::Begin(placement);
    ASSERT_TRUE(members);
    EXPECT_FALSE(members->WriteDbs([](bolt::PageSink&) { return Fail(Errc::kLimit, "", "full"); }));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(NewMembers, TakeTheLogAwayAgainWhereTheRestCannotBePutInPlace) {
  const TempFolder folder;
  Placement placement = PlaceIn(folder);
  placement.targets.resize(1);
  placement.wal_dir = folder / "log";
  {
    auto members = NewMembers::Begin(placement);
    ASSERT_TRUE(members && members->WriteDbs(FillWith));
    folder.Write("new/in the way", "");
    EXPECT_FALSE(members->Commit());
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "log"));
  EXPECT_EQ(folder.Read("new/in the way"), "");
}

}  // namespace
}  // namespace etcdmedic::restore
