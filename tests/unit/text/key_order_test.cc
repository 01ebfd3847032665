// SPDX-License-Identifier: Apache-2.0
// The order in which go-yaml prints keys.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/edge_cases.h"
#include "text/yaml_writer.h"

namespace etcdmedic::text {
namespace {

using support::EdgeCase;
using support::ReadEdgeCases;

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

TEST(YamlKeyLess, OrdersAsKubectlPrints) {
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

}  // namespace
}  // namespace etcdmedic::text
