// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "k8s/schema.h"
#include "kubectl/resources.h"

namespace etcdmedic::objects {
namespace {

using kubectl::GroupOf;
using kubectl::Resource;
using kubectl::ResourceTable;

TEST(Resources, EveryStoredKindOfEveryReleaseHasARow) {
  // Kinds that the tables give a scope although no API server stores them.
  const std::set<std::string_view> never = {"ComponentStatus",
                                            "SelfSubjectReview",
                                            "TokenReview",
                                            "ImageReview",
                                            "LocalSubjectAccessReview",
                                            "SelfSubjectAccessReview",
                                            "SelfSubjectRulesReview",
                                            "SubjectAccessReview"};
  const ResourceTable table;
  size_t checked = 0;
  for (const k8s::Kind& kind : k8s::Kinds()) {
    if ((kind.scope != k8s::Scope::kNamespaced && kind.scope != k8s::Scope::kCluster) ||
        never.contains(k8s::NameOf(kind)))
      continue;
    if (GroupOf(k8s::ApiVersionOf(kind)) == "policy" && k8s::NameOf(kind) == "Eviction")
      continue;  // a request, as well
    const Resource* resource = table.FindKind(GroupOf(k8s::ApiVersionOf(kind)), k8s::NameOf(kind));
    ASSERT_NE(resource, nullptr) << k8s::ApiVersionOf(kind) << " " << k8s::NameOf(kind);
    EXPECT_EQ(resource->namespaced, kind.scope == k8s::Scope::kNamespaced) << k8s::NameOf(kind);
    ++checked;
  }
  EXPECT_GT(checked, 100U);
}

}  // namespace
}  // namespace etcdmedic::objects
