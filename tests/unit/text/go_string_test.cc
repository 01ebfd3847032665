// SPDX-License-Identifier: Apache-2.0
#include "text/go_string.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

std::optional<std::string> Read(std::string_view text) {
  size_t at = 0;
  auto read = ReadGoString(text, at);
  if (read) {
    EXPECT_EQ(at, text.size()) << text;
  }
  return read;
}

TEST(GoString, ReadsEveryEscape) {
  EXPECT_EQ(Read(R"("plain")"), "plain");
  EXPECT_EQ(Read(R"("")"), "");
  EXPECT_EQ(Read(R"("\a\b\f\n\r\t\v\\\"")"), "\a\b\f\n\r\t\v\\\"");
  EXPECT_EQ(Read(R"("\x00\xff\x7F")"), std::string("\0\xff\x7f", 3));
  EXPECT_EQ(Read(R"("\000\377\101")"), std::string("\0\xff\x41", 3));
  EXPECT_EQ(Read(R"("\u00e4\U0001F600")"), "\u00e4\U0001F600");
  EXPECT_EQ(Read(R"('single "quoted"')"), "single \"quoted\"");
}

TEST(GoString, StopsAfterItsQuote) {
  size_t at = 2;
  EXPECT_EQ(ReadGoString(R"(k:"v" rest)", at), "v");
  EXPECT_EQ(at, 5U);
}

TEST(GoString, IsNothingWhereItIsCutOrWrong) {
  const std::string whole = R"("a\x41\u00e4\101\n")";
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(Read(whole.substr(0, length))) << length;
  for (const char* text : {"plain", R"("\q")", R"("\xg0")", R"("\u12")", R"("\U00110000")"})
    EXPECT_FALSE(Read(text)) << text;
}

}  // namespace
}  // namespace etcdmedic::text
