// SPDX-License-Identifier: Apache-2.0
#include "kubectl/jsonpath.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace etcdmedic::kubectl
