// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/edge_cases.h"

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

TEST(YamlWriter, MarksLongKeys) {
  size_t seen = 0;
  for (const EdgeCase& one : ReadEdgeCases()) {
    if (one.kind != "LONGKEY") continue;
    ++seen;
    EXPECT_EQ(Pair(std::string(std::stoul(one.input), 'x'), "v"), one.output) << one.line;
  }
  EXPECT_EQ(seen, 6U);
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

}  // namespace
}  // namespace etcdmedic::text
