// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "kubectl/jsonpath_template.h"
#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kObject = R"({
  "metadata": {"name": "web", "labels": {"app.kubernetes.io/name": "w", "n": "7"}},
  "spec": {"containers": [{"name": "a", "image": "i1", "ports": [{"p": 80}, {"p": 443}]}, {"name": "b", "image": "i2"}],
           "empty": [], "nothing": null},
  "status": {"conditions": [{"type": "Ready", "status": "True", "age": 5}, {"type": "Disk", "status": "False"}]}})";

std::string Found(std::string_view expression) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(kObject, tree));
  const auto path = JsonPath::Parse(expression);
  if (!path) return "refused: " + path.error().what;
  std::string text;
  for (const text::ObjectView value : path->Find(tree.root())) {
    if (!text.empty()) text += '|';
    AppendGoText(text, value);
  }
  return text;
}

struct Case {
  std::string_view expression, found;
};

constexpr Case kCases[] = {
    {".metadata.name", "web"},
    {"metadata.name", "web"},
    {"{.metadata.name}", "web"},
    {"$.metadata.name", "web"},
    {".metadata.labels['app.kubernetes.io/name']", "w"},
    {".metadata.labels.app\\.kubernetes\\.io/name", "w"},
    {".metadata['name']", "web"},
    {".spec.containers[0].name", "a"},
    {".spec.containers[-1].name", "b"},
    {".spec.containers[7].name", ""},
    {".spec.containers[*].image", "i1|i2"},
    {".spec.containers[0:1].image", "i1"},
    {".spec.containers[1:].image", "i2"},
    {".spec.containers[0,1].name", "a|b"},
    {".spec.containers[:9].name", "a|b"},
    {".spec.containers[*].ports[*].p", "80|443"},
    {"..image", "i1|i2"},
    {"..p", "80|443"},
    {".metadata.labels.*", "w|7"},
    {".metadata.labels", "map[app.kubernetes.io/name:w n:7]"},
    {".spec.containers[0].ports", "[map[p:80] map[p:443]]"},
    {".spec.nothing", "<nil>"},
    {".spec.absent.more", ""},
    {R"(.status.conditions[?(@.type=="Ready")].status)", "True"},
    {R"(.status.conditions[?(@.type != 'Ready')].status)", "False"},
    {".status.conditions[?(@.age>4)].type", "Ready"},
    {".status.conditions[?(@.age<=4)].type", ""},
    {".status.conditions[?(@.age)].type", "Ready"},
    {R"(.spec.containers[?(@.ports[0].p==80)].name)", "a"},
};

TEST(JsonPath, FindsWhatKubectlFinds) {
  for (const Case& each : kCases) EXPECT_EQ(Found(each.expression), each.found) << each.expression;
}

TEST(JsonPath, RefusesWhatItCannotRead) {
  for (const std::string_view expression :
       {".a[", ".a[0", ".a[x]", ".a['b]", ".a[?(@.b==]", ".a[?(@.b=='c']", ".a b", ".a[?()]", ".a)", "{.a"}) {
    EXPECT_TRUE(Found(expression).starts_with("refused: ")) << expression << " gave " << Found(expression);
  }
}

TEST(JsonPath, FiltersDoNotNestWithoutBound) {
  std::string expression;
  for (int i = 0; i < 100; ++i) expression += ".a[?(@";
  EXPECT_TRUE(Found(expression).starts_with("refused: filters nest too deep"));
}

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
