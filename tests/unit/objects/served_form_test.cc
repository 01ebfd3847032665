// SPDX-License-Identifier: Apache-2.0
#include "objects/served_form.h"

#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::objects {
namespace {

constexpr uint8_t kRelease = 37;

const kubectl::Resource& Find(const kubectl::ResourceTable& table, std::string_view name) {
  return *table.Resolve(name).front();
}

// `json` as it is served; as it is stored where the form says that nothing changes.
std::string Served(const kubectl::Resource& resource, const kubectl::AskedVersion& asked,
                   std::string_view json, uint8_t release = kRelease) {
  text::ObjectTree stored, served;
  EXPECT_FALSE(text::ReadJson(json, stored));
  const ServedForm form(resource, asked, release);
  if (!form.changes()) return std::string(json);
  form.Write(stored.root(), served);
  std::string out;
  served.root().AppendJson(out);
  return out;
}

std::string BuiltIn(std::string_view name, std::string_view json, const kubectl::AskedVersion& asked = {},
                    uint8_t release = kRelease) {
  const kubectl::ResourceTable table;
  return Served(Find(table, name), asked, json, release);
}

TEST(ServedForm, LeavesMostKindsAlone) {
  const kubectl::ResourceTable table;
  for (const char* name : {"pods", "deployments", "secrets", "configmaps", "events", "nodes"})
    EXPECT_FALSE(ServedForm(Find(table, name), {}, kRelease).changes()) << name;
}

TEST(ServedForm, SetsTheDefaultsOfReads) {
  EXPECT_EQ(BuiltIn("pvc", R"({"kind":"PersistentVolumeClaim"})"),
            R"({"kind":"PersistentVolumeClaim","status":{"phase":"Pending"}})");
  EXPECT_EQ(BuiltIn("pv", R"({"status":{"phase":"Bound"}})"), R"({"status":{"phase":"Bound"}})");
  EXPECT_EQ(
      BuiltIn("sts", R"({"spec":{"volumeClaimTemplates":[{"spec":{}}]}})"),
      R"({"spec":{"volumeClaimTemplates":[{"spec":{},"apiVersion":"v1","kind":"PersistentVolumeClaim"}]}})");
  EXPECT_EQ(
      BuiltIn("ns", R"({"metadata":{"name":"a","labels":{"x":"y","kubernetes.io/metadata.name":"b"}}})"),
      R"({"metadata":{"name":"a","labels":{"x":"y","kubernetes.io/metadata.name":"a"}}})");
}

TEST(ServedForm, GivesTheVersionThatIsServed) {
  constexpr std::string_view kStored = R"({"apiVersion":"certificates.k8s.io/v1beta1"})";
  EXPECT_EQ(BuiltIn("clustertrustbundles", kStored), R"({"apiVersion":"certificates.k8s.io/v1"})");
  EXPECT_EQ(BuiltIn("clustertrustbundles", kStored, {}, 33), kStored) << "no release before 1.37 serves v1";
}

TEST(ServedForm, KnowsTheGroupThatWasAskedFor) {
  const kubectl::ResourceTable table;
  const kubectl::Resource& events = Find(table, "events");
  EXPECT_EQ(ServedForm(events, {"events.k8s.io", ""}, kRelease).group(), "events.k8s.io");
  EXPECT_EQ(ServedForm(events, {}, kRelease).group(), "");
  EXPECT_EQ(ServedForm(Find(table, "deployments"), {}, kRelease).group(), "apps");
}

TEST(ServedForm, RenamesWhatEventsOfTheNewGroupRename) {
  EXPECT_EQ(BuiltIn("events", R"({"apiVersion":"v1","count":3,"message":"m","reportingInstance":""})",
                    {"events.k8s.io", ""}),
            R"({"apiVersion":"events.k8s.io/v1","deprecatedCount":3,"note":"m"})");
}

class CustomResource : public testing::Test {
 protected:
  void Learn(std::string_view spec) {
    text::ObjectTree tree;
    ASSERT_FALSE(text::ReadJson(spec, tree));
    ASSERT_TRUE(table_.Learn(tree.root()));
  }
  std::string As(std::string_view typed, std::string_view json) {
    const kubectl::Resource& resource = Find(table_, typed);
    return Served(resource, kubectl::ResourceTable::AskedOf(typed, resource), json);
  }
  kubectl::ResourceTable table_;
};

TEST_F(CustomResource, IsInTheVersionThatIsAskedFor) {
  Learn(R"({"spec":{"group":"g.io","names":{"plural":"ws","kind":"W"},"versions":[
      {"name":"v1alpha1","served":true},{"name":"v1","served":true},{"name":"v1beta2","served":true},
      {"name":"v10","served":true},{"name":"v2","served":false},{"name":"odd","served":true}]}})");
  constexpr std::string_view kStored = R"({"apiVersion":"g.io/v1alpha1","kind":"W"})";
  EXPECT_EQ(As("ws", kStored), R"({"apiVersion":"g.io/v10","kind":"W"})");
  EXPECT_EQ(As("ws.g.io", kStored), R"({"apiVersion":"g.io/v10","kind":"W"})");
  EXPECT_EQ(As("ws.v1beta2.g.io", kStored), R"({"apiVersion":"g.io/v1beta2","kind":"W"})");
  EXPECT_EQ(As("ws.v2.g.io", kStored), kStored) << "which is not served";
}

TEST_F(CustomResource, StaysAsStoredWhereAWebhookConverts) {
  Learn(R"({"spec":{"group":"g.io","names":{"plural":"ws","kind":"W"},"conversion":{"strategy":"Webhook"},
      "versions":[{"name":"v1alpha1","served":true},{"name":"v1","served":true}]}})");
  EXPECT_EQ(As("ws", R"({"apiVersion":"g.io/v1alpha1"})"), R"({"apiVersion":"g.io/v1alpha1"})");
}

TEST_F(CustomResource, HasTheDefaultsOfItsSchema) {
  Learn(R"({"spec":{"group":"g.io","names":{"plural":"ws","kind":"W"},"versions":[{"name":"v1","served":true,
      "schema":{"openAPIV3Schema":{"properties":{
        "spec":{"default":{},"properties":{"n":{"default":1},"keep":{"default":2,"nullable":true}}},
        "list":{"items":{"properties":{"a":{"default":"x"}}}},
        "map":{"additionalProperties":{"properties":{"b":{"default":true}}}}}}}}]}})");
  EXPECT_EQ(As("ws", R"({"apiVersion":"g.io/v1"})"), R"({"apiVersion":"g.io/v1","spec":{"n":1,"keep":2}})");
  EXPECT_EQ(
      As("ws",
         R"({"apiVersion":"g.io/v1","spec":{"n":null,"keep":null},"list":[{},{"a":"y"}],"map":{"k":{}}})"),
      R"({"apiVersion":"g.io/v1","spec":{"n":1,"keep":null},"list":[{"a":"x"},{"a":"y"}],"map":{"k":{"b":true}}})");
}

TEST_F(CustomResource, HasTheDefaultsOfTheVersionThatIsStored) {
  Learn(R"({"spec":{"group":"g.io","names":{"plural":"ws","kind":"W"},"versions":[
      {"name":"v1beta1","served":true,"schema":{"openAPIV3Schema":{"properties":{"a":{"default":"old"}}}}},
      {"name":"v1","served":true,"schema":{"openAPIV3Schema":{"properties":{"a":{"default":"new"}}}}}]}})");
  EXPECT_EQ(As("ws", R"({"apiVersion":"g.io/v1beta1"})"), R"({"apiVersion":"g.io/v1","a":"old"})");
  EXPECT_EQ(As("ws", R"({"apiVersion":"g.io/v1"})"), R"({"apiVersion":"g.io/v1","a":"new"})");
}

}  // namespace
}  // namespace etcdmedic::objects
