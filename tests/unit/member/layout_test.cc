// SPDX-License-Identifier: Apache-2.0
#include "member/layout.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace etcdmedic::member {
namespace {

namespace fs = std::filesystem;

constexpr char kSegment[] = "0000000000000000-0000000000000000.wal";

class LayoutTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/etcdmedic-layout-XXXXXX";
    folder_ = mkdtemp(pattern);
    fs::create_directories(Path("data/member/snap"));
    fs::create_directories(Path("log"));
    Touch("data/member/snap/db");
    Touch(std::string("log/") + kSegment);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  void Touch(const std::string& name) const { std::ofstream(Path(name)) << "x"; }
  std::string folder_;
};

TEST_F(LayoutTest, ReadsALogThatLiesElsewhere) {
  const auto alone = Recognise(Path("data"));
  ASSERT_TRUE(alone);
  EXPECT_TRUE(alone->wal_dir.empty());
  EXPECT_FALSE(alone->wal_folder);
  const auto layout = Recognise(Path("data"), Path("log/"));
  ASSERT_TRUE(layout) << layout.error().what;
  EXPECT_EQ(layout->kind, Kind::kDataDir);
  EXPECT_TRUE(layout->wal_elsewhere);
  ASSERT_EQ(layout->segments.size(), 1U);
  EXPECT_EQ(layout->segments[0].name, Path("log/") + kSegment);  // not below the root: absolute
  ASSERT_EQ(layout->db.size(), 1U);
  EXPECT_EQ(layout->db[0].name, "member/snap/db");
}

TEST_F(LayoutTest, TheLogThatIsGivenIsTheOnlyOne) {
  fs::create_directories(Path("data/member/wal"));
  Touch("data/member/wal/0000000000000007-0000000000000007.wal");
  const auto layout = Recognise(Path("data"), Path("log"));
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->segments.size(), 1U);
  EXPECT_TRUE(layout->segments[0].name.ends_with(kSegment));
}

TEST_F(LayoutTest, RefusesALogDirectoryThatMakesNoSense) {
  EXPECT_EQ(Recognise(Path("data"), Path("none")).error().what, "does not exist");
  EXPECT_EQ(Recognise(Path("data/member/snap/db"), Path("log")).error().code, Errc::kUsage);
  EXPECT_EQ(Recognise(Path("log"), Path("log")).error().code, Errc::kUsage);
  EXPECT_EQ(Recognise({Path("log"), Path("data")}, Path("log")).error().code, Errc::kUsage);
}

TEST_F(LayoutTest, ListsWhatBearsAFilesNameWhateverItIs) {
  fs::create_directories(Path("data/member/wal/") + kSegment);
  mkfifo(Path("data/member/snap/0000000000000002-0000000000000003.snap").c_str(), 0600);
  fs::remove(Path("data/member/snap/db"));
  ASSERT_EQ(symlink("/nonexistent", Path("data/member/snap/db").c_str()), 0);
  const auto layout = Recognise(Path("data"));
  ASSERT_TRUE(layout);
  ASSERT_EQ(layout->segments.size(), 1U);
  EXPECT_EQ(layout->segments[0].kind, FileKind::kDirectory);
  ASSERT_EQ(layout->snapshots.size(), 1U);
  EXPECT_EQ(layout->snapshots[0].kind, FileKind::kFifo);
  ASSERT_EQ(layout->db.size(), 1U);
  EXPECT_EQ(layout->db[0].kind, FileKind::kDanglingLink);
  EXPECT_FALSE(IsRunning(*layout).running);  // and does not wait for the FIFO
}

TEST_F(LayoutTest, NotesALinkToNothingInPlaceOfAFolder) {
  ASSERT_EQ(symlink("/nonexistent", Path("data/member/wal").c_str()), 0);
  const auto layout = Recognise(Path("data"));
  ASSERT_TRUE(layout);
  EXPECT_TRUE(layout->wal_dir.empty());
  ASSERT_TRUE(layout->wal_folder);
  EXPECT_EQ(layout->wal_folder->kind, FileKind::kDanglingLink);
}

TEST_F(LayoutTest, NamesAFileOfAnotherKind) {
  std::ofstream(Path("backup")) << "%PDF-1.7\n" << std::string(100, 'x');
  auto layout = Recognise(Path("backup"));
  ASSERT_FALSE(layout);
  EXPECT_NE(layout.error().what.find(", but "), std::string::npos) << layout.error().what;
  std::ofstream(Path("backup")) << "PK\x03\x04" << std::string(100, 'x');
  layout = Recognise(Path("backup"));
  ASSERT_FALSE(layout);
  EXPECT_NE(layout.error().what.find("damaged or cut short"), std::string::npos) << layout.error().what;
}

}  // namespace
}  // namespace etcdmedic::member
