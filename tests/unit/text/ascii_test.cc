// SPDX-License-Identifier: Apache-2.0
#include "text/ascii.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

std::string Quoted(std::string_view text, size_t longest = 64) {
  std::string out;
  AppendQuoted(text, longest, out);
  return out;
}

TEST(Ascii, QuotesWhatMayBeAnything) {
  EXPECT_EQ(Quoted("a.b/c"), R"("a.b/c")");
  EXPECT_EQ(Quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted("\n\x7f\xc3\xa9"), R"("\x0a\x7f\xc3\xa9")");
  EXPECT_EQ(Quoted("abcd", 4), R"("abcd")");
  EXPECT_EQ(Quoted("abcde", 4), "\"abcd\"…");
}

TEST(Ascii, KnowsSpaceAndCase) {
  EXPECT_EQ(Trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(Trim(" \t"), "");
  EXPECT_EQ(Lower("PodS-\xC3\x89"), "pods-\xC3\x89");
  EXPECT_FALSE(IsDigit('9' + 1));
  EXPECT_FALSE(IsSpace('\v'));
}

}  // namespace
}  // namespace etcdmedic::text
