// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_scalar.h"

#include <gtest/gtest.h>

#include "support/edge_cases.h"

namespace etcdmedic::text {
namespace {

using support::EdgeCase;
using support::ReadEdgeCases;

// "k: " and the scalar, as it is in a map at the root.
std::string Pair(std::string_view value, bool* at_line_start = nullptr) {
  std::string out = "k: ", scratch;
  const bool ended = AppendYamlScalar(out, value, {2, 0, false}, scratch);
  if (at_line_start != nullptr) *at_line_start = ended;
  return ended ? out : out + "\n";
}

TEST(YamlScalar, QuotesStringsAsKubectlDoes) {
  size_t seen = 0;
  for (const EdgeCase& one : ReadEdgeCases()) {
    if (one.kind != "STR" || one.refused) continue;
    ++seen;
    EXPECT_EQ(Pair(one.input), one.output) << one.line;
  }
  EXPECT_EQ(seen, 89U);
}

TEST(YamlScalar, EscapesWhatKubectlRefuses) {
  size_t seen = 0;
  for (const EdgeCase& one : ReadEdgeCases()) seen += one.kind == "STR" && one.refused;
  EXPECT_EQ(seen, 3U);
  EXPECT_EQ(Pair("\x7F"), "k: \"\\x7F\"\n");
  EXPECT_EQ(Pair("\xC2\x80"), "k: \"\\x80\"\n");
  EXPECT_EQ(Pair("\xEF\xBF\xBE"), "k: \"\\uFFFE\"\n");
}

TEST(YamlScalar, FoldsLongLines) {
  size_t seen = 0;
  for (const EdgeCase& one : ReadEdgeCases()) {
    if (one.kind != "FOLD") continue;
    ++seen;
    const std::string text = std::string(std::stoul(one.input), 'x') + " yy zz";
    EXPECT_EQ(Pair(text), one.output) << one.line;
  }
  EXPECT_EQ(seen, 12U);
}

TEST(YamlScalar, EndsTheLineWhereABlockDoes) {
  bool ended = false;
  EXPECT_EQ(Pair("x\ny\n", &ended), "k: |\n  x\n  y\n");
  EXPECT_TRUE(ended);
  EXPECT_EQ(Pair("x\ny", &ended), "k: |-\n  x\n  y\n");
  EXPECT_FALSE(ended);
  EXPECT_EQ(Pair("x\n\n", &ended), "k: |+\n  x\n\n");
  EXPECT_TRUE(ended);
  EXPECT_EQ(Pair(" x\ny", &ended), "k: |2-\n   x\n  y\n");
  EXPECT_EQ(Pair("x \ny", &ended), "k: \"x \\ny\"\n") << "a blank at the end of a line is quoted";
}

TEST(YamlScalar, BeforeAColonIsOnOneLine) {
  const auto key = [](std::string_view text) {
    std::string out, scratch;
    EXPECT_FALSE(AppendYamlScalar(out, text, {0, 0, true}, scratch));
    return out;
  };
  EXPECT_EQ(key("a\nb"), "\"a\\nb\"");
  EXPECT_EQ(key(std::string(100, 'x') + " y"), std::string(100, 'x') + " y");
  EXPECT_EQ(key("y"), "\"y\"");
  EXPECT_EQ(key("# a"), "'# a'");
  EXPECT_EQ(key("it's: b"), "'it''s: b'");
}

TEST(YamlScalar, FoldsANextLineAsYamlsReaderDoes) {
  EXPECT_EQ(Pair("a\xC2\x85"
                 "b"),
            "k: a b\n");
  EXPECT_EQ(Pair("a \xC2\x85 \xC2\x85 b"), "k: |-\n  a\n  b\n");
  EXPECT_EQ(Pair("a \xFF"
                 "b"),
            "k: a \xEF\xBF\xBD"
            "b\n")
      << "bytes that are not UTF-8";
}

TEST(IsSimpleKey, IsOneShortLine) {
  EXPECT_TRUE(IsSimpleKey("a b: c"));
  EXPECT_TRUE(IsSimpleKey(std::string(128, 'k')));
  EXPECT_FALSE(IsSimpleKey(std::string(129, 'k')));
  EXPECT_FALSE(IsSimpleKey("a\nb"));
  EXPECT_TRUE(IsSimpleKey("\u00e9"));
  EXPECT_FALSE(IsSimpleKey("a\u2028b")) << "a line break of YAML";
  EXPECT_FALSE(IsSimpleKey(std::string(127, 'k') + "\u00e9")) << "counted in bytes";
}

}  // namespace
}  // namespace etcdmedic::text
