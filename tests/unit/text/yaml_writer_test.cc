// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "support/edge_cases.h"
#include "text/json_writer.h"

namespace etcdmedic::text {
namespace {

using support::EdgeCase;
using support::ReadEdgeCases;

std::string Pair(std::string_view key, std::string_view value) {
  std::string out;
  YamlWriter writer(out);
  writer.BeginMap();
  writer.Key(key);
  writer.String(value);
  writer.EndMap();
  return out;
}

TEST(YamlWriter, QuotesStringsAsKubectlDoes) {
  size_t seen = 0;
  for (const EdgeCase& one : ReadEdgeCases()) {
    if (one.kind != "STR" || one.refused) continue;
    ++seen;
    EXPECT_EQ(Pair("k", one.input), one.output) << one.line;
  }
  EXPECT_EQ(seen, 89U);
}

TEST(YamlWriter, EscapesWhatKubectlRefuses) {
  size_t seen = 0;
  for (const EdgeCase& one : ReadEdgeCases()) seen += one.kind == "STR" && one.refused;
  EXPECT_EQ(seen, 3U);
  EXPECT_EQ(Pair("k", "\x7F"), "k: \"\\x7F\"\n");
  EXPECT_EQ(Pair("k", "\xC2\x80"), "k: \"\\x80\"\n");
  EXPECT_EQ(Pair("k", "\xEF\xBF\xBE"), "k: \"\\uFFFE\"\n");
}

TEST(YamlWriter, FoldsLongLines) {
  size_t seen = 0;
  for (const EdgeCase& one : ReadEdgeCases()) {
    if (one.kind != "FOLD") continue;
    ++seen;
    const std::string text = std::string(std::stoul(one.input), 'x') + " yy zz";
    EXPECT_EQ(Pair("k", text), one.output) << one.line;
  }
  EXPECT_EQ(seen, 12U);
}

TEST(YamlWriter, MarksLongKeys) {
  size_t seen = 0;
  for (const EdgeCase& one : ReadEdgeCases()) {
    if (one.kind != "LONGKEY") continue;
    ++seen;
    EXPECT_EQ(Pair(std::string(std::stoul(one.input), 'x'), "v"), one.output) << one.line;
  }
  EXPECT_EQ(seen, 6U);
}

std::string Ones(const std::vector<std::string>& keys) {
  std::string out;
  YamlWriter writer(out);
  writer.BeginMap();
  for (const std::string& key : keys) {
    writer.Key(key);
    writer.Int(1);
  }
  writer.EndMap();
  return out;
}

TEST(YamlWriter, OrdersKeysNaturally) {
  const std::vector<EdgeCase> cases = ReadEdgeCases();
  const auto order = std::ranges::find(cases, "ORDER", &EdgeCase::kind);
  ASSERT_NE(order, cases.end());
  std::vector<std::string> keys = {
      "",     ".",    "<<", "_",   "~",  "1",   "2",   "02", "10", "A", "a",   "a-b",  "a.b",
      "a/b",  "a_b",  "a1", "a01", "a2", "a10", "a1b", "aB", "ab", "b", "f:a", "k: v", "k:{\"name\":\"x\"}",
      "null", "true", "y",  "z z", "é"};
  EXPECT_EQ(Ones(keys), order->output);
  for (size_t i = 1; i < keys.size(); ++i) {
    EXPECT_TRUE(YamlKeyLess(keys[i - 1], keys[i])) << keys[i - 1] << " " << keys[i];
    EXPECT_FALSE(YamlKeyLess(keys[i], keys[i - 1])) << keys[i] << " " << keys[i - 1];
  }
  // a1b < a01 < a2 < a10 < a1b: where it lands depends on how the sort goes, in Go from run to run.
  EXPECT_TRUE(YamlKeyLess("a1b", "a01"));
  std::erase(keys, "a1b");
  const std::vector<std::string> sorted = keys;
  std::ranges::reverse(keys);
  std::ranges::stable_sort(keys, YamlKeyLess);
  EXPECT_EQ(keys, sorted);
}

TEST(YamlKeyLess, ComparesNumbersByValueAndLettersByCodePoint) {
  EXPECT_TRUE(YamlKeyLess("a100", "a1000"));
  EXPECT_TRUE(YamlKeyLess("v1", "v1beta1"));
  EXPECT_TRUE(YamlKeyLess("a10", "a100"));
  EXPECT_TRUE(YamlKeyLess("a1", "aé"));
  EXPECT_TRUE(YamlKeyLess("z", "é"));
  EXPECT_TRUE(YamlKeyLess("é", "ж"));
  EXPECT_TRUE(YamlKeyLess("a\u0661", "a\u0662")) << "digits of other scripts";
  EXPECT_FALSE(YamlKeyLess("same", "same"));
}

TEST(YamlWriter, NestsAsGoYamlDoes) {
  std::string out;
  YamlWriter writer(out);
  writer.BeginMap();
  writer.Key("list");
  writer.BeginList();
  writer.BeginList();
  writer.Int(1);
  writer.BeginList();
  writer.Int(-2);
  writer.EndList();
  writer.EndList();
  writer.BeginMap();
  writer.Key("a");
  writer.BeginMap();
  writer.EndMap();
  writer.Key("b");
  writer.BeginList();
  writer.EndList();
  writer.Key("c");
  writer.String("x\ny\n");
  writer.EndMap();
  writer.EndList();
  writer.Key("map");
  writer.BeginMap();
  writer.Key("n");
  writer.Null();
  writer.Key("t");
  writer.Bool(true);
  writer.EndMap();
  writer.EndMap();
  EXPECT_EQ(
      out,
      "list:\n- - 1\n  - - -2\n- a: {}\n  b: []\n  c: |\n    x\n    y\nmap:\n  \"n\": null\n  t: true\n");
}

TEST(YamlWriter, PutsContainersUnderLongKeys) {
  std::string out;
  YamlWriter writer(out);
  const std::string key(130, 'k');
  writer.BeginMap();
  writer.Key(key);
  writer.BeginList();
  writer.Int(1);
  writer.Int(2);
  writer.EndList();
  writer.Key("two\nlines");
  writer.BeginMap();
  writer.Key("a");
  writer.Int(1);
  writer.Key("b");
  writer.Int(2);
  writer.EndMap();
  writer.EndMap();
  EXPECT_EQ(out, "? " + key + "\n: - 1\n  - 2\n? |-\n  two\n  lines\n: a: 1\n  b: 2\n");
}

TEST(YamlWriter, WritesCommentsInPlace) {
  std::string out;
  YamlWriter writer(out);
  writer.BeginMap();
  writer.Comment("at the top\nin two lines");
  writer.Key("a");
  writer.BeginMap();
  writer.Comment("alone");
  writer.EndMap();
  writer.Key("b");
  writer.BeginList();
  writer.BeginMap();
  writer.Comment("in an item");
  writer.Key("c");
  writer.Int(1);
  writer.EndMap();
  writer.Comment("at the end");
  writer.EndList();
  writer.EndMap();
  EXPECT_EQ(
      out,
      "# at the top\n# in two lines\na:\n  # alone\n  {}\nb:\n-\n  # in an item\n  c: 1\n# at the end\n");
}

TEST(YamlWriter, FormatsNumbers) {
  const auto number = [](double value) {
    std::string out;
    YamlWriter(out).Double(value);
    return out;
  };
  EXPECT_EQ(number(0.1), "0.1\n");
  EXPECT_EQ(number(1e6), "1000000\n") << "a float64 of that size is whole in Go's JSON";
  EXPECT_EQ(number(1e-7), "1e-07\n");
  EXPECT_EQ(number(1e21), "1e+21\n");
  EXPECT_EQ(number(12345678.5), "1.23456785e+07\n");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), ".inf\n");
}

TEST(JsonWriter, WritesBothShapes) {
  for (const auto style : {JsonWriter::Style::kCompact, JsonWriter::Style::kIndented}) {
    std::string out;
    JsonWriter writer(out, style);
    writer.BeginMap();
    writer.Key("a");
    writer.BeginList();
    writer.Int(1);
    writer.BeginMap();
    writer.EndMap();
    writer.EndList();
    writer.Key("b");
    writer.BeginList();
    writer.EndList();
    writer.Key("c");
    writer.Null();
    writer.EndMap();
    if (style == JsonWriter::Style::kCompact)
      EXPECT_EQ(out, R"({"a":[1,{}],"b":[],"c":null})");
    else
      EXPECT_EQ(out, "{\n    \"a\": [\n        1,\n        {}\n    ],\n    \"b\": [],\n    \"c\": null\n}");
  }
}

TEST(JsonWriter, EscapesAsEncodingJson) {
  std::string out;
  const std::string text = std::string("<&>\"\\\n\t\b\f\x01\x7F\xFF é\u2028\U0001F600") + '\0';
  AppendGoJsonString(out, text);
  EXPECT_EQ(out, "\"\\u003c\\u0026\\u003e\\\"\\\\\\n\\t\\b\\f\\u0001\x7F\\ufffd é\\u2028\U0001F600\\u0000\"");
}

// Each byte at each place of a run: what is copied in wide steps must not slip through.
TEST(JsonWriter, EscapesAtEveryPosition) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string alone;
    AppendGoJsonString(alone, std::string(1, static_cast<char>(byte)));
    const std::string escaped = alone.substr(1, alone.size() - 2);
    for (size_t size = 1; size < 40; ++size) {
      const size_t at = (size * 7 + static_cast<size_t>(byte)) % size;
      std::string text(size, 'x'), expected(size, 'x');
      text[at] = static_cast<char>(byte);
      expected.replace(at, 1, escaped);
      std::string out;
      AppendGoJsonString(out, text);
      ASSERT_EQ(out, '"' + expected + '"') << byte << " at " << at << " of " << size;
    }
  }
}

// Text gathers in a block before it goes out: longer strings, deeper containers and many small items.
TEST(JsonWriter, GoesBeyondItsBlock) {
  constexpr size_t kMany = 10000;
  std::string out;
  JsonWriter writer(out);
  std::string expected;
  for (size_t i = 0; i < kMany; ++i) writer.BeginList();
  writer.String(std::string(kMany, '"'));
  writer.Verbatim(std::string(kMany, '1'));
  for (size_t i = 0; i < kMany; ++i) writer.Bool(true);
  for (size_t i = 0; i < kMany; ++i) writer.EndList();
  expected.append(kMany, '[').append("\"");
  for (size_t i = 0; i < kMany; ++i) expected += "\\\"";
  expected.append("\",").append(kMany, '1');
  for (size_t i = 0; i < kMany; ++i) expected += ",true";
  expected.append(kMany, ']');
  EXPECT_EQ(out, expected);
}

TEST(JsonWriter, FormatsNumbers) {
  const auto number = [](double value) {
    std::string out;
    JsonWriter(out).Double(value);
    return out;
  };
  EXPECT_EQ(number(0.000001), "0.000001");
  EXPECT_EQ(number(1e-7), "1e-7");
  EXPECT_EQ(number(1e20), "100000000000000000000");
  EXPECT_EQ(number(1.5e21), "1.5e+21");
  EXPECT_EQ(number(-0.0), "0");
}

}  // namespace
}  // namespace etcdmedic::text
