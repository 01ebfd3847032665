// SPDX-License-Identifier: Apache-2.0
#include "objects/apply_ready.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "text/json_text.h"

namespace etcdmedic::objects {
namespace {

using Json = nlohmann::json;

// The manifest of `json`, and what is to be applied, as JSON.
struct Made : Manifest {
  std::string json;
};

Result<Made> TryToMake(std::string_view json, bool builtin = true, const ExportContext& surroundings = {}) {
  text::ObjectTree object;
  text::ReadJson(json, object);
  auto manifest = MakeManifest(object, builtin, surroundings);
  if (!manifest) return tl::make_unexpected(manifest.error());
  Made made{std::move(*manifest), {}};
  if (made.left_out == SkipReason::kNothing) object.root().AppendJson(made.json);
  return made;
}

Made Make(const char* json, bool builtin = true, const ExportContext& surroundings = {}) {
  auto made = TryToMake(json, builtin, surroundings);
  EXPECT_TRUE(made.has_value()) << json;
  return made.value_or(Made{});
}

// What is to be applied, as JSON written for reading.
void ExpectApplied(const char* stored, const char* applied, bool builtin = true) {
  const Made manifest = Make(stored, builtin);
  EXPECT_EQ(ReasonOf(manifest.left_out), "");
  EXPECT_EQ(Json::parse(manifest.json).dump(1), Json::parse(applied).dump(1));
}

SkipReason Why(const char* json) { return Make(json).left_out; }

TEST(ApplyReady, KeepsOfMetadataWhatTheUserWrote) {
  ExpectApplied(R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cm","namespace":"demo","uid":"u",
      "resourceVersion":"7","generation":2,"creationTimestamp":"2026-11-24T05:04:02Z","selfLink":"/x",
      "labels":{"a":"b"},"annotations":{"mine":"1","kubectl.kubernetes.io/last-applied-configuration":"{}"},
      "finalizers":["x"],"ownerReferences":[{"kind":"Thing","name":"t","uid":"o"}],"managedFields":[{}]},
      "data":{"k":"v"}})",
                R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"cm","namespace":"demo",
      "labels":{"a":"b"},"annotations":{"mine":"1"}},"data":{"k":"v"}})");
}

TEST(ApplyReady, DropsAMapThatBecomesEmptyYetNotOneThatWas) {
  ExpectApplied(
      R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","annotations":
      {"deployment.kubernetes.io/revision":"1"},"labels":{}},"spec":{"nodeName":"n","securityContext":{}},"status":{}})",
      R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","labels":{}},"spec":{"securityContext":{}}})");
}

TEST(ApplyReady, MetadataStaysThoughItIsEmpty) {
  ExpectApplied(R"({"kind":"Endpoints","apiVersion":"v1","metadata":{"uid":"u"},"subsets":[]})",
                R"({"kind":"Endpoints","apiVersion":"v1","metadata":{},"subsets":[]})");
}

TEST(ApplyReady, ANamespaceLosesItsFinalizers) {
  ExpectApplied(
      R"({"kind":"Namespace","apiVersion":"v1","metadata":{"name":"n"},"spec":{"finalizers":["kubernetes"]},
      "status":{"phase":"Active"}})",
      R"({"kind":"Namespace","apiVersion":"v1","metadata":{"name":"n"}})");
}

TEST(ApplyReady, AServiceLosesItsAddressUnlessItIsHeadless) {
  ExpectApplied(
      R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"s"},"spec":{"clusterIP":"10.0.0.7",
      "clusterIPs":["10.0.0.7"],"ports":[{"port":80,"nodePort":30001}],"healthCheckNodePort":30002}})",
      R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"s"},"spec":{"ports":[{"port":80,"nodePort":30001}]}})");
  constexpr const char* kHeadless =
      R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"s"},"spec":{"clusterIP":"None","clusterIPs":["None"]}})";
  ExpectApplied(kHeadless, kHeadless);
}

TEST(ApplyReady, AClaimAndItsVolumeFindEachOtherByName) {
  ExpectApplied(R"({"kind":"PersistentVolume","apiVersion":"v1","metadata":{"name":"pv","annotations":
      {"pv.kubernetes.io/bound-by-controller":"yes"}},"spec":{"claimRef":{"kind":"PersistentVolumeClaim","name":"c",
      "namespace":"d","uid":"u","resourceVersion":"1801"}},"status":{"phase":"Bound"}})",
                R"({"kind":"PersistentVolume","apiVersion":"v1","metadata":{"name":"pv"},"spec":{"claimRef":
      {"kind":"PersistentVolumeClaim","name":"c","namespace":"d"}}})");
  ExpectApplied(
      R"({"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"c","annotations":
      {"pv.kubernetes.io/bind-completed":"yes","volume.kubernetes.io/selected-node":"n"}},"spec":{"volumeName":"pv"}})",
      R"({"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"c"},"spec":{"volumeName":"pv"}})");
}

TEST(ApplyReady, AJobLosesWhatItsUidMade) {
  ExpectApplied(
      R"({"kind":"Job","apiVersion":"batch/v1","metadata":{"name":"j","labels":{"controller-uid":"u","mine":"1"}},
      "spec":{"selector":{"matchLabels":{"controller-uid":"u"}},"template":{"metadata":{"labels":
      {"batch.kubernetes.io/controller-uid":"u","job-name":"j"}},"spec":{}}}})",
      R"({"kind":"Job","apiVersion":"batch/v1","metadata":{"name":"j","labels":{"mine":"1"}},
      "spec":{"template":{"spec":{}}}})");
  constexpr const char* kManual =
      R"({"kind":"Job","apiVersion":"batch/v1","metadata":{"name":"j"},"spec":{"manualSelector":true,"selector":{"a":"b"}}})";
  ExpectApplied(kManual, kManual);
}

TEST(ApplyReady, ATokenIsLeftToTheNewCluster) {
  ExpectApplied(R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"t","annotations":
      {"kubernetes.io/service-account.name":"sa","kubernetes.io/service-account.uid":"u"}},
      "data":{"token":"eA=="},"type":"kubernetes.io/service-account-token"})",
                R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"t","annotations":
      {"kubernetes.io/service-account.name":"sa"}},"type":"kubernetes.io/service-account-token"})");
  ExpectApplied(
      R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"t"},"data":{"p":"eA=="},"type":"Opaque"})",
      R"({"kind":"Secret","apiVersion":"v1","metadata":{"name":"t"},"data":{"p":"eA=="},"type":"Opaque"})");
}

TEST(ApplyReady, NumbersStayExact) {
  const Made manifest = Make(
      R"({"kind":"T","apiVersion":"e.com/v1","metadata":{"name":"t"},"spec":{"a":9223372036854775807,"b":18446744073709551615,"c":-9007199254740993}})",
      false);
  EXPECT_NE(manifest.json.find(R"("a":9223372036854775807,"b":18446744073709551615,"c":-9007199254740993)"),
            std::string::npos)
      << manifest.json;
}

TEST(ApplyReady, LeavesOutWhatControllersMakeAgain) {
  EXPECT_EQ(Why(R"({"kind":"ReplicaSet","apiVersion":"apps/v1","metadata":{"name":"w-1","ownerReferences":
      [{"kind":"Deployment","name":"w","controller":true}]}})"),
            SkipReason::kOwned);
  EXPECT_EQ(Why(R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","ownerReferences":
      [{"kind":"Deployment","name":"w"}]}})"),
            SkipReason::kNothing);
  EXPECT_EQ(Make(R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","ownerReferences":
      [{"kind":"ReplicaSet","name":"w-1","controller":true}]}})")
                .detail,
            "ReplicaSet w-1");
}

TEST(ApplyReady, LeavesOutPodsThatKubeletsRunFromFiles) {
  const Made mirror = Make(R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"etcd-n1","annotations":
      {"kubernetes.io/config.mirror":"6a5c","kubernetes.io/config.source":"file"}},"spec":{"nodeName":"n1"}})");
  EXPECT_EQ(mirror.left_out, SkipReason::kOwned);
  EXPECT_EQ(mirror.detail, "Node n1");
  EXPECT_EQ(Why(R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","annotations":
      {"kubernetes.io/config.source":"api"}}})"),
            SkipReason::kNothing);
}

TEST(ApplyReady, KeepsDataThatNoControllerCanMakeAgain) {
  EXPECT_EQ(Why(R"({"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"c","ownerReferences":
      [{"kind":"StatefulSet","name":"db","controller":true}]}})"),
            SkipReason::kNothing);
  EXPECT_EQ(Why(R"({"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"c","ownerReferences":
      [{"kind":"Pod","name":"p","controller":true}]}})"),
            SkipReason::kOwned);
}

TEST(ApplyReady, LeavesOutWhatWouldRunAgainOrWasGoing) {
  EXPECT_EQ(Why(R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"status":{"phase":"Succeeded"}})"),
            SkipReason::kFinished);
  EXPECT_EQ(Why(R"({"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"},"status":{"phase":"Running"}})"),
            SkipReason::kNothing);
  EXPECT_EQ(Why(R"({"kind":"Job","apiVersion":"batch/v1","metadata":{"name":"j"},"status":{"conditions":
      [{"type":"Suspended","status":"True"},{"type":"Complete","status":"True"}]}})"),
            SkipReason::kFinished);
  EXPECT_EQ(Why(R"({"kind":"Job","apiVersion":"batch/v1","metadata":{"name":"j"},"status":{"conditions":
      [{"type":"Complete","status":"False"}]}})"),
            SkipReason::kNothing);
  EXPECT_EQ(
      Why(R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","deletionTimestamp":"2026-11-24T05:04:02Z"}})"),
      SkipReason::kBeingDeleted);
}

TEST(ApplyReady, LeavesOutWhatEveryClusterMakes) {
  EXPECT_EQ(
      Why(R"({"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"kube-root-ca.crt","namespace":"any"}})"),
      SkipReason::kServersOwn);
  EXPECT_EQ(
      Why(R"({"kind":"Service","apiVersion":"v1","metadata":{"name":"kubernetes","namespace":"demo"}})"),
      SkipReason::kNothing);
  constexpr const char* kRole =
      R"({"kind":"ClusterRole","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"edit",
      "labels":{"kubernetes.io/bootstrapping":"rbac-defaults"},"annotations":{"rbac.authorization.kubernetes.io/autoupdate":"%"}}})";
  const auto role = [&](std::string_view update) {
    std::string text(kRole);
    return Why(text.replace(text.find('%'), 1, update).c_str());
  };
  EXPECT_EQ(role("true"), SkipReason::kServersOwn);
  EXPECT_EQ(role("false"), SkipReason::kNothing);
  EXPECT_EQ(Why(R"({"kind":"Node","apiVersion":"v1","metadata":{"name":"n"}})"), SkipReason::kClusterState);
}

TEST(ApplyReady, EndpointsGoWithTheirServicesSelector) {
  const ExportContext surroundings{
      [](std::string_view ns, std::string_view name) { return ns == "d" && name == "web"; }};
  constexpr const char* kWeb =
      R"({"kind":"Endpoints","apiVersion":"v1","metadata":{"name":"web","namespace":"d"}})";
  constexpr const char* kHandmade =
      R"({"kind":"Endpoints","apiVersion":"v1","metadata":{"name":"ext","namespace":"d"}})";
  EXPECT_EQ(Make(kWeb, true, surroundings).left_out, SkipReason::kServersOwn);
  EXPECT_EQ(Make(kHandmade, true, surroundings).left_out, SkipReason::kNothing);
}

TEST(ApplyReady, RefusesWhatIsNotAnObject) {
  for (const char* json : {"", "[]", "{}", "3", R"({"kind":"Pod"})", R"({"kind":"Pod","apiVersion":"v1"})",
                           R"({"kind":"Pod","apiVersion":"v1","metadata":[]})"}) {
    EXPECT_FALSE(TryToMake(json).has_value()) << json;
  }
}

TEST(ApplyOrder, StagesByKindNeverByVersion) {
  EXPECT_EQ(StageOf("rbac.authorization.k8s.io", "Role", true), Stage::kAccess);
  EXPECT_EQ(StageOf("scheduling.k8s.io", "PriorityClass", true), Stage::kConfiguration);
  EXPECT_EQ(StageOf("extensions", "Ingress", true), Stage::kNetwork);
  EXPECT_EQ(StageOf("extensions", "Deployment", true), Stage::kWorkloads);
  EXPECT_EQ(StageOf("flowcontrol.apiserver.k8s.io", "FlowSchema", true), Stage::kOther);
  EXPECT_EQ(StageOf("stable.example.com", "CronTab", false), Stage::kCustomResources);
}

TEST(ApplyOrder, FoldersSortAsTheirStages) {
  for (uint8_t i = 1; i <= static_cast<uint8_t>(Stage::kAdmission); ++i)
    EXPECT_LT(FolderOf(static_cast<Stage>(i - 1)), FolderOf(static_cast<Stage>(i)));
}

}  // namespace
}  // namespace etcdmedic::objects
