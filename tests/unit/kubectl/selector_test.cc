// SPDX-License-Identifier: Apache-2.0
#include "kubectl/selector.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kPod =
    R"({"kind":"Pod","metadata":{"name":"web","labels":{"app":"web","tier":"front","n":"7","e":""}},
  "spec":{"nodeName":"n1"},"status":{"phase":"Running"}})";
constexpr std::string_view kEvent =
    R"({"kind":"Event","source":{"component":"kubelet"},"involvedObject":{"kind":"Pod","name":"web"}})";

std::string Labels(std::string_view text) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(kPod, tree));
  const auto selector = LabelSelector::Parse(text);
  if (!selector) return "refused";
  return selector->Matches(tree.root().At("metadata.labels")) ? "yes" : "no";
}

std::string Fields(std::string_view object, std::string_view text) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(object, tree));
  const auto selector = FieldSelector::Parse(text);
  if (!selector) return "refused";
  return selector->Matches(tree.root()) ? "yes" : "no";
}

struct Case {
  std::string_view text, answer;
};

constexpr Case kLabels[] = {
    {"", "yes"},
    {"app=web", "yes"},
    {"app==web", "yes"},
    {"app = web", "yes"},
    {"app=db", "no"},
    {"app!=db", "yes"},
    {"app!=web", "no"},
    {"absent!=x", "yes"},
    {"absent=x", "no"},
    {"app", "yes"},
    {"absent", "no"},
    {"!absent", "yes"},
    {"!app", "no"},
    {"app in (db,web)", "yes"},
    {"app in (db, x)", "no"},
    {"app notin (db)", "yes"},
    {"app notin (web)", "no"},
    {"absent notin (x)", "yes"},
    {"e=", "yes"},
    {"e in ()", "yes"},
    {"n>6", "yes"},
    {"n<7", "no"},
    {"app>1", "no"},
    {"absent<1", "no"},
    {"app=web,tier=front,!absent,n in (7)", "yes"},
    {"app=web,tier=back", "no"},
    {"app=web,", "refused"},
    {"=web", "refused"},
    {"app in web", "refused"},
    {"app in (web", "refused"},
    {"app web", "refused"},
    {"n>x", "refused"},
    {"!", "refused"},
    {"app=web)", "refused"},
};

TEST(LabelSelector, AnswersAsKubectlDoes) {
  for (const Case& each : kLabels) EXPECT_EQ(Labels(each.text), each.answer) << each.text;
}

TEST(LabelSelector, AnObjectWithoutLabelsHasNone) {
  EXPECT_TRUE(LabelSelector::Parse("!a,b!=c")->Matches({}));
  EXPECT_FALSE(LabelSelector::Parse("a")->Matches({}));
}

TEST(FieldSelector, ReadsAnyField) {
  EXPECT_EQ(Fields(kPod, "status.phase=Running,spec.nodeName==n1,metadata.name=web"), "yes");
  EXPECT_EQ(Fields(kPod, "status.phase!=Running"), "no");
  EXPECT_EQ(Fields(kPod, "spec.nodeName=,"), "no");
  EXPECT_EQ(Fields(kPod, "status.podIP="), "yes") << "an absent field is empty";
  EXPECT_EQ(Fields(kPod, "spec.hostNetwork=false"), "yes") << "as an API server sees it";
  EXPECT_EQ(Fields(kEvent, "involvedObject.name=web,source=kubelet"), "yes");
  EXPECT_EQ(Fields(kEvent, "source=scheduler"), "no");
  EXPECT_EQ(Fields(kPod, "status.phase"), "refused");
  EXPECT_EQ(Fields(kPod, "=x"), "refused");
}

TEST(Selector, IsPrintedInTheOrderOfKeys) {
  text::ObjectTree tree;
  ASSERT_FALSE(text::ReadJson(R"({"matchLabels":{"b":"1","a":"2"},"matchExpressions":[
    {"key":"c","operator":"In","values":["y","x"]},{"key":"aa","operator":"DoesNotExist"},{"key":"d","operator":"Exists"}]})",
                              tree));
  EXPECT_EQ(SelectorText(tree.root()), "a=2,!aa,b=1,c in (x,y),d");
  EXPECT_EQ(SelectorText({}), "<none>");
  EXPECT_EQ(LabelsText(tree.root()["matchLabels"]), "a=2,b=1");
}

TEST(Selector, EndsAtEveryCut) {
  support::ForEachPrefix("app=web,tier in (front, back),!gone,n notin (1),x!=y", [](Bytes prefix) {
    const auto selector = LabelSelector::Parse(AsText(prefix));
    if (!selector) {
      EXPECT_FALSE(selector.error().what.empty());
    }
  });
  support::ForEachPrefix("metadata.name=web,status.phase!=Running", [](Bytes prefix) {
    const auto selector = FieldSelector::Parse(AsText(prefix));
    if (!selector) {
      EXPECT_FALSE(selector.error().what.empty());
    }
  });
}

}  // namespace
}  // namespace etcdmedic::kubectl
