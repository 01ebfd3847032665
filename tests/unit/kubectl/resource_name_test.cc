// SPDX-License-Identifier: Apache-2.0
#include "kubectl/resource_name.h"

#include <gtest/gtest.h>

namespace etcdmedic::kubectl {
namespace {

TEST(ResourceName, IsThatOfAnEncryptionConfiguration) {
  const ResourceTable table;
  RegistryKey key;
  key.resource = table.FindPath("deployments");
  EXPECT_EQ(ResourceNameOf(key), "deployments.apps");
  key = {};
  key.path = "stable.example.com/crontabs";
  EXPECT_EQ(ResourceNameOf(key), "crontabs.stable.example.com");
  key.path = "things";
  EXPECT_EQ(ResourceNameOf(key), "things");
}

}  // namespace
}  // namespace etcdmedic::kubectl
