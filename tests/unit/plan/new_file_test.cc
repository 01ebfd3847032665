// SPDX-License-Identifier: Apache-2.0
#include "plan/new_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_folder.h"

namespace etcdmedic::plan {
namespace {

TEST(NewFile, IsThereOnceItIsKept) {
  const support::TempFolder folder;
  const std::string path = folder / "db";
  {
    auto file = NewFile::Create(path);
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->Write(0, AsBytes("aaaa")));
    ASSERT_TRUE((*file)->Write(4, AsBytes("bbbb")));
    ASSERT_TRUE((*file)->Write(1, AsBytes("X"))) << "the metas come last, and are at the start";
    ASSERT_TRUE((*file)->Keep());
  }
  EXPECT_EQ(folder.Read("db"), "aXaabbbb");
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U) << "a backend holds secrets";
}

TEST(NewFile, TakesBytesFromAnotherFileAtTheSamePlace) {
  const support::TempFolder folder;
  const std::string source(3 << 20, 's');
  folder.Write("source", source);
  auto file = NewFile::Create(folder / "db");
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->Write(0, AsBytes("head")));
  EXPECT_FALSE((*file)->CopyFrom(folder / "none", 4, 8));
  EXPECT_FALSE((*file)->CopyFrom(folder / "source", 4, source.size())) << "it has not so many";
  ASSERT_TRUE((*file)->CopyFrom(folder / "source", 4, source.size() - 4));
  ASSERT_TRUE((*file)->Write(source.size(), AsBytes("tail")));
  ASSERT_TRUE((*file)->Write(0, AsBytes("HEAD")));
  ASSERT_TRUE((*file)->Keep());
  EXPECT_EQ(folder.Read("db"), "HEAD" + source.substr(4) + "tail");
}

TEST(NewFile, IsGoneWhereItIsNot) {
  const support::TempFolder folder;
  {
    auto file = NewFile::Create(folder / "db");
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->Write(0, AsBytes("aaaa")));
    ASSERT_TRUE((*file)->Sync());
    EXPECT_EQ(folder.Read("db.partial"), "aaaa");
    EXPECT_EQ((*file)->place(), folder / "db.partial");
    EXPECT_FALSE(std::filesystem::exists(folder / "db")) << "a kill now leaves nothing that looks whole";
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "db.partial"));
}

TEST(NewFile, NeverReplacesAFile) {
  const support::TempFolder folder;
  folder.Write("db", "precious");
  const auto file = NewFile::Create(folder / "db");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::kRefused);
  EXPECT_EQ(folder.Read("db"), "precious");
  EXPECT_EQ(NewFile::Create(folder / "no/such/folder").error().code, Errc::kIo);
}

TEST(NewFile, LeavesAloneWhatIsInTheWay) {
  const support::TempFolder folder;
  {
    auto file = NewFile::Create(folder / "db");
    ASSERT_TRUE(file);
    folder.Write("db", "came meanwhile");
    EXPECT_EQ((*file)->Keep().error().code, Errc::kRefused);
  }
  EXPECT_EQ(folder.Read("db"), "came meanwhile");
  folder.Write("other.partial", "left by a kill");
  const auto again = NewFile::Create(folder / "other");
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().where.file.find("other.partial"), std::string::npos);
  EXPECT_EQ(folder.Read("other.partial"), "left by a kill");
}

TEST(NewFile, WritesMoreThanItsBuffer) {
  const support::TempFolder folder;
  std::string all;
  {
    auto file = NewFile::Create(folder / "db");
    ASSERT_TRUE(file);
    for (int i = 0; i < 300; ++i) {
      const std::string block(10007, static_cast<char>('a' + i % 26));
      ASSERT_TRUE((*file)->Write(all.size(), AsBytes(block)));
      all += block;
    }
    ASSERT_TRUE((*file)->Keep());
  }
  EXPECT_EQ(folder.Read("db"), all);
}

}  // namespace
}  // namespace etcdmedic::plan
