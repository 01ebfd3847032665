// SPDX-License-Identifier: Apache-2.0
#include "k8s/protobuf.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/protobuf_text.h"
#include "text/json_text.h"
#include "text/json_writer.h"
#include "text/tree_writer.h"
#include "text/yaml_writer.h"

namespace etcdmedic::k8s {
namespace {

using test::Delimited;
using test::Entry;
using test::Number;

// metadata, data of two keys, immutable: as an API server stores a ConfigMap, but for the order of its
// fields.
std::string ConfigMap() {
  return Number(4, 1) + Entry(2, "b", "x") + Entry(2, "a", "1") + Delimited(1, Delimited(1, "cm"));
}

struct Written {
  explicit Written(Bytes raw, const ObjectOptions& options = {"v1", "ConfigMap"}) {
    Remarks remarks(raw, where, found);
    const Message& message = MessageAt(FindKind("v1", "ConfigMap")->message);
    text::YamlWriter yaml_writer(yaml);
    WriteObject(message, raw, options, yaml_writer, remarks);
    text::JsonWriter json_writer(json);
    WriteObject(message, raw, options, json_writer, remarks);
    text::TreeWriter tree_writer(tree, {});
    WriteObject(message, raw, options, tree_writer, remarks);
  }
  Where where{"db", 0};
  diag::FindingList found;
  std::string yaml, json;
  text::ObjectTree tree;
};

TEST(WriteObject, PrintsFieldsInTheOrderOfEachFormat) {
  const std::string raw = ConfigMap();
  const Written written(AsBytes(raw));
  EXPECT_EQ(
      written.yaml,
      "apiVersion: v1\ndata:\n  a: \"1\"\n  b: x\nimmutable: true\nkind: ConfigMap\nmetadata:\n  name: cm\n");
  EXPECT_EQ(
      written.json,
      R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cm"},"immutable":true,"data":{"a":"1","b":"x"}})");
  EXPECT_EQ(written.tree.root().StringAt("data.b"), "x");
  EXPECT_TRUE(written.found.items.empty());
}

TEST(WriteObject, SortsJsonAndAddsTheResourceVersionWhereItIsAskedTo) {
  const std::string raw = ConfigMap();
  ObjectOptions options{"v1", "ConfigMap"};
  options.sorted = true;
  options.resource_version = "7";
  EXPECT_EQ(
      Written(AsBytes(raw), options).json,
      R"({"apiVersion":"v1","data":{"a":"1","b":"x"},"immutable":true,"kind":"ConfigMap","metadata":{"name":"cm","resourceVersion":"7"}})");
}

TEST(WriteObject, PrintsWhatAnOlderReleasePrinted) {
  const std::string raw = ConfigMap();
  ObjectOptions options{"v1", "ConfigMap"};
  options.release = 30;
  EXPECT_NE(Written(AsBytes(raw), options).yaml.find("creationTimestamp: null"), std::string::npos);
}

// Whatever is missing, what is printed is a document, and what was whole is in it.
TEST(WriteObject, PrintsADocumentAtEveryCut) {
  const std::string raw = ConfigMap();
  support::ForEachPrefix(raw, [&](Bytes prefix) {
    const Written written(prefix);
    text::ObjectTree tree;
    EXPECT_FALSE(text::ReadJson(written.json, tree)) << prefix.size();
    EXPECT_EQ(tree.root()["immutable"].is_true(), prefix.size() >= 2) << prefix.size();
    EXPECT_EQ(tree.root().StringAt("kind"), "ConfigMap");
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
