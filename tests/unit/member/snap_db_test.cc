// SPDX-License-Identifier: Apache-2.0
#include "member/snap_db.h"

#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/temp_folder.h"

namespace etcdmedic::member {
namespace {

using support::BigEndian64;

struct Folder {
  MemberState Load(const std::vector<std::string>& names) {
    MemberState state;
    for (const std::string& name : names)
      state.layout.snap_db.push_back({folder / name, "member/snap/" + name, 1});
    LoadSnapDbs(state);
    return state;
  }
  support::TempFolder folder;
};

std::string DbAt(uint64_t applied) {
  return support::KeySpace().Put("/a", "1").Meta("consistent_index", BigEndian64(applied)).Build();
}

TEST(SnapDbs, AreReadWithTheIndexOfTheirNames) {
  Folder files;
  files.folder.Write("000000000000012f.snap.db", DbAt(305));
  const MemberState state = files.Load({"000000000000012f.snap.db"});
  ASSERT_EQ(state.snap_dbs.size(), 1U);
  EXPECT_EQ(state.snap_dbs[0].index, 0x12fU);
  EXPECT_EQ(state.snap_dbs[0].consistent_index, 305U);
  EXPECT_TRUE(state.snap_dbs[0].db->sound);
  EXPECT_TRUE(state.snap_dbs[0].unopened.empty());
  EXPECT_EQ(SnapDbFor(state, 0x12f), &state.snap_dbs[0]);
  EXPECT_EQ(SnapDbFor(state, 0x130), nullptr);
}

TEST(SnapDbs, HaveNoIndexUnderAnyOtherName) {
  Folder files;
  const std::vector<std::string> names = {"12f.snap.db", "00000000000001xx.snap.db",
                                          "000000000000012f0.snap.db", "000000000000012f.snap.dbx"};
  for (const std::string& name : names) files.folder.Write(name, DbAt(1));
  for (const SnapDb& each : files.Load(names).snap_dbs) EXPECT_FALSE(each.index) << each.file;
}

TEST(SnapDbs, SayWhyTheyCannotBeRead) {
  Folder files;
  files.folder.Write("0000000000000001.snap.db", "not a db");
  const MemberState state = files.Load({"0000000000000001.snap.db", "0000000000000002.snap.db"});
  ASSERT_EQ(state.snap_dbs.size(), 2U);
  EXPECT_TRUE(state.snap_dbs[0].unopened.empty());
  EXPECT_FALSE(state.snap_dbs[0].consistent_index);
  EXPECT_FALSE(state.snap_dbs[0].db->meta);
  EXPECT_FALSE(state.snap_dbs[1].unopened.empty()) << "it is not there";
}

}  // namespace
}  // namespace etcdmedic::member
