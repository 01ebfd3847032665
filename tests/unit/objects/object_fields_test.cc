// SPDX-License-Identifier: Apache-2.0
#include "objects/object_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::objects {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Tree {
  explicit Tree(std::string json) : text(std::move(json)) { text::ReadJson(text, tree); }
  text::ObjectView root() const { return tree.root(); }
  std::string text;
  text::ObjectTree tree;
};

std::vector<std::string> Shown(const Tree& tree) {
  std::vector<std::string> shown;
  ForEachField(tree.root(), [&](const ObjectField& field, std::span<const FieldStep>) {
    shown.push_back(field.path + "=" + ValueText(field.value));
  });
  return shown;
}

TEST(ObjectFields, HaveShortPaths) {
  EXPECT_THAT(
      Shown(Tree(R"({"kind":"Pod","metadata":{"annotations":{"a.b/c":"1","d":"2"},"labels":{},
      "managedFields":[{"manager":"m"}]},"spec":{"containers":[{"name":"web","args":["x","y"]},{"name":"db"}],
      "mixed":[{"name":"a"},{"other":true}],"twice":[{"name":"a"},{"name":"a"}],"none":[],"n":3,"null":null}})")),
      ElementsAre("kind=Pod", "metadata.annotations[\"a.b/c\"]=1", "metadata.annotations.d=2",
                  "metadata.labels={}", "spec.containers[web].name=web", "spec.containers[web].args[0]=x",
                  "spec.containers[web].args[1]=y", "spec.containers[db].name=db", "spec.mixed[0].name=a",
                  "spec.mixed[1].other=true", "spec.twice[0].name=a", "spec.twice[1].name=a", "spec.none=[]",
                  "spec.n=3", "spec.null=null"));
  EXPECT_THAT(Shown(Tree("{}")), IsEmpty());
}

TEST(ChangedFields, AreThoseThatDiffer) {
  const Tree before(R"({"a":1,"b":"x","c":[{"name":"p","v":1},{"name":"q","v":2}],"gone":true,"e":{}})");
  const Tree after(R"({"e":{},"a":"1","b":"x","c":[{"name":"q","v":3},{"name":"p","v":1}],"new":[1]})");
  EXPECT_THAT(ChangedFields(before.root(), after.root()), ElementsAre("a", "c[q].v", "gone", "new[0]"));
  EXPECT_THAT(ChangedFields(before.root(), before.root()), IsEmpty());
  EXPECT_THAT(ChangedFields({}, Tree(R"({"a":{"b":1}})").root()), ElementsAre("a.b"));
}

TEST(ManagerOf, IsTheLastOfThoseThatOwnTheField) {
  const Tree tree(R"({"metadata":{"labels":{"app":"x"},"finalizers":["f1","f2"],"managedFields":[
      {"manager":"old","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{"f:replicas":{},"f:atomic":{}}}},
      {"manager":"new","time":"2026-01-02T00:00:00Z","fieldsV1":{"f:spec":{"f:replicas":{},
         "f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}},
         "f:metadata":{"f:finalizers":{"v:\"f2\"":{}}}}}]},
      "spec":{"replicas":3,"atomic":{"deep":{"down":1}},"free":1,
        "ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":81,"protocol":"TCP"}]}})");
  std::map<std::string, std::string> managers;
  ForEachField(tree.root(), [&](const ObjectField& field, std::span<const FieldStep> steps) {
    managers[field.path] = ManagerOf(tree.root(), steps).name;
  });
  EXPECT_EQ(managers["spec.replicas"], "new");
  EXPECT_EQ(managers["spec.atomic.deep.down"], "old") << "owned as a whole";
  EXPECT_EQ(managers["spec.free"], "");
  EXPECT_EQ(managers["spec.ports[80].containerPort"], "new");
  EXPECT_EQ(managers["spec.ports[80].protocol"], "") << "the item, not this member";
  EXPECT_EQ(managers["spec.ports[81].containerPort"], "");
  EXPECT_EQ(managers["metadata.finalizers[1]"], "new");
  EXPECT_EQ(managers["metadata.finalizers[0]"], "");
}

}  // namespace
}  // namespace etcdmedic::objects
