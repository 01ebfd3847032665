// SPDX-License-Identifier: Apache-2.0
#include "plan/new_tree.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

class NewTreeTest : public testing::Test {
 protected:
  NewTreeTest()
      : folder_(testing::TempDir() + "/new_tree_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  ~NewTreeTest() override { fs::remove_all(folder_); }
  std::string Path() const { return folder_ + "/out"; }
  static std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool NothingLeft() const { return fs::is_empty(folder_); }
  std::string folder_;
};

TEST_F(NewTreeTest, IsThereOnlyAfterCommit) {
  auto tree = NewTree::Begin(Path() + "/");
  ASSERT_TRUE(tree);
  ASSERT_TRUE(tree->Write("a/b/c.yaml", "x: 1\n"));
  ASSERT_TRUE(tree->Append("index", "one\n"));
  ASSERT_TRUE(tree->Append("index", "two\n"));
  EXPECT_FALSE(fs::exists(Path()));
  ASSERT_TRUE(tree->Commit());
  EXPECT_EQ(Read(Path() + "/a/b/c.yaml"), "x: 1\n");
  EXPECT_EQ(Read(Path() + "/index"), "one\ntwo\n");
  struct stat status {};
  ASSERT_EQ(stat((Path() + "/a/b/c.yaml").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(stat((Path() + "/a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  EXPECT_FALSE(fs::exists(Path() + ".partial"));
}

TEST_F(NewTreeTest, LeavesNothingBehindWithoutCommit) {
  {
    auto tree = NewTree::Begin(Path());
    ASSERT_TRUE(tree);
    ASSERT_TRUE(tree->Write("a/b", "x"));
    EXPECT_FALSE(NothingLeft());
  }
  EXPECT_TRUE(NothingLeft());
}

TEST_F(NewTreeTest, TakesAnEmptyDirectoryAndRefusesAnythingElse) {
  fs::create_directory(Path());
  {
    auto tree = NewTree::Begin(Path());
    ASSERT_TRUE(tree && tree->Write("a", "x") && tree->Commit());
  }
  const auto again = NewTree::Begin(Path());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::kRefused);
  EXPECT_EQ(Read(Path() + "/a"), "x");
  EXPECT_FALSE(NewTree::Begin(Path() + "/a"));
}

TEST_F(NewTreeTest, RefusesWhatCameInBetween) {
  auto tree = NewTree::Begin(Path());
  ASSERT_TRUE(tree && tree->Write("a", "x"));
  fs::create_directories(Path() + "/theirs");
  const auto committed = tree->Commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, Errc::kRefused);
  EXPECT_TRUE(fs::exists(Path() + "/theirs"));
}

TEST_F(NewTreeTest, DoesNotTouchWhatAnotherRunLeft) {
  fs::create_directory(Path() + ".partial");
  ASSERT_FALSE(NewTree::Begin(Path()));
  EXPECT_TRUE(fs::exists(Path() + ".partial"));
}

TEST_F(NewTreeTest, NeverWritesOneFileTwice) {
  auto tree = NewTree::Begin(Path());
  ASSERT_TRUE(tree && tree->Write("a", "x"));
  EXPECT_EQ(tree->Write("a", "y").error().code, Errc::kRefused);
}

}  // namespace
}  // namespace etcdmedic::plan
