// SPDX-License-Identifier: Apache-2.0
#include "html/escape.h"

#include <gtest/gtest.h>

#include "text/utf8.h"

namespace etcdmedic::html {
namespace {

TEST(Escaped, IsNeverATagNorTheEndOfAnAttribute) {
  EXPECT_EQ(Escaped("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
  EXPECT_EQ(Escaped("\" onload='x'"), "&quot; onload=&#39;x&#39;");
  EXPECT_EQ(Escaped("a&amp;b"), "a&amp;amp;b") << "what looks escaped is text too";
}

TEST(Escaped, ShowsBytesThatAreNotText) {
  EXPECT_EQ(Escaped(std::string_view("\0\x01\n\t\\\x7F", 6)), "\\x00\\x01\\n\\t\\\\\\x7f");
  EXPECT_EQ(Escaped("a\xFF\xC3"), "a\\xff\\xc3");
  EXPECT_EQ(Escaped("\xC2\x9B"), "\\xc2\\x9b") << "a control character of C1";
}

TEST(Escaped, ShowsWhatIsNotSeenButChangesWhatIs) {
  EXPECT_EQ(Escaped("a\u202Egnp.exe"), "a\\u{202e}gnp.exe") << "right-to-left override";
  EXPECT_EQ(Escaped("\u2067x\u2069\u200B\uFEFF"), "\\u{2067}x\\u{2069}\\u{200b}\\u{feff}");
  EXPECT_EQ(Escaped("\U000E0041"), "\\u{e0041}") << "a tag character";
}

TEST(Escaped, KeepsLettersOfAllScripts) {
  for (const char* const text : {"/registry/pods/default/web", "مفتاح", "ключ", "鍵", "🔑", "a b"})
    EXPECT_EQ(Escaped(text), text);
}

TEST(Escaped, CutsLongTextsBetweenCharacters) {
  EXPECT_EQ(Escaped("aaaa", 4), "aaaa");
  EXPECT_EQ(Escaped("aaaaa", 4), "aaaa…");
  const std::string cut = Escaped(std::string(5000, 'x') + "<", 200);
  EXPECT_EQ(cut, std::string(200, 'x') + "…");
  std::string long_one;
  for (int i = 0; i < 4000; ++i) long_one += "ключ";
  for (size_t most = 100; most < 110; ++most) {
    EXPECT_TRUE(text::IsUtf8(Escaped(long_one, most))) << most;
    EXPECT_LE(Escaped(long_one, most).size(), most + 3);
  }
  EXPECT_EQ(Escaped(std::string(300, '\xFF'), 8), "\\xff\\xff…");
}

}  // namespace
}  // namespace etcdmedic::html
