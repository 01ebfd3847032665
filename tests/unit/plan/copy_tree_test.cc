// SPDX-License-Identifier: Apache-2.0
#include "plan/copy_tree.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_folder.h"

namespace etcdmedic::plan {
namespace {

TEST(CopyTree, CopiesWhatAMemberNeeds) {
  const support::TempFolder from, to;
  const std::string db = from.Write("member/snap/db", std::string(3000000, 'd'));
  from.Write("member/wal/x.wal", "log");
  from.Write("elsewhere", "linked");
  ASSERT_EQ(symlink((from / "elsewhere").c_str(), (from / "member/link").c_str()), 0);
  chmod(db.c_str(), 0640);
  const timespec times[2] = {{1000, 5}, {2000, 7}};
  ASSERT_EQ(utimensat(AT_FDCWD, db.c_str(), times, 0), 0);
  const auto done = CopyTree(from / "member", to / "copy");
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_TRUE(done->empty());
  EXPECT_EQ(to.Read("copy/snap/db"), std::string(3000000, 'd'));
  EXPECT_EQ(to.Read("copy/wal/x.wal"), "log");
  EXPECT_EQ(to.Read("copy/link"), "linked") << "what a link leads to";
  struct stat info {};
  ASSERT_EQ(stat((to / "copy/snap/db").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0640U);
  EXPECT_EQ(info.st_mtim.tv_sec, 2000);
  EXPECT_EQ(info.st_mtim.tv_nsec, 7);
}

TEST(CopyTree, SaysWhatItCannotRead) {
  const support::TempFolder to;
  EXPECT_FALSE(CopyTree("/nonexistent", to / "copy"));
}

}  // namespace
}  // namespace etcdmedic::plan
