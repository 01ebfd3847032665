// SPDX-License-Identifier: Apache-2.0
#include "objects/file_name.h"

#include <gtest/gtest.h>

#include <set>

namespace etcdmedic::objects {
namespace {

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
