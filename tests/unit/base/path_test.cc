// SPDX-License-Identifier: Apache-2.0
#include "base/path.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace etcdmedic {
namespace {

TEST(Path, HasANameAFolderAndSiblings) {
  EXPECT_EQ(BaseName("a/b/c"), "c");
  EXPECT_EQ(BaseName("c"), "c");
  EXPECT_EQ(BaseName("a/"), "");
  EXPECT_EQ(FolderOf("a/b/c"), "a/b");
  EXPECT_EQ(FolderOf("/c"), "/");
  EXPECT_EQ(FolderOf("c"), ".");
  EXPECT_EQ(SiblingOf("a/b", "c"), "a/c");
  EXPECT_EQ(SiblingOf("/b", "c"), "/c");
  EXPECT_EQ(SiblingOf("b", "c"), "c");
}

TEST(ParseHex, TakesDigitsOfEitherCaseAndNothingElse) {
  EXPECT_EQ(ParseHex("8e9e05c52164694d"), 0x8e9e05c52164694dU);
  EXPECT_EQ(ParseHex("FF"), 255U);
  EXPECT_EQ(ParseHex("0000000000000000"), 0U);
  for (const char* other : {"", "0x1", "-1", "+1", " 1", "1 ", "g", "1ffffffffffffffff"})
    EXPECT_FALSE(ParseHex(other)) << other;
}

TEST(HexOf, HasTwoDigitsAByte) {
  EXPECT_EQ(HexOf(AsBytes(std::string_view("\x00\x0f\xff", 3))), "000fff");
  EXPECT_EQ(HexOf({}), "");
}

}  // namespace
}  // namespace etcdmedic
