// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_reader.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

std::string JsonOf(std::string_view text) {
  ObjectTree tree;
  const auto read = ReadDocument(text, "f", tree);
  if (!read) return "refused: " + read.error().what;
  std::string json;
  tree.root().AppendJson(json);
  return json;
}

TEST(YamlReader, PlainScalarsMeanWhatTheyMeanInYaml) {
  EXPECT_EQ(JsonOf("a: yes\nb: 'yes'\nc: ~\nd:\ne: 1.50\nf: 080\ng: \"1\"\nh: off\ni: text\n"),
            R"({"a":true,"b":"yes","c":null,"d":null,"e":1.50,"f":"080","g":"1","h":false,"i":"text"})");
}

TEST(YamlReader, KeysAreText) {
  EXPECT_EQ(JsonOf("yes: 1\n2: {3: [4, null]}\n'': []\n"), R"({"yes":1,"2":{"3":[4,null]},"":[]})");
}

TEST(YamlReader, NodesKnowTheirLinesAndSpelling) {
  ObjectTree tree;
  constexpr std::string_view kText = "a: Yes\nb:\n  - 0.10\n  - 'q'\n";
  ASSERT_TRUE(ReadDocument(kText, "f", tree));
  const ObjectView root = tree.root();
  EXPECT_EQ(root.line(), 1U);
  EXPECT_EQ(root["a"].text(), "Yes");
  EXPECT_EQ(root["b"].Item(0).line(), 3U);
  EXPECT_EQ(root["b"].Item(0).text(), "0.10");
  EXPECT_TRUE(root["b"].Item(0).is_plain());
  EXPECT_FALSE(root["b"].Item(1).is_plain());
}

TEST(YamlReader, JsonHasNoLines) {
  ObjectTree tree;
  ASSERT_TRUE(ReadDocument(" {\n\"a\": 1}", "f", tree));
  EXPECT_EQ(tree.root()["a"].line(), 0U);
  EXPECT_EQ(tree.root()["a"].Integer(), 1);
}

TEST(YamlReader, SaysWhatItDoesNotRead) {
  EXPECT_EQ(JsonOf(""), "refused: no document");
  EXPECT_EQ(JsonOf("# nothing\n"), "refused: no document");
  EXPECT_EQ(JsonOf("a: 1\n---\nb: 2\n"), "refused: line 2: more than one document");
  EXPECT_EQ(JsonOf("a: &x 1\nb: *x\n"), "refused: line 2: aliases are not read");
  EXPECT_EQ(JsonOf("? [a]\n: b\n"), "refused: line 1: a key that is not a scalar");
  EXPECT_EQ(JsonOf("a: [\n"), "refused: line 2: did not find expected node content");
  EXPECT_EQ(JsonOf("{\"a\":}"), "refused: a: no value, at byte 5 of the JSON");
  EXPECT_EQ(JsonOf("{\"a\":\"\xED\xA0\x80\"}"), "refused: text that is not UTF-8");
}

TEST(YamlReader, DepthIsBounded) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(JsonOf(nested(kMaxTreeDepth)), nested(kMaxTreeDepth));
  EXPECT_EQ(JsonOf(nested(kMaxTreeDepth + 1)), "refused: line 1: nested too deeply");
}

TEST(YamlReader, SurvivesEveryCut) {
  constexpr std::string_view kText = "a: [1, {b: 'c'}]\nd: |\n  text\n? e\n: \"\\u00e9\"\n";
  ASSERT_FALSE(JsonOf(kText).starts_with("refused"));
  for (size_t size = 0; size < kText.size(); ++size) JsonOf(kText.substr(0, size));
}

}  // namespace
}  // namespace etcdmedic::text
