// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kubectl/describe.h"
#include "support/described.h"

namespace etcdmedic::kubectl {
namespace {

using support::Described;
using testing::HasSubstr;
using testing::Not;

TEST(DescribeNamespace, ListsQuotasAndLimits) {
  const std::string text = Described(
      "namespaces", R"({"metadata":{"name":"n"},"status":{"phase":"Terminating","conditions":[
      {"type":"T","status":"True","reason":"R","message":"m","lastTransitionTime":"2026-11-20T10:00:00Z"}]}})",
      {{"resourcequotas",
        {R"({"metadata":{"name":"q","namespace":"n"},"spec":{"scopes":["Other","BestEffort"]},"status":{"hard":{"pods":"4"},"used":{}}})"}},
       {"limitranges",
        {R"({"metadata":{"namespace":"n"},"spec":{"limits":[{"type":"Pod","max":{"memory":"1Gi"},"min":{"cpu":"1"}}]}})"}}});
  EXPECT_THAT(text,
              HasSubstr("Conditions:\n  Type  Status  LastTransitionTime               Reason  Message\n"));
  EXPECT_THAT(text, HasSubstr("Resource Quotas\n  Name:    q\n  Scopes:  BestEffort, Other\n  * Matches all "
                              "pods that do not have"));
  EXPECT_THAT(text, HasSubstr("  pods      0     4\n"));
  EXPECT_THAT(text, HasSubstr(" Pod   cpu       1    -    -                -              -\n Pod   memory   "
                              " -    1Gi  -                -              -\n"));
  EXPECT_THAT(text, Not(HasSubstr("Events")));
}

TEST(DescribeNamespace, SaysThatThereAreNone) {
  EXPECT_THAT(Described("ns", R"({"metadata":{"name":"n"}})"),
              HasSubstr("\nNo resource quota.\n\nNo LimitRange resource.\n"));
}

}  // namespace
}  // namespace etcdmedic::kubectl
