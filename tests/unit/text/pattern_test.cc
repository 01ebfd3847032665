// SPDX-License-Identifier: Apache-2.0
#include "text/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace etcdmedic::text {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

TEST(FindBytes, AgreesWithTheStandardLibrary) {
  std::mt19937 random(5);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 90, ' ');
    for (char& c : bytes) c = static_cast<char>("ab\0\xFF"[random() % 4]);
    const size_t size = random() % 7;
    const size_t from = bytes.size() > size ? random() % (bytes.size() - size) : 0;
    std::string needle = random() % 2 == 0 ? bytes.substr(from, size) : std::string(size, 'a');
    if (random() % 3 == 0 && !needle.empty()) needle.back() = 'b';
    ASSERT_EQ(FindBytes(bytes, needle), std::string_view(bytes).find(needle)) << round;
  }
  EXPECT_EQ(FindBytes("", "a"), std::string_view::npos);
  EXPECT_EQ(FindBytes({}, ""), 0U);
  EXPECT_EQ(FindBytes(std::string(40, 'x') + "needle", "needle"), 40U);
}

TEST(Pattern, FindsATextAsItIs) {
  const Pattern dot = Pattern::Literal("a.c");
  EXPECT_FALSE(dot.In("abc"));
  EXPECT_TRUE(dot.In("\0xa.c"s));
  EXPECT_EQ(dot.Find("..a.c")->offset, 2U);
  EXPECT_EQ(dot.Find("..a.c")->length, 3U);
  EXPECT_FALSE(dot.Find("abc"));
  EXPECT_TRUE(dot.Clone().In("a.c"));
}

TEST(Pattern, MatchesExpressionsLineByLine) {
  const auto pattern = Pattern::Regex("^image: (nginx|redis):[0-9.]+$");
  ASSERT_TRUE(pattern);
  EXPECT_TRUE(pattern->In("x\nimage: nginx:1.27\ny"));
  EXPECT_FALSE(pattern->In("image: nginx:latest"));
  const auto match = pattern->Find("x\0\nimage: redis:7\n"s);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->offset, 3U);
  EXPECT_EQ(match->length, 14U);
  EXPECT_FALSE(Pattern::Regex("a.b")->In("a\nb"));
  EXPECT_TRUE(pattern->Clone().In("image: nginx:1"));
  EXPECT_FALSE(pattern->In({}));
}

TEST(Pattern, RefusesWhatItCannotMatch) {
  EXPECT_THAT(Pattern::Regex("a(").error().what, HasSubstr("is not a regular expression"));
  EXPECT_THAT(Pattern::Regex(R"((a)\1)").error().what, HasSubstr("back references"));
  EXPECT_TRUE(Pattern::Regex(R"(\\1)")) << "a backslash, and a one";
  EXPECT_EQ(Pattern::Regex("a\0b"s).error().code, Errc::kUsage);
  EXPECT_THAT(Pattern::Regex("(\0"s).error().what, HasSubstr("zero byte")) << "which is looked at first";
}

}  // namespace
}  // namespace etcdmedic::text
