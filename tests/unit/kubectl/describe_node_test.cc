// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kubectl/describe.h"
#include "support/described.h"

namespace etcdmedic::kubectl {
namespace {

using support::Described;
using support::Squeezed;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kNode =
    R"({"metadata":{"name":"a","labels":{"node-role.kubernetes.io/worker":""}},"spec":{"taints":[{"key":"k","effect":"NoSchedule"},{"key":"v","value":"1"}]},
    "status":{"allocatable":{"cpu":"2","memory":"1Gi","hugepages-2Mi":"4Mi","pods":"10","example.com/gpu":"1"}}})";

TEST(DescribeNode, SumsWhatItsPodsAskFor) {
  const std::string text = Described(
      "nodes", kNode,
      {{"pods",
        {R"({"metadata":{"name":"p","namespace":"n"},"spec":{"nodeName":"a","containers":[{"resources":{"requests":{"cpu":"500m","memory":"512Mi","example.com/gpu":"1"}}}]}})",
         R"({"metadata":{"name":"done"},"spec":{"nodeName":"a","containers":[{"resources":{"requests":{"cpu":"500m"}}}]},"status":{"phase":"Succeeded"}})"}}});
  EXPECT_THAT(Squeezed(text), HasSubstr(Squeezed("Non-terminated Pods:  (1 in total)\n")));
  EXPECT_THAT(Squeezed(text), HasSubstr(Squeezed("500m (25%)    0 (0%)      512Mi (50%)")));
  EXPECT_THAT(
      Squeezed(text),
      HasSubstr(Squeezed("  cpu                500m (25%)   0 (0%)\n  memory             512Mi (50%)  0 "
                         "(0%)\n  ephemeral-storage  0 (0%)       0 (0%)\n"
                         "  hugepages-2Mi      0 (0%)       0 (0%)\n  example.com/gpu    1            0\n")));
  EXPECT_THAT(Squeezed(text),
              HasSubstr(Squeezed("Taints:             v=1:\n                    k:NoSchedule\n")));
  EXPECT_THAT(Squeezed(text), HasSubstr(Squeezed("Roles:              worker\n")));
}

TEST(DescribeNode, FindsItsLeaseAndItsDevices) {
  std::vector<std::string> slices;
  for (int i = 0; i < 12; ++i)
    slices.push_back(R"({"spec":{"nodeName":"a","driver":"d","pool":{"name":")" + std::to_string(10 + i) +
                     R"("},"devices":[1,2]}})");
  const std::string text = Described(
      "nodes", kNode,
      {{"leases.coordination.k8s.io",
        {R"({"metadata":{"name":"a","namespace":"kube-node-lease"},"spec":{"holderIdentity":"h","renewTime":"2026-11-20T10:00:00.5Z"}})"}},
       {"resourceslices.resource.k8s.io", slices}});
  EXPECT_THAT(text, HasSubstr("Lease:\n  HolderIdentity:  h\n  AcquireTime:     <unset>\n  RenewTime:       "
                              "Fri, 20 Nov 2026 10:00:00 +0000\n"));
  EXPECT_THAT(text, HasSubstr("  d       10    1       2\n"));
  EXPECT_THAT(text, HasSubstr("  ...and 2 more pools\n"));
  EXPECT_THAT(
      Described("nodes", kNode),
      HasSubstr("Lease:              Failed to get lease: leases.coordination.k8s.io \"a\" not found\n"));
}

TEST(DescribeNode, KeepsGosShareOfNothing) {
  EXPECT_THAT(Described("nodes", R"({"metadata":{"name":"a"}})",
                        {{"pods", {R"({"metadata":{"name":"p"},"spec":{"nodeName":"a"}})"}}}),
              HasSubstr("0 (-9223372036854775808%)"));
}

TEST(DescribeNode, TakesEventsThatKnowItByName) {
  const std::string text =
      Described("nodes", R"({"kind":"Node","metadata":{"name":"a","uid":"u"}})",
                {{"events",
                  {R"({"reason":"ByUid","involvedObject":{"kind":"Node","name":"a","uid":"u"}})",
                   R"({"reason":"ByName","involvedObject":{"kind":"Node","name":"a","uid":"a"}})",
                   R"({"reason":"OfOther","involvedObject":{"kind":"Node","name":"a","uid":"x"}})"}}});
  EXPECT_THAT(text, HasSubstr("ByUid"));
  EXPECT_THAT(text, HasSubstr("ByName"));
  EXPECT_THAT(text, Not(HasSubstr("OfOther")));
}

}  // namespace
}  // namespace etcdmedic::kubectl
