// SPDX-License-Identifier: Apache-2.0
#include "k8s/served.h"

#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

Standing In(std::string_view api_version, std::string_view kind, uint8_t release) {
  return LifetimeOf(api_version, kind, release).standing;
}

TEST(Served, FollowsTheRemovalsThatPeopleKnow) {
  EXPECT_EQ(In("extensions/v1beta1", "Deployment", 15), Standing::kServed);
  EXPECT_EQ(In("extensions/v1beta1", "Deployment", 16), Standing::kNotServed);
  EXPECT_EQ(In("apps/v1beta2", "DaemonSet", 16), Standing::kNotServed);
  EXPECT_EQ(In("networking.k8s.io/v1beta1", "Ingress", 21), Standing::kServed);
  EXPECT_EQ(In("networking.k8s.io/v1beta1", "Ingress", 22), Standing::kNotServed);
  EXPECT_EQ(In("policy/v1beta1", "PodDisruptionBudget", 25), Standing::kNotServed);
  EXPECT_EQ(In("autoscaling/v2beta2", "HorizontalPodAutoscaler", 25), Standing::kServed);
  EXPECT_EQ(In("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26), Standing::kNotServed);
  EXPECT_EQ(In("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27), Standing::kNotServed);
  EXPECT_EQ(In("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 29), Standing::kNotServed);
  EXPECT_EQ(In("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 31), Standing::kServed);
  EXPECT_EQ(In("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32), Standing::kNotServed);
}

TEST(Served, SaysWhatAServerCanNoLongerRead) {
  EXPECT_EQ(In("policy/v1beta1", "PodSecurityPolicy", 28), Standing::kNotServed);
  EXPECT_EQ(In("policy/v1beta1", "PodSecurityPolicy", 29), Standing::kGone);
  EXPECT_EQ(In("autoscaling/v2beta1", "HorizontalPodAutoscaler", 36), Standing::kGone);
}

TEST(Served, KindsOfOneVersionMayDiffer) {
  EXPECT_EQ(In("storage.k8s.io/v1beta1", "CSIDriver", 22), Standing::kNotServed);
  EXPECT_EQ(In("storage.k8s.io/v1beta1", "VolumeAttributesClass", 36), Standing::kServed);
}

TEST(Served, ADefinitionIsStoredSo) {
  EXPECT_EQ(In("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 37), Standing::kStoredSo);
}

TEST(Served, NewerThanTheReleaseAndUnknown) {
  EXPECT_EQ(In("networking.k8s.io/v1", "ServiceCIDR", 32), Standing::kTooNew);
  EXPECT_EQ(In("networking.k8s.io/v1", "ServiceCIDR", 33), Standing::kServed);
  EXPECT_EQ(In("v1", "Pod", 15), Standing::kServed);
  EXPECT_EQ(In("stable.example.com/v1", "CronTab", 37), Standing::kUnknown);
}

}  // namespace
}  // namespace etcdmedic::k8s
