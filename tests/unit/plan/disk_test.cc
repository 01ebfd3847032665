// SPDX-License-Identifier: Apache-2.0
#include "plan/disk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_folder.h"

namespace etcdmedic::plan {
namespace {

TEST(Disk, MakesAFileWholeOrNotAtAll) {
  const support::TempFolder folder;
  const std::string path = folder / "a";
  Disk disk;
  ASSERT_TRUE(disk.Create(path, AsBytes("content"), {getuid(), getgid(), 0640}));
  EXPECT_EQ(folder.Read("a"), "content");
  EXPECT_FALSE(std::filesystem::exists(UnfinishedName(path)));
  EXPECT_EQ(disk.AttributesOf(path)->owner.mode, 0640U);
  EXPECT_TRUE(disk.not_given().empty());
  EXPECT_FALSE(disk.Create(folder / "no/a", AsBytes("content"), {}));
}

// Whoever owns the directory may have put something under the name of the unfinished file.
TEST(Disk, WritesToNoFileThatWasThere) {
  const support::TempFolder folder;
  const std::string path = folder / "a", victim = folder.Write("victim", "mine");
  Disk disk;
  std::filesystem::create_hard_link(victim, UnfinishedName(path));
  ASSERT_TRUE(disk.Create(path, AsBytes("content"), {getuid(), getgid(), 0600}));
  EXPECT_EQ(folder.Read("victim"), "mine");
  EXPECT_EQ(folder.Read("a"), "content");
  std::filesystem::create_symlink(victim, UnfinishedName(path));
  ASSERT_TRUE(disk.Create(path, AsBytes("again"), {getuid(), getgid(), 0600}));
  EXPECT_EQ(folder.Read("victim"), "mine");
  ASSERT_EQ(mkfifo(UnfinishedName(path).c_str(), 0600), 0);
  ASSERT_TRUE(disk.Create(path, AsBytes("more"), {getuid(), getgid(), 0600}));
  EXPECT_EQ(folder.Read("a"), "more");
}

TEST(Disk, StaysOutsideOfTheMemberOfADb) {
  const support::TempFolder folder;
  const std::string db = folder.Write("data/member/snap/db", "x"), lone = folder.Write("backup.db", "x");
  EXPECT_FALSE(StaysOutside(folder / "data/member/snap/new", db));
  EXPECT_FALSE(StaysOutside(folder / "data/new", db));
  EXPECT_TRUE(StaysOutside(folder / "new", db));
  EXPECT_TRUE(StaysOutside(folder / "new", lone));
}

TEST(Disk, SaysBeforeItChangesSomething) {
  const support::TempFolder folder;
  const std::string path = folder.Write("a", "0123456789");
  size_t calls = 0;
  Disk disk([&] { ++calls; });
  EXPECT_TRUE(disk.Exists(path));
  EXPECT_TRUE(disk.Read(path));
  EXPECT_TRUE(disk.AttributesOf(path));
  EXPECT_EQ(calls, 0U);
  size_t before = 0;
  const auto counted = [&](const Result<void>& done) {
    EXPECT_TRUE(done);
    EXPECT_GT(calls, before);
    before = calls;
  };
  counted(disk.WriteAt(path, 3, AsBytes("x")));
  counted(disk.Resize(path, 5));
  counted(disk.SetOwner(path, {getuid(), getgid(), 0600}));
  counted(disk.Rename(path, folder / "b"));
  EXPECT_EQ(folder.Read("b"), "012x4");
  counted(disk.Remove(folder / "b"));
  EXPECT_FALSE(disk.Exists(folder / "b"));
}

TEST(Disk, PutsTimesBack) {
  const support::TempFolder folder;
  const std::string path = folder.Write("a", "x");
  Disk disk;
  Attributes attributes = *disk.AttributesOf(path);
  attributes.mtime_s = 12345;
  attributes.mtime_ns = 678;
  attributes.owner.mode = 0644;
  ASSERT_TRUE(disk.SetAttributes(path, attributes));
  const Attributes after = *disk.AttributesOf(path);
  EXPECT_EQ(after.mtime_s, 12345);
  EXPECT_EQ(after.mtime_ns, 678);
  EXPECT_EQ(after.owner, attributes.owner);
}

TEST(Disk, PassesOnWhatTheSystemSays) {
  const support::TempFolder folder;
  Disk disk;
  const std::string none = folder / "none";
  EXPECT_EQ(disk.WriteAt(none, 0, AsBytes("x")).error().code, Errc::kIo);
  EXPECT_EQ(disk.Resize(none, 0).error().code, Errc::kIo);
  EXPECT_EQ(disk.Rename(none, folder / "b").error().code, Errc::kIo);
  EXPECT_EQ(disk.Remove(none).error().code, Errc::kIo);
  EXPECT_EQ(disk.AttributesOf(none).error().code, Errc::kIo);
  EXPECT_EQ(disk.Sync(none).error().code, Errc::kIo);
}

TEST(OwnershipForNew, IsThatOfItsLike) {
  const support::TempFolder folder;
  EXPECT_EQ(OwnershipForNew(folder / "x.wal").mode, 0600U);
  EXPECT_EQ(OwnershipForNew(folder / "x.snap").mode, 0644U);
  chmod(folder.Write("a.wal", "").c_str(), 0640);
  EXPECT_EQ(OwnershipForNew(folder / "x.wal").mode, 0640U);
  EXPECT_EQ(OwnershipForNew(folder / "x.wal").uid, getuid());
}

}  // namespace
}  // namespace etcdmedic::plan
