// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "support/printed_cells.h"

namespace etcdmedic::kubectl {
namespace {

using test::Cells;

TEST(ExtensionPrinters, ShowDefinitions) {
  constexpr std::string_view kDefinition = R"({"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},
      "spec":{"scope":"Cluster","group":"g.io","names":{"kind":"K","shortNames":["a","b"]},"versions":[
      {"name":"v1","served":true},{"name":"v1beta1","served":false},{"name":"v1alpha1","served":true,"storage":true}]},
      "status":{"conditions":[{"type":"Established","status":"True"}]}})";
  EXPECT_EQ(Cells("crd", kDefinition), "Cluster|v1,v1alpha1(storage)|2026-01-01T00:00:00Z");
  EXPECT_EQ(Cells("crd", kDefinition, true),
            "Cluster|v1,v1alpha1(storage)|2026-01-01T00:00:00Z|g.io|K|a,b|true");
  EXPECT_EQ(Cells("crd", R"({"status":{"conditions":[{"type":"Established","status":"False"}]}})", true),
            "||||||false");
}

TEST(ExtensionPrinters, ShowAdmissionPolicies) {
  EXPECT_EQ(Cells("validatingadmissionpolicies",
                  R"({"spec":{"validations":[1,2],"paramKind":{"apiVersion":"v1","kind":"C"}}})"),
            "2|v1/C|<unknown>");
  EXPECT_EQ(Cells("mutatingadmissionpolicies", R"({"spec":{"mutations":[1]}})"), "1|<unset>|<unknown>");
}

TEST(ExtensionPrinters, ShowWhatABindingTakesItsParametersFrom) {
  struct Row {
    const char *param, *text;
  };
  const Row rows[] = {
      {"null", "<unset>"},
      {R"({"name":"p"})", "*/p"},
      {R"({"name":"p","namespace":"n"})", "n/p"},
      {R"({"selector":{}})",
       "&LabelSelector{MatchLabels:map[string]string{},MatchExpressions:[]LabelSelectorRequirement{},}"},
      {R"({"selector":{"matchLabels":{"b":"2","a":"1"},"matchExpressions":[{"key":"k","operator":"In","values":["x","y"]}]}})",
       "&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{"
       "LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},},}"}};
  for (const Row& row : rows) {
    const std::string json = fmt::format(R"({{"spec":{{"policyName":"v","paramRef":{}}}}})", row.param);
    EXPECT_EQ(Cells("validatingadmissionpolicybindings", json), fmt::format("v|{}|<unknown>", row.text));
    EXPECT_EQ(Cells("mutatingadmissionpolicybindings", json), fmt::format("v|{}|<unknown>", row.text));
  }
}

TEST(ExtensionPrinters, ShowCertificates) {
  EXPECT_EQ(Cells("clustertrustbundles", R"({"spec":{"signerName":""}})"), "<none>");
  EXPECT_EQ(Cells("podcertificaterequests", R"({"spec":{"podName":"p","unverifiedUserAnnotations":{"a":"b"}},
      "status":{"conditions":[{"type":"Denied","status":"True"},{"type":"Issued","status":"False"},{"type":"x"}]}})"),
            "p||||Issued|a=b");
  EXPECT_EQ(Cells("podcertificaterequests", "{}"), "||||Pending|<none>");
}

TEST(ExtensionPrinters, ShowStoredVersions) {
  EXPECT_EQ(
      Cells("storageversionmigrations", R"({"spec":{"resource":{"group":"apps","resource":"deployments"}},
      "status":{"conditions":[{"type":"Running","status":"True"},{"type":"Failed","status":"False"}]}})"),
      "deployments.apps|Running");
  EXPECT_EQ(Cells("storageversionmigrations", R"({"spec":{"resource":{"resource":"pods"}}})"),
            "pods|Unknown");
  EXPECT_EQ(
      Cells("storageversions", R"({"status":{"storageVersions":[{"apiServerID":"a","encodingVersion":"v1"},
      {"apiServerID":"b","encodingVersion":"v1"},{"apiServerID":"c","encodingVersion":"v1"},{"apiServerID":"d"}]}})"),
      "<unset>|a=v1,b=v1,c=v1 + 1 more...|<unknown>");
  EXPECT_EQ(Cells("leasecandidates",
                  R"({"spec":{"leaseName":"l","binaryVersion":"1.2.0","emulationVersion":"1.1.0"}})"),
            "l|1.2.0|1.1.0|<unknown>");
}

}  // namespace
}  // namespace etcdmedic::kubectl
