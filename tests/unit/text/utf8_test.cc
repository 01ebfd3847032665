// SPDX-License-Identifier: Apache-2.0
#include "text/utf8.h"

#include <gtest/gtest.h>

#include "support/page_end.h"

namespace etcdmedic::text {
namespace {

TEST(Utf8, ComesBackForEveryPointButSurrogates) {
  for (uint32_t point = 0; point <= 0x10FFFF; point += point < 0x3000 ? 1 : 61) {
    if (point >= 0xD800 && point <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(text, point);
    ASSERT_EQ(Utf8Length(text, 0), text.size()) << point;
    ASSERT_EQ(Utf8Point(text, 0, text.size()), point);
    ASSERT_TRUE(IsUtf8(text));
    ASSERT_EQ(Utf8Count(text), 1U);
  }
}

TEST(Utf8, RefusesWhatGoRefuses) {
  for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3\x28"})
    EXPECT_EQ(Utf8Length(text, 0), 0U) << testing::PrintToString(text);
}

// A wrong byte is found wherever it is, and a cut sequence at every cut.
TEST(Utf8, LooksAtEveryByteAndNoneBeyond) {
  const std::string whole =
      "plain ascii text \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80 and more of it, to fill a few words";
  support::PageEnd memory(whole.size());
  EXPECT_TRUE(IsUtf8(AsText(memory.Place(whole))));
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bad = whole;
    bad[at] = '\xFF';
    EXPECT_FALSE(IsUtf8(AsText(memory.Place(bad)))) << at;
  }
  size_t refused = 0;
  support::ForEachPrefix(whole, [&](Bytes prefix) { refused += !IsUtf8(AsText(prefix)); });
  EXPECT_EQ(refused, 1U + 2 + 3) << "inside the three sequences";
}

}  // namespace
}  // namespace etcdmedic::text
