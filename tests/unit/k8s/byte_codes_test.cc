// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "k8s/wrapping_forms.h"
#include "support/page_end.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_literals;

struct Case {
  const char* text;
  std::optional<std::string> bytes;
};

TEST(ByteCodes, ReadQuotedStringsOfEveryLanguage) {
  const Case cases[] = {
      {R"("a\x00\n")", "a\0\n"s},
      {R"('a"b')", "a\"b"},
      {R"(b'\x6b8s')", "k8s"},
      {R"(b"k")", "k"},
      {" \"a\"\n", "a"},
      {R"("a" b)", {}},
      {"a", {}},
      {R"("a)", {}},
      {R"(b)", {}},
      {"\"\"", ""},
  };
  for (const Case& each : cases) EXPECT_EQ(BytesOfQuoted(each.text), each.bytes) << each.text;
}

TEST(ByteCodes, ReadAStringThatLostItsQuotes) {
  const Case cases[] = {
      {R"(k8s\x00\n)", "k8s\0\n"s}, {"no escape", {}}, {R"("a\n")", {}}, {R"(a\q)", {}}, {R"(a\)", {}},
  };
  for (const Case& each : cases) EXPECT_EQ(BytesOfBareQuoted(each.text), each.bytes) << each.text;
}

TEST(ByteCodes, ReadListsOfNumbers) {
  const Case cases[] = {
      {"[107 56 115]", "k8s"},
      {"[]byte{0x6b, 0x38, 0X73}", "k8s"},
      {"bytearray([107, 56,\n 115])", "k8s"},
      {"[107, -1, -128, 255]", "k\xFF\x80\xFF"},
      {"[]", {}},
      {"[107 56", {}},
      {"[107 256]", {}},
      {"[107 -129]", {}},
      {"[107 x]", {}},
      {"[1.5]", {}},
      {"107 56", {}},
      {"[", {}},
      {"[a] {107}", "k"},
  };
  for (const Case& each : cases) EXPECT_EQ(BytesOfNumbers(each.text), each.bytes) << each.text;
}

TEST(ByteCodes, ReadHexOfDatabases) {
  const Case cases[] = {
      {"6b3873", "k8s"},    {"0x6B3873", "k8s"}, {"\\x6b3873", "k8s"},
      {"X'6b3873'", "k8s"}, {"6b:38:73", "k8s"}, {" 6b 38\n73\n", "k8s"},
      {"6b387", {}},        {"x'", {}},          {"6b38zz", {}},
  };
  for (const Case& each : cases) EXPECT_EQ(BytesOfHex(each.text), each.bytes) << each.text;
}

TEST(ByteCodes, TakeTheContentOfALineOfADocument) {
  EXPECT_EQ(BytesOfField(R"(  "value": "azhz",)"), R"("azhz")");
  EXPECT_EQ(BytesOfField("value: azhz\n"), "azhz");
  EXPECT_FALSE(BytesOfField("azhz"));
  EXPECT_FALSE(BytesOfField("a: b\nc: d")) << "one line only";
  EXPECT_FALSE(BytesOfField(std::string(65, 'n') + ": v")) << "no name is that long";
}

TEST(ByteCodes, LookLikeStoredValuesOnlyByTheirBeginning) {
  EXPECT_TRUE(LooksStored("k8s\0x"s));
  EXPECT_TRUE(LooksStored("k8s:enc:aescbc:"));
  EXPECT_TRUE(LooksStored("\xD9\xD9\xF7"));
  EXPECT_TRUE(LooksStored("{"));
  EXPECT_FALSE(LooksStored("k8s"));
  EXPECT_FALSE(LooksStored(""));
  EXPECT_FALSE(LooksStored("[1]"));
}

TEST(ByteCodes, TrimSpaceAlone) {
  EXPECT_EQ(Trim(" \t\r\na b\n"), "a b");
  EXPECT_EQ(Trim(" \n"), "");
  EXPECT_EQ(Trim("\0a"s), "\0a"s);
}

// Each reader at each cut of each text: it ends, and reads nothing beyond.
TEST(ByteCodes, EndAtEveryCut) {
  for (const char* whole : {R"(b'k8s\x00\u00e9\101')", R"(k8s\x00\n)", "[]byte{0x6b, -12, 255}",
                            "\\x6b:38 73", "X'6b3873'", "  \"value\": \"azhzAA==\","}) {
    support::ForEachPrefix(whole, [](Bytes prefix) {
      const std::string_view text = AsText(prefix);
      for (const auto& bytes : {BytesOfQuoted(text), BytesOfBareQuoted(text), BytesOfNumbers(text),
                                BytesOfHex(text), BytesOfBase64(text), BytesOfField(text)}) {
        EXPECT_LE(bytes.value_or("").size(), text.size());
      }
    });
  }
}

}  // namespace
}  // namespace etcdmedic::k8s
