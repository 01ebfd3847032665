// SPDX-License-Identifier: Apache-2.0
#include "render/text.h"

#include <gtest/gtest.h>

#include <random>

#include "text/utf8.h"

namespace etcdmedic::render {
namespace {

TEST(Printable, LeavesNoControlCharacter) {
  EXPECT_EQ(Printable("plain \u00e4"), "plain \u00e4");
  EXPECT_EQ(Printable("a\nb\tc\\"), "a\\nb\\tc\\\\");
  EXPECT_EQ(Printable(std::string_view("\x1b[2J\0\x7f", 6)), "\\x1b[2J\\x00\\x7f");
  EXPECT_EQ(Printable("\xff\xc3"), "\\xff\\xc3");
  for (int byte = 0; byte < 256; ++byte) {
    for (const char c : Printable(std::string(1, static_cast<char>(byte)))) {
      EXPECT_GE(c, ' ') << byte;
      EXPECT_LT(c, '\x7f') << byte;
    }
  }
}

TEST(Printable, ShowsWhatIsNotSeenButChangesWhatIs) {
  EXPECT_EQ(Printable("a\u202Egnp.exe"), "a\\u{202e}gnp.exe") << "right-to-left override";
  EXPECT_EQ(Printable("\u2067x\u2069\u200B\uFEFF"), "\\u{2067}x\\u{2069}\\u{200b}\\u{feff}");
  EXPECT_EQ(Printable("\U000E0041\xC2\x9B\xE2\x80"), "\\u{e0041}\\xc2\\x9b\\xe2\\x80");
  for (const char* const text : {"мир", "مفتاح", "שלום", "鍵", "🔑"}) EXPECT_EQ(Printable(text), text);
}

TEST(FromPrintable, GivesBackEveryText) {
  std::mt19937 random(5);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    while (random() % 16 != 0) {
      if (random() % 2 == 0)
        text += "\\xu{}n0af\n\t"[random() % 11];
      else if (random() % 2 == 0)
        text += static_cast<char>(random());
      else
        text::AppendUtf8(text, static_cast<uint32_t>(0x2000 + random() % 0x80));
    }
    EXPECT_EQ(FromPrintable(Printable(text)), text);
  }
  for (const char* const other :
       {"\\", "a\\x", "\\x0", "\\xg0", "\\x41", "\\u{", "\\u{}", "\\u{110000}", "\\u202e", "\\q", "\n"})
    EXPECT_EQ(FromPrintable(other), std::nullopt) << other;
}

TEST(PrintableLines, KeepsLinesAndTabs) { EXPECT_EQ(PrintableLines("a\n\tb\\\x1b"), "a\n\tb\\\\x1b"); }

TEST(JsonString, IsAlwaysJson) {
  std::string out;
  AppendJsonString(out, "a\"\\\n\x01\xff\u00e4");
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001\uFFFD\u00e4\"");
}

TEST(Count, KnowsOne) {
  EXPECT_EQ(Count(0, "finding"), "0 findings");
  EXPECT_EQ(Count(1, "finding"), "1 finding");
  EXPECT_EQ(Count(2, "finding"), "2 findings");
}

TEST(Shorten, SaysThatItCut) {
  EXPECT_EQ(Shorten("short", 10), "short");
  EXPECT_EQ(Shorten(std::string(100, 'x'), 10), std::string(10, 'x') + "…");
}

TEST(HumanSize, HasOneDecimal) {
  EXPECT_EQ(HumanSize(0), "0 B");
  EXPECT_EQ(HumanSize(1023), "1023 B");
  EXPECT_EQ(HumanSize(1536), "1.5 KiB");
  EXPECT_EQ(HumanSize(uint64_t{3} << 29), "1.5 GiB");
}

TEST(HexDump, HasOffsetsBytesAndText) {
  const std::string dump = HexDump(AsBytes("k8s\n0123456789abcdef"), 0x100);
  EXPECT_NE(dump.find("6b 38 73 0a"), std::string::npos) << dump;
  EXPECT_NE(dump.find("k8s.0123"), std::string::npos) << dump;
  EXPECT_NE(dump.find("110"), std::string::npos) << "the second line";
}

}  // namespace
}  // namespace etcdmedic::render
