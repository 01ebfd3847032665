// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_printer.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

TEST(Analyse, TellsWhichStylesHoldAText) {
  struct Case {
    const char* text;
    bool plain, single_quoted, block, multiline;
  };
  const Case cases[] = {
      {"plain", true, true, true, false},    {"", true, true, false, false},
      {" edge", false, true, true, false},   {"edge ", false, true, false, false},
      {"a: b", false, true, true, false},    {"a:b", true, true, true, false},
      {"a #b", false, true, true, false},    {"a#b", true, true, true, false},
      {"- a", false, true, true, false},     {"-a", true, true, true, false},
      {"---", false, true, true, false},     {"...a", false, true, true, false},
      {"[a", false, true, true, false},      {"a[", true, true, true, false},
      {"a\tb", false, false, false, false},  {"a\nb", false, true, true, true},
      {"a \nb", false, false, false, true},  {"a\n b", false, false, true, true},
      {"a\u2028b", false, true, true, true}, {"\U0001F600", false, false, false, false},
      {"\u00e9", true, true, true, false},
  };
  for (const Case& each : cases) {
    const ScalarTraits traits = Analyse(each.text);
    EXPECT_EQ(traits.plain, each.plain) << each.text;
    EXPECT_EQ(traits.single_quoted, each.single_quoted) << each.text;
    EXPECT_EQ(traits.block, each.block) << each.text;
    EXPECT_EQ(traits.multiline, each.multiline) << each.text;
  }
}

TEST(BlockHeader, SaysWhatBecomesOfTheBreaksAtTheEnd) {
  const auto header = [](std::string_view text) {
    std::string out;
    AppendBlockHeader(out, text);
    return out;
  };
  EXPECT_EQ(header("a"), "|-\n");
  EXPECT_EQ(header("a\n"), "|\n");
  EXPECT_EQ(header("a\n\n"), "|+\n");
  EXPECT_EQ(header("\n"), "|2+\n");
  EXPECT_EQ(header(" a\n"), "|2\n");
  EXPECT_EQ(header("a\u2029"), "|\n") << "a break of three bytes";
}

// Printed at the indentation 2, after "key: ".
template <class Style>
std::string Printed(std::string_view text, Style style, bool fold = true) {
  std::string out;
  YamlPrinter printer(out, 2, 5);
  (printer.*style)(text, fold);
  return out;
}

TEST(YamlPrinter, FoldsBeyondTheEightiethColumnOnly) {
  const std::string full(75, 'x'), longer(76, 'x');  // to column 80 and 81
  EXPECT_EQ(Printed(full + " y", &YamlPrinter::Plain), full + " y");
  EXPECT_EQ(Printed(longer + " y", &YamlPrinter::Plain), longer + "\n  y");
  EXPECT_EQ(Printed(longer + "  y", &YamlPrinter::Plain), longer + "  y") << "not where blanks would be lost";
  EXPECT_EQ(Printed(longer + " y", &YamlPrinter::Plain, false), longer + " y");
  EXPECT_EQ(Printed(longer + " y", &YamlPrinter::SingleQuoted), "'" + longer + "\n  y'");
  EXPECT_EQ(Printed(longer + " y", &YamlPrinter::DoubleQuoted), "\"" + longer + "\n  y\"");
  EXPECT_EQ(Printed(longer + "  y", &YamlPrinter::DoubleQuoted), "\"" + longer + "\n  \\ y\"");
}

TEST(YamlPrinter, DoublesQuotesAndEscapes) {
  EXPECT_EQ(Printed("it's", &YamlPrinter::SingleQuoted), "'it''s'");
  EXPECT_EQ(Printed("a\u2028b", &YamlPrinter::SingleQuoted), "'a\u2028  b'");
  EXPECT_EQ(Printed("\"\\\a\b\t\n\v\f\r\x1b\x01", &YamlPrinter::DoubleQuoted),
            R"("\"\\\a\b\t\n\v\f\r\e\x01")");
  EXPECT_EQ(Printed(std::string_view("\0", 1), &YamlPrinter::DoubleQuoted), R"("\0")");
  EXPECT_EQ(Printed("\u0085\u00a0\u2028\u2029\u0080\ufffe\U0001F600", &YamlPrinter::DoubleQuoted),
            "\"\\N\u00a0\\L\\P\\x80\\uFFFE\\U0001F600\"");
  EXPECT_EQ(Printed("\ufeff"
                    "a",
                    &YamlPrinter::DoubleQuoted),
            R"("\uFEFF\x61")")
      << "all is escaped after a byte order mark";
}

TEST(YamlPrinter, IndentsABlockLineByLine) {
  std::string out;
  EXPECT_FALSE(YamlPrinter(out, 4, 0).Literal("a\n\n  b"));
  EXPECT_EQ(out, "|-\n    a\n\n      b");
  out.clear();
  EXPECT_TRUE(YamlPrinter(out, 4, 0).Literal("a\n"));
  EXPECT_EQ(out, "|\n    a\n");
}

}  // namespace
}  // namespace etcdmedic::text
