// SPDX-License-Identifier: Apache-2.0
// Objects of Kubernetes under keys that name them, and under others.
#include "keyspace/object_rules.h"

#include <gtest/gtest.h>

#include <tuple>

#include "support/key_space.h"

namespace etcdmedic::keyspace {
namespace {

using support::KeySpace;

// As an API server stores it, with nothing but its name.
std::string Object(const std::string& api_version, const std::string& kind, const std::string& name_space,
                   const std::string& name) {
  const std::string metadata = KeySpace::Text(1, name) + KeySpace::Text(3, name_space);
  const std::string type = KeySpace::Text(1, api_version) + KeySpace::Text(2, kind);
  const std::string raw = std::string("\x0A") + KeySpace::Varint(metadata.size()) + metadata;
  return std::string("k8s\0", 4) + KeySpace::Text(1, type) + KeySpace::Text(2, raw) +
         std::string("\x1A\0\x22\0", 4);
}

std::vector<std::string> Check(const std::vector<std::pair<std::string, std::string>>& values) {
  const kubectl::ResourceTable table;
  const kubectl::Registry registry(table);
  ObjectRules rules(registry), more(registry);
  for (size_t i = 0; i < values.size(); ++i)
    (i % 2 == 0 ? rules : more).Check(values[i].first, AsBytes(values[i].second), {"db", 100 * i});
  rules.Add(std::move(more));
  diag::FindingList found;
  rules.Report(found);
  std::vector<std::string> lines;
  for (const auto& finding : found.items)
    lines.push_back(std::string(InfoOf(finding.code).name) + " " + finding.message);
  return lines;
}

const std::pair<std::string, std::string> kPod = {"/registry/pods/default/web",
                                                  Object("v1", "Pod", "default", "web")};

TEST(ObjectRules, AcceptWhatEveryClusterHolds) {
  EXPECT_EQ(
      Check(
          {kPod,
           {"/registry/minions/node-1", Object("v1", "Node", "", "node-1")},
           {"/registry/namespaces/default", Object("v1", "Namespace", "", "default")},
           {"/registry/services/specs/default/web", Object("v1", "Service", "default", "web")},
           {"/registry/services/endpoints/default/web", Object("v1", "Endpoints", "default", "web")},
           {"/registry/ranges/serviceips", Object("v1", "RangeAllocation", "", "")},
           {"/registry/masterleases/10.0.0.1", Object("v1", "Endpoints", "", "")},
           {"/registry/clusterroles/system:node",
            Object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "system:node")},
           {"/kubernetes.io/pods/default/web", Object("v1", "Pod", "default", "web")},
           {"/registry/stable.example.com/crontabs/default/nightly",
            R"({"apiVersion":"stable.example.com/v1","kind":"CronTab","metadata":{"name":"nightly","namespace":"default"}})"},
           {"/registry/secrets/default/sealed", "k8s:enc:aescbc:v1:key1:0123456789abcdef"},
           {"compact_rev_key", "12"},
           {"/elsewhere/pods/default/web", "anything"}}),
      std::vector<std::string>{});
}

using Case = std::tuple<std::string, std::string, std::string>;
class ObjectDamage : public testing::TestWithParam<Case> {};

TEST_P(ObjectDamage, IsFound) {
  const auto& [key, value, line] = GetParam();
  const auto lines = Check({kPod, {key, value}, kPod});
  ASSERT_EQ(lines.size(), 1U) << testing::PrintToString(lines);
  EXPECT_TRUE(lines[0].starts_with(line)) << lines[0];
}

INSTANTIATE_TEST_SUITE_P(
    All, ObjectDamage,
    testing::Values(
        Case{"/registry/pods/default/other", kPod.second,
             "K8S-OBJECT-MISPLACED /registry/pods/default/other: holds a Pod of API version v1; its name is "
             "\"web\""},
        Case{
            "/registry/pods/other/web", kPod.second,
            "K8S-OBJECT-MISPLACED /registry/pods/other/web: holds a Pod of API version v1; its namespace is"},
        Case{"/registry/secrets/default/web", kPod.second,
             "K8S-OBJECT-MISPLACED /registry/secrets/default/web: holds a Pod of API version v1; its kind is "
             "Pod"},
        Case{"/registry/stable.example.com/crontabs/default/nightly",
             R"({"kind":"CronTab","metadata":{"name":"daily"}})", "K8S-OBJECT-MISPLACED"},
        Case{"/registry/pods/default/blank", "",
             "K8S-VALUE-NOT-OBJECT /registry/pods/default/blank: holds 0 bytes"}));

TEST(ObjectRules, SayWhereAnObjectBreaksOff) {
  const auto lines = Check({kPod, {kPod.first, kPod.second.substr(0, 20)}});
  ASSERT_FALSE(lines.empty());
  for (const std::string& line : lines)
    EXPECT_NE(line.find("/registry/pods/default/web: "), std::string::npos);
  EXPECT_TRUE(lines[0].starts_with("K8S-VALUE-TRUNCATED")) << lines[0];
}

TEST(ObjectRules, SayNothingWhereKubernetesDoesNotLive) {
  EXPECT_EQ(Check({{"/registry/pods/a", "1"}, {"/registry/pods/b", "2"}, kPod}), std::vector<std::string>{});
}

}  // namespace
}  // namespace etcdmedic::keyspace
