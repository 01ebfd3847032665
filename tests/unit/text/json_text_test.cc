// SPDX-License-Identifier: Apache-2.0
#include "text/json_text.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/corpus.h"
#include "support/edge_cases.h"
#include "support/object_text.h"

namespace etcdmedic::text {
namespace {

using support::EdgeCase;
using support::JsonOf;
using support::ReadEdgeCases;
using support::YamlOf;
using support::YamlOfJson;

namespace fs = std::filesystem;

TEST(JsonText, PrintsValuesAsKubectlDoes) {
  size_t seen = 0;
  size_t refused = 0;
  for (const EdgeCase& one : ReadEdgeCases()) {
    if (one.kind != "RAW") continue;
    ++seen;
    refused += one.refused;
    if (one.refused) continue;
    EXPECT_EQ(YamlOfJson("{\"k\":" + one.input + "}"), one.output) << one.line;
  }
  EXPECT_EQ(seen, 32U);
  EXPECT_EQ(refused, 2U) << "escapes of JSON that YAML does not have; the two below";
  EXPECT_EQ(YamlOfJson(R"({"k":"\/"})"), "k: /\n");
  EXPECT_EQ(YamlOfJson(R"({"k":"\ud83d\ude00"})"), "k: \"\\U0001F600\"\n");
}

TEST(JsonText, SaysWhereDamageIsAndKeepsWhatPrecedesIt) {
  struct Case {
    std::string_view json, what, path, yaml;
    size_t offset;
    diag::Code code;
  };
  const Case cases[] = {
      {R"({"a":1,"spec":{"items":[{"n":1},{"n":tru)", "no value", "spec.items[1].n",
       "a: 1\nspec:\n  items:\n  - \"n\": 1\n  - {}\n", 37, diag::Code::kK8sJsonMalformed},
      {R"({"a":"half)", "the text ends inside of a string", "a", "a: half\n", 10,
       diag::Code::kK8sValueTruncated},
      {R"({"a":1,"b/c":)", "the text ends where a value is expected", "[\"b/c\"]", "a: 1\n", 13,
       diag::Code::kK8sValueTruncated},
      {R"({"a":1,"b" 2})", "no colon after a key", "b", "a: 1\n", 11, diag::Code::kK8sJsonMalformed},
      {R"({"a":[1 2]})", "no comma or bracket after an item", "a[0]", "a:\n- 1\n", 8,
       diag::Code::kK8sJsonMalformed},
      {R"({"a":01})", "no value", "a", "{}\n", 5, diag::Code::kK8sJsonMalformed},
      {"{\"a\":\"x\ny\",\"b\":2}", "a control character inside of a string", "a", "a: |-\n  x\n  y\nb: 2\n",
       7, diag::Code::kK8sJsonMalformed},
      {R"({"a":"\q","b":2})", "an unknown escape inside of a string", "a", "a: \\q\nb: 2\n", 6,
       diag::Code::kK8sJsonMalformed},
      {R"({"a":1} x)", "bytes after the object", "", "a: 1\n", 8, diag::Code::kK8sJsonMalformed},
      {"", "the text ends where a value is expected", "", "null\n", 0, diag::Code::kK8sValueTruncated},
  };
  for (const Case& one : cases) {
    ObjectTree tree;
    const TextFault fault = ReadJson(one.json, tree);
    EXPECT_EQ(fault.what, one.what) << one.json;
    EXPECT_EQ(fault.path, one.path) << one.json;
    EXPECT_EQ(fault.offset, one.offset) << one.json;
    EXPECT_EQ(fault.code, one.code) << one.json;
    EXPECT_EQ(YamlOf(tree), one.yaml) << one.json;
  }
}

TEST(JsonText, ReportsAFaultWithItsPath) {
  ObjectTree tree;
  diag::FindingList findings;
  ReportFault(ReadJson(R"({"spec":{"n":x}})", tree), "JSON", 17, {"/registry/a", 0}, findings);
  ASSERT_EQ(findings.items.size(), 1U);
  EXPECT_EQ(findings.items[0].message, "spec.n: no value, at byte 13 of the JSON");
  EXPECT_EQ(YamlOf(tree), "spec: {}\n");
}

TEST(JsonText, SurvivesEveryCut) {
  const std::string whole = R"({"a":{"b":[1,-2.5e3,"x\u00e9\n",true,false,null]},"c":"d"})";
  for (size_t length = 0; length < whole.size(); ++length) {
    ObjectTree tree;
    const TextFault fault = ReadJson(std::string_view(whole).substr(0, length), tree);
    ASSERT_TRUE(fault) << length;
    EXPECT_TRUE(fault.stopped);
    YamlOf(tree);
    JsonOf(tree);
    ReadJsonHead(std::string_view(whole).substr(0, length), tree);
  }
}

TEST(JsonText, StopsAtAnAbsurdDepth) {
  ObjectTree tree;
  const TextFault fault = ReadJson(std::string(100000, '['), tree);
  EXPECT_EQ(fault.code, diag::Code::kK8sValueNesting);
  EXPECT_EQ(tree.size(), kMaxTreeDepth);
}

TEST(JsonText, ReadsTheHeadAlone) {
  ObjectTree tree;
  ASSERT_FALSE(ReadJsonHead(R"({"spec":{"a":"}\"]","kind":"no"},"kind":"K","apiVersion":"g/v1","metadata":)"
                            R"({"name":"n","annotations":{"name":"no"},"namespace":"s","labels":{"a/b":"c"},)"
                            R"("uid":"u"}})",
                            tree));
  const ObjectHead head = HeadOf(tree.root());
  EXPECT_EQ(head.kind, "K");
  EXPECT_EQ(head.api_version, "g/v1");
  EXPECT_EQ(head.name, "n");
  EXPECT_EQ(head.namespace_name, "s");
  EXPECT_EQ(head.uid, "u");
  ASSERT_EQ(head.labels.size(), 1U);
  EXPECT_EQ(head.labels[0].first, "a/b");
  EXPECT_LT(tree.size(), 20U);
}

// The values of a real cluster.
TEST(JsonText, PrintsStoredObjectsAsExpected) {
  const auto expected = tests::KubernetesCorpus("expected");
  ASSERT_TRUE(expected);
  size_t seen = 0;
  for (const auto& file : fs::recursive_directory_iterator(*expected)) {
    if (file.path().extension() != ".bin") continue;
    const std::string value = tests::ReadAll(file.path());
    if (!value.starts_with('{')) continue;
    ++seen;
    ObjectTree tree;
    ASSERT_FALSE(ReadJson(value, tree)) << file.path();
    EXPECT_EQ(YamlOf(tree), tests::ReadAll(fs::path(file.path()).replace_extension(".yaml"))) << file.path();
    EXPECT_EQ(JsonOf(tree) + "\n", tests::ReadAll(fs::path(file.path()).replace_extension(".json")))
        << file.path();
  }
  EXPECT_EQ(seen, 43U);
}

}  // namespace
}  // namespace etcdmedic::text
