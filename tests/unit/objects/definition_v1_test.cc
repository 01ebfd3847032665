// SPDX-License-Identifier: Apache-2.0
#include "objects/definition_v1.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "text/json_text.h"

namespace etcdmedic::objects {
namespace {

using Json = nlohmann::ordered_json;

// The definition as v1; null for what is not a definition of v1beta1.
Json Converted(const char* text) {
  text::ObjectTree definition, v1;
  EXPECT_FALSE(text::ReadJson(text, definition)) << text;
  if (!IsDefinitionV1beta1(definition.root())) return {};
  WriteDefinitionV1(definition.root(), v1);
  std::string made;
  v1.root().AppendJson(made);
  return Json::parse(made);
}

TEST(DefinitionV1, MovesWhatHoldsForAllVersionsIntoEach) {
  const Json made = Converted(
      R"({"apiVersion":"apiextensions.k8s.io/v1beta1","kind":"CustomResourceDefinition","metadata":{"name":"c"},
    "spec":{"group":"stable.example.com","version":"v1","scope":"Namespaced","names":{"plural":"crontabs","kind":"CronTab"},
    "subresources":{"status":{}},"additionalPrinterColumns":[{"name":"Age","type":"date","JSONPath":".a"}],
    "validation":{"openAPIV3Schema":{"type":"object"}},"preserveUnknownFields":false,
    "versions":[{"name":"v1","served":true,"storage":true},{"name":"v2","served":true,"storage":false}]}})");
  EXPECT_EQ(made["apiVersion"], "apiextensions.k8s.io/v1");
  const Json& spec = made["spec"];
  EXPECT_FALSE(spec.contains("version"));
  EXPECT_FALSE(spec.contains("validation"));
  EXPECT_FALSE(spec.contains("subresources"));
  EXPECT_FALSE(spec.contains("additionalPrinterColumns"));
  ASSERT_EQ(spec["versions"].size(), 2U);
  for (const Json& version : spec["versions"]) {
    EXPECT_EQ(version["schema"]["openAPIV3Schema"]["type"], "object");
    EXPECT_TRUE(version["subresources"].contains("status"));
    EXPECT_EQ(version["additionalPrinterColumns"][0]["jsonPath"], ".a");
    EXPECT_FALSE(version["additionalPrinterColumns"][0].contains("JSONPath"));
  }
}

TEST(DefinitionV1, IsNothingElse) {
  for (
      const char* text :
      {R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","spec":{"version":"v1"}})",
       R"({"apiVersion":"v1","kind":"Pod","spec":{"version":"v1"}})", "{}"}) {
    text::ObjectTree tree;
    ASSERT_FALSE(text::ReadJson(text, tree));
    EXPECT_FALSE(IsDefinitionV1beta1(tree.root())) << text;
  }
}

TEST(DefinitionV1, TakesOddDefinitionsWithoutHarm) {
  for (
      const char* text :
      {R"({"apiVersion":"apiextensions.k8s.io/v1beta1","kind":"CustomResourceDefinition"})",
       R"({"apiVersion":"apiextensions.k8s.io/v1beta1","kind":"CustomResourceDefinition","spec":7})",
       R"({"apiVersion":"apiextensions.k8s.io/v1beta1","kind":"CustomResourceDefinition","spec":{"versions":{"a":1}}})",
       R"({"apiVersion":"apiextensions.k8s.io/v1beta1","kind":"CustomResourceDefinition","spec":{"versions":[7,null]}})"})
    EXPECT_NO_THROW(Converted(text)) << text;
}

}  // namespace
}  // namespace etcdmedic::objects
