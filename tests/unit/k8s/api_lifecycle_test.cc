// SPDX-License-Identifier: Apache-2.0
#include "k8s/api_lifecycle.h"

#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

SupportStatus In(std::string_view api_version, std::string_view kind, uint8_t release) {
  return LifetimeOf(api_version, kind, release).status;
}

TEST(Served, FollowsTheRemovalsThatPeopleKnow) {
  EXPECT_EQ(In("extensions/v1beta1", "Deployment", 15), SupportStatus::kServed);
  EXPECT_EQ(In("extensions/v1beta1", "Deployment", 16), SupportStatus::kNotServed);
  EXPECT_EQ(In("apps/v1beta2", "DaemonSet", 16), SupportStatus::kNotServed);
  EXPECT_EQ(In("networking.k8s.io/v1beta1", "Ingress", 21), SupportStatus::kServed);
  EXPECT_EQ(In("networking.k8s.io/v1beta1", "Ingress", 22), SupportStatus::kNotServed);
  EXPECT_EQ(In("policy/v1beta1", "PodDisruptionBudget", 25), SupportStatus::kNotServed);
  EXPECT_EQ(In("autoscaling/v2beta2", "HorizontalPodAutoscaler", 25), SupportStatus::kServed);
  EXPECT_EQ(In("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26), SupportStatus::kNotServed);
  EXPECT_EQ(In("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27), SupportStatus::kNotServed);
  EXPECT_EQ(In("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 29), SupportStatus::kNotServed);
  EXPECT_EQ(In("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 31), SupportStatus::kServed);
  EXPECT_EQ(In("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32), SupportStatus::kNotServed);
}

TEST(Served, TellsWhatAServerCanNoLongerRead) {
  EXPECT_EQ(In("policy/v1beta1", "PodSecurityPolicy", 28), SupportStatus::kNotServed);
  EXPECT_EQ(In("policy/v1beta1", "PodSecurityPolicy", 29), SupportStatus::kGone);
  EXPECT_EQ(In("autoscaling/v2beta1", "HorizontalPodAutoscaler", 36), SupportStatus::kGone);
}

TEST(Served, KindsOfOneVersionMayDiffer) {
  EXPECT_EQ(In("storage.k8s.io/v1beta1", "CSIDriver", 22), SupportStatus::kNotServed);
  EXPECT_EQ(In("storage.k8s.io/v1beta1", "VolumeAttributesClass", 36), SupportStatus::kServed);
}

TEST(Served, ADefinitionIsStoredSo) {
  EXPECT_EQ(In("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 37), SupportStatus::kStoredSo);
}

TEST(Served, NewerThanTheReleaseAndUnknown) {
  EXPECT_EQ(In("networking.k8s.io/v1", "ServiceCIDR", 32), SupportStatus::kTooNew);
  EXPECT_EQ(In("networking.k8s.io/v1", "ServiceCIDR", 33), SupportStatus::kServed);
  EXPECT_EQ(In("v1", "Pod", 15), SupportStatus::kServed);
  EXPECT_EQ(In("stable.example.com/v1", "CronTab", 37), SupportStatus::kUnknown);
}

}  // namespace
}  // namespace etcdmedic::k8s
