// SPDX-License-Identifier: Apache-2.0
#include "objects/apply_order.h"

#include <gtest/gtest.h>

#include <string>

namespace etcdmedic::objects {
namespace {

TEST(Stages, SortAsTheirFoldersDo) {
  std::string before;
  for (int stage = 0; stage <= static_cast<int>(Stage::kAdmission); ++stage) {
    const std::string folder(FolderOf(static_cast<Stage>(stage)));
    EXPECT_LT(before, folder);
    before = folder;
  }
  EXPECT_EQ(FolderOf(Stage::kDefinitions), "00-definitions");
}

TEST(Stages, PutWhatIsNeededFirst) {
  EXPECT_EQ(StageOf("apiextensions.k8s.io", "CustomResourceDefinition", true), Stage::kDefinitions);
  EXPECT_EQ(StageOf("", "Namespace", true), Stage::kNamespaces);
  EXPECT_EQ(StageOf("rbac.authorization.k8s.io", "ClusterRole", true), Stage::kAccess);
  EXPECT_EQ(StageOf("", "ServiceAccount", true), Stage::kAccess);
  EXPECT_EQ(StageOf("", "Secret", true), Stage::kConfiguration);
  EXPECT_EQ(StageOf("apps", "Deployment", true), Stage::kWorkloads);
  EXPECT_EQ(StageOf("stable.example.com", "CronTab", false), Stage::kCustomResources);
  EXPECT_EQ(StageOf("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", true),
            Stage::kAdmission);
  EXPECT_LT(StageOf("", "ConfigMap", true), StageOf("apps", "StatefulSet", true));
  EXPECT_LT(StageOf("storage.k8s.io", "StorageClass", true), StageOf("", "Pod", true));
}

TEST(ClusterState, IsOfTheOldClusterAtWork) {
  EXPECT_TRUE(IsClusterState("", "Node"));
  EXPECT_TRUE(IsClusterState("", "Event"));
  EXPECT_TRUE(IsClusterState("coordination.k8s.io", "Lease"));
  EXPECT_FALSE(IsClusterState("apps", "Deployment"));
  EXPECT_FALSE(IsClusterState("stable.example.com", "Node"));
}

TEST(SkipReason, HasAReasonForEach) {
  for (int reason = 1; reason <= static_cast<int>(SkipReason::kEncrypted); ++reason)
    EXPECT_FALSE(ReasonOf(static_cast<SkipReason>(reason)).empty());
  EXPECT_EQ(ReasonOf(SkipReason::kNothing), "");
  EXPECT_EQ(ReasonOf(SkipReason::kOwned), "its controller makes it again");
}

}  // namespace
}  // namespace etcdmedic::objects
