// SPDX-License-Identifier: Apache-2.0
#include "member/origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/temp_folder.h"
#include "support/wal_builder.h"

namespace etcdmedic::member {
namespace {

using support::KeySpace;
using support::TempFolder;
using support::WalBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kSegment = "member/wal/0000000000000000-0000000000000000.wal";

TEST(OriginOf, ReadsTheLogAndTheMembers) {
  const TempFolder folder;
  WalBuilder log;
  log.Snapshot(0, 0).Put(2, 1, "/a", "1");
  folder.Write(kSegment, log.bytes());
  support::DbBuilder builder = KeySpace().Put("/a", "1").Builder();
  builder.Add("members", "3", R"({"id":3,"peerURLs":["http://a"],"name":"one"})");
  builder.Add("members", "4", "not a document");
  builder.Add("members_removed", "5", "removed");
  const std::string db = builder.Build();
  folder.Write("member/snap/db", db);
  const Origin origin = OriginOf(*Recognise(folder.path()), AsBytes(db));
  EXPECT_EQ(origin.cluster_id, 2U);
  EXPECT_THAT(origin.members, ElementsAre(3, 4, 5));
  const Origin backup = OriginOf(*Recognise(folder / "member/snap/db"), AsBytes(db));
  EXPECT_EQ(backup.cluster_id, std::nullopt);
  EXPECT_THAT(backup.members, ElementsAre(3, 4, 5));
}

TEST(OriginOf, TakesWhatIsDamagedForUnknown) {
  const TempFolder folder;
  folder.Write("member/snap/db", "x");
  for (const std::string& log : {std::string(), std::string(4096, '\0'), std::string(4096, '\x7f')}) {
    folder.Write(kSegment, log);
    const Origin origin = OriginOf(*Recognise(folder.path()), AsBytes("x"));
    EXPECT_EQ(origin.cluster_id, std::nullopt);
    EXPECT_THAT(origin.members, IsEmpty());
  }
}

TEST(AreUnrelated, GoesByTheIdOrElseByTheMembers) {
  const Origin nothing, one{7, {1, 2}}, two{8, {1, 2}}, backup{{}, {2, 3}}, other{{}, {4}};
  EXPECT_TRUE(AreUnrelated(one, two)) << "as after a restore";
  EXPECT_FALSE(AreUnrelated(one, {7, {9}}));
  EXPECT_FALSE(AreUnrelated(one, backup)) << "member 2 is in both";
  EXPECT_TRUE(AreUnrelated(one, other));
  EXPECT_TRUE(AreUnrelated(backup, other));
  EXPECT_FALSE(AreUnrelated(one, nothing)) << "which says nothing";
  EXPECT_FALSE(AreUnrelated(nothing, nothing));
}

}  // namespace
}  // namespace etcdmedic::member
