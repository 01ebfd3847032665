// SPDX-License-Identifier: Apache-2.0
#include "objects/new_tree.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace etcdmedic::objects {
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

TEST(FileName, KeepsPlainNamesAndEscapesTheRest) {
  EXPECT_EQ(FileName("web-758c848bc7.v1_x"), "web-758c848bc7.v1_x");
  EXPECT_EQ(FileName("system:node"), "system%3Anode");
  EXPECT_EQ(FileName("a/b"), "a%2Fb");
  EXPECT_EQ(FileName("100%"), "100%25");
  EXPECT_EQ(FileName(".."), "%2E.");
  EXPECT_EQ(FileName("_cluster"), "%5Fcluster");
  EXPECT_EQ(FileName(""), "%");
  EXPECT_EQ(FileName(std::string_view("\0\xff", 2)), "%00%FF");
}

TEST(FileName, DifferentNamesNeverMeet) {
  std::set<std::string> seen;
  const std::string alphabet("a.%/~:2F", 8);
  size_t names = 0;
  for (const char a : alphabet)
    for (const char b : alphabet)
      for (const char c : alphabet)
        for (size_t size = 0; size <= 3; ++size)
          if (size == 3 || (c == 'a' && (size == 2 || (b == 'a' && (size == 1 || a == 'a'))))) {
            ++names;
            EXPECT_TRUE(seen.insert(FileName(std::string{a, b, c}.substr(0, size))).second);
          }
  EXPECT_EQ(names, 512u + 64 + 8 + 1);
  const std::string longest(253, 'x');
  EXPECT_LE(FileName(longest).size(), 200u);
  EXPECT_NE(FileName(longest), FileName(longest + "y"));
  EXPECT_EQ(FileName(std::string(200, 'x')), std::string(200, 'x'));
}

}  // namespace
}  // namespace etcdmedic::objects
