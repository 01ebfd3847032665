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

TEST(DescribeAnyObject, PutsNamesIntoWords) {
  const std::string text = Described(
      "leases",
      R"({"kind":"Lease","apiVersion":"v1","metadata":{"name":"n","uid":"u","managedFields":[{"a":1}]},
    "spec":{"podCIDRs":["a",{"b":1},[1,2]],"apiServerURL":"x","a.b/c":null,"clusterUID":"i","ratio":1e-7,"on":true,"a-b":1}})");
  EXPECT_EQ(
      text,
      "Name:         n\nNamespace:    \nLabels:       <none>\nAnnotations:  <none>\nAPI Version:  v1\nKind:  "
      "       Lease\n"
      "Metadata:\n  UID:  u\nSpec:\n  A - B:           1\n  a.b/c:           <nil>\n  API Server URL:  x\n"
      "  Cluster UID:     i\n  On:              true\n  Pod CIDRs:\n    a\n    B:  1\n    [1 2]\n  Ratio:  "
      "1e-07\nEvents:   <none>\n");
}

}  // namespace
}  // namespace etcdmedic::kubectl
