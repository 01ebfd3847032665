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

std::string Printed(std::string_view text) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(kObject, tree));
  const auto parsed = JsonPathTemplate::Parse(text);
  if (!parsed) return "refused";
  std::string out;
  parsed->Run(tree.root(), out);
  return out;
}

TEST(JsonPathTemplate, PrintsWhatKubectlPrints) {
  EXPECT_EQ(Printed("{.metadata.name}"), "web");
  EXPECT_EQ(Printed(".metadata.name"), "web");
  EXPECT_EQ(Printed("name: {.metadata.name}{\"\\n\"}"), "name: web\n");
  EXPECT_EQ(Printed("{.spec.containers[*].name}"), "a b");
  EXPECT_EQ(Printed("{range .spec.containers[*]}{.name}={.image}{'\\t'}{end}."), "a=i1\tb=i2\t.");
  EXPECT_EQ(Printed("{range .spec.containers[*]}[{range .ports[*]}{.p},{end}]{end}"), "[80,443,][]");
  EXPECT_EQ(Printed("{.spec.containers[0].ports}"), R"([{"p":80},{"p":443}])");
  EXPECT_EQ(Printed("{.metadata.absent}"), "");
  EXPECT_EQ(Printed(R"({.status.conditions[?(@.type=="Ready")].status}{"}"})"), "True}");
}

TEST(JsonPathTemplate, RefusesWhatDoesNotClose) {
  for (const std::string_view text : {"{.a", "{range .a[*]}{.b}", "{end}", "{range .a[}{end}", "{\"x}"}) {
    EXPECT_EQ(Printed(text), "refused") << text;
  }
}

}  // namespace
}  // namespace etcdmedic::kubectl
