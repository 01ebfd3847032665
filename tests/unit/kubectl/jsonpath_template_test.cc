// SPDX-License-Identifier: Apache-2.0
#include "kubectl/jsonpath_template.h"

#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kObject = R"({
  "metadata": {"name": "web", "labels": {"app.kubernetes.io/name": "w", "n": "7"}},
  "spec": {"containers": [{"name": "a", "image": "i1", "ports": [{"p": 80}, {"p": 443}]}, {"name": "b", "image": "i2"}],
           "empty": [], "nothing": null},
  "status": {"conditions": [{"type": "Ready", "status": "True", "age": 5}, {"type": "Disk", "status": "False"}]}})";

using Run = void (JsonPathTemplate::*)(text::ObjectView, std::string&) const;

std::string Printed(std::string_view text, Run run = &JsonPathTemplate::Run) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(kObject, tree));
  const auto parsed = JsonPathTemplate::Parse(text);
  if (!parsed) return "refused";
  std::string out;
  ((*parsed).*run)(tree.root(), out);
  return out;
}

std::string AsJson(std::string_view text) { return Printed(text, &JsonPathTemplate::RunAsJson); }

TEST(JsonPathTemplate, PrintsWhatKubectlPrints) {
  EXPECT_EQ(Printed("{.metadata.name}"), "web");
  EXPECT_EQ(Printed("name: {.metadata.name}{\"\\n\"}"), "name: web\n");
  EXPECT_EQ(Printed("{.spec.containers[*].name}"), "a b");
  EXPECT_EQ(Printed("{range .spec.containers[*]}{.name}={.image}{'\\t'}{end}."), "a=i1\tb=i2\t.");
  EXPECT_EQ(Printed("{range .spec.containers[*]}[{range .ports[*]}{.p},{end}]{end}"), "[80,443,][]");
  EXPECT_EQ(Printed("{.spec.containers[0].ports}"), R"([{"p":80},{"p":443}])");
  EXPECT_EQ(Printed("{.metadata.absent}"), "");
  EXPECT_EQ(Printed(R"({.status.conditions[?(@.type=="Ready")].status}{"}"})"), "True}");
}

TEST(JsonPathTemplate, TakesATextWithoutBracesForAPath) { EXPECT_EQ(Printed(".metadata.name"), "web"); }

TEST(JsonPathTemplate, PrintsAListOfWhatEachPartGives) {
  EXPECT_EQ(AsJson("{.spec.containers[*].name}"), "[\n    \"a\",\n    \"b\"\n]\n");
  EXPECT_EQ(AsJson("{.metadata.absent}"), "[]\n");
  EXPECT_EQ(AsJson("<{.status.conditions[0].age}"), "[\n    \"\\u003c\"\n]\n[\n    5\n]\n");
  EXPECT_EQ(AsJson("{.metadata.labels}"),
            "[\n    {\n        \"app.kubernetes.io/name\": \"w\",\n        \"n\": \"7\"\n    }\n]\n");
  EXPECT_EQ(AsJson("{range .spec.containers[*]}{.image}{'\\n'}{end}"),
            "[\n    \"i1\"\n]\n[\n    \"\\n\"\n]\n[\n    \"i2\"\n]\n[\n    \"\\n\"\n]\n");
  EXPECT_EQ(AsJson("{range .nothing[*]}{.image}{end}"), "");
}

TEST(JsonPathTemplate, RefusesWhatDoesNotClose) {
  for (const std::string_view text : {"{.a", "{range .a[*]}{.b}", "{end}", "{range .a[}{end}", "{\"x}"}) {
    EXPECT_EQ(Printed(text), "refused") << text;
  }
}

}  // namespace
}  // namespace etcdmedic::kubectl
