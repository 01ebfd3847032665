// SPDX-License-Identifier: Apache-2.0
#include "plan/overlay.h"

#include <gtest/gtest.h>

#include "support/temp_folder.h"

namespace etcdmedic::plan {
namespace {

std::string Read(const Files& files, const std::string& path) {
  const auto file = files.Read(path);
  return file ? std::string(AsText(file->bytes())) : "(" + file.error().what + ")";
}

class OverlayTest : public testing::Test {
 protected:
  void SetUp() override { a_ = folder_.Write("a", std::string(10000, 'a')); }
  support::TempFolder folder_;
  std::string a_;
  Overlay overlay_;
};

TEST_F(OverlayTest, ShowsTheDiskUntilAnEditChangesIt) {
  EXPECT_TRUE(overlay_.Exists(a_));
  EXPECT_TRUE(overlay_.Unchanged(a_));
  EXPECT_EQ(overlay_.SourceOf(a_), a_);
  ASSERT_TRUE(overlay_.WriteAt(a_, 5, AsBytes("XYZ")));
  ASSERT_TRUE(overlay_.Resize(a_, 7));
  ASSERT_TRUE(overlay_.Resize(a_, 12));
  EXPECT_EQ(Read(overlay_, a_), std::string("aaaaaXY\0\0\0\0\0", 12))
      << "what was cut off does not come back";
  EXPECT_FALSE(overlay_.Unchanged(a_));
  EXPECT_EQ(folder_.Read("a"), std::string(10000, 'a'));
}

TEST_F(OverlayTest, CarriesEditsAlongWithAName) {
  const std::string b = folder_ / "b", c = folder_ / "c";
  ASSERT_TRUE(overlay_.WriteAt(a_, 0, AsBytes("X")));
  ASSERT_TRUE(overlay_.Rename(a_, b));
  EXPECT_FALSE(overlay_.Exists(a_));
  EXPECT_EQ(Read(overlay_, b).substr(0, 2), "Xa");
  EXPECT_EQ(overlay_.SourceOf(b), a_);
  ASSERT_TRUE(overlay_.Create(a_, AsBytes("new"), {}));
  EXPECT_EQ(overlay_.SourceOf(a_), "");
  ASSERT_TRUE(overlay_.Rename(b, c));
  ASSERT_TRUE(overlay_.Remove(a_));
  EXPECT_FALSE(overlay_.Exists(a_));
  EXPECT_FALSE(overlay_.Exists(b));
  EXPECT_TRUE(overlay_.Exists(c));
  EXPECT_FALSE(overlay_.Read(a_)) << "though it is on the disk";
}

TEST_F(OverlayTest, RemembersAttributes) {
  const auto before = overlay_.AttributesOf(a_);
  ASSERT_TRUE(before);
  Attributes changed = *before;
  changed.owner.mode = 0640;
  changed.mtime_s = 1000;
  ASSERT_TRUE(overlay_.SetAttributes(a_, changed));
  EXPECT_EQ(overlay_.AttributesOf(a_)->owner.mode, 0640U);
  EXPECT_EQ(overlay_.AttributesOf(a_)->mtime_s, 1000);
  EXPECT_TRUE(overlay_.Unchanged(a_)) << "its bytes are";
}

TEST_F(OverlayTest, FailsOnAFileThatIsNotThere) {
  const std::string none = folder_ / "none";
  EXPECT_FALSE(overlay_.WriteAt(none, 0, AsBytes("x")));
  EXPECT_FALSE(overlay_.Resize(none, 0));
  EXPECT_FALSE(overlay_.AttributesOf(none));
  EXPECT_FALSE(overlay_.Read(none));
}

}  // namespace
}  // namespace etcdmedic::plan
