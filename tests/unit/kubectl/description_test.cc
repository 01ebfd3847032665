// SPDX-License-Identifier: Apache-2.0
#include "kubectl/description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

struct Object {
  explicit Object(const char* json) { text::ReadJson(json, tree); }
  text::ObjectView view() const { return tree.root(); }
  text::ObjectTree tree;
};

TEST(Description, PrintsFieldsByTheirForm) {
  using Form = DescribedField::Form;
  static constexpr DescribedField kRows[] = {{"Text", "a.b"},
                                             {"None", "x", Form::kText, "<none>"},
                                             {"Gone", "x", Form::kGiven},
                                             {"Empty", "e", Form::kSet, "<unset>"},
                                             {"Unset", "x", Form::kSet, "<unset>"},
                                             {"True", "t", Form::kTrue},
                                             {"False", "x", Form::kTrue},
                                             {"Time", "time", Form::kTime, "-"},
                                             {"Never", "x", Form::kTime, "-"},
                                             {"List", "l", Form::kList},
                                             {"NoList", "x", Form::kList},
                                             {"Map", "m", Form::kMap},
                                             {"NoMap", "x", Form::kMap},
                                             {"Ref", "r", Form::kReference},
                                             {"NoRef", "x", Form::kReference},
                                             {"Joined", "l", Form::kJoined},
                                             {"Nothing", "x", Form::kJoined, "<none>"},
                                             {"Gone", "x", Form::kJoinedIfAny}};
  const Object object(
      R"({"a":{"b":"1"},"e":"","t":true,"time":"2026-11-20T10:00:00Z","l":["a","b"],"m":{"k":"v"},"r":{"name":"n"}})");
  Description out;
  out.Fields(0, kRows, object.view());
  EXPECT_EQ(out.Finish(),
            "Text:     1\nNone:     <none>\nEmpty:    \nUnset:    <unset>\nTrue:     true\nFalse:    false\n"
            "Time:     Fri, 20 Nov 2026 10:00:00 +0000\nNever:    -\nList:     [a b]\nNoList:   []\nMap:     "
            " map[k:v]\n"
            "NoMap:    map[]\nRef:      &LocalObjectReference{Name:n,}\nNoRef:    nil\nJoined:   "
            "a,b\nNothing:  <none>\n");
}

TEST(Description, PutsItemsBelowOneAnother) {
  Description out;
  out.Items(0, "A", {"1", "2"});
  out.Items(0, "None", {});
  out.Labels(0, "Labels", Object(R"({"b":"2","a":"1"})").view());
  EXPECT_EQ(out.Finish(), "A:       1\n         2\nNone:    <none>\nLabels:  a=1\n         b=2\n");
}

TEST(Description, CutsLongAnnotationsAndLeavesOutTheLastApplied) {
  const std::string json = R"({"kubectl.kubernetes.io/last-applied-configuration":"x","long":")" +
                           std::string(200, 'a') + R"(","lines":"1\n2\n","short":"s"})";
  Description out;
  out.Annotations("Annotations", Object(json.c_str()).view());
  EXPECT_EQ(
      out.Finish(),
      "Annotations:  lines:\n                1\n                2\n              long:\n                " +
          std::string(138, 'a') + "...\n              short: s\n");
}

TEST(Description, NestsAndEscapes) {
  Description out;
  out.Nest(1);
  out.Field(1, "a", "\x1b[31m");
  EXPECT_EQ(out.Finish(), "    a:  ^[[31m\n");
}

TEST(LinesOf, HasOneAtLeast) {
  EXPECT_EQ(LinesOf("").size(), 1U);
  EXPECT_THAT(LinesOf("a\n\nb"), testing::ElementsAre("a", "", "b"));
}

}  // namespace
}  // namespace etcdmedic::kubectl
