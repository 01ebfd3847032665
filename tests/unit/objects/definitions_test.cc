// SPDX-License-Identifier: Apache-2.0
#include "objects/definitions.h"

#include <gtest/gtest.h>

#include "support/objects_fixture.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::OpenedStore;

// The short name of every resource that is learnt from the keys of `db`.
struct Learnt {
  explicit Learnt(std::string image, std::string_view prefix = "") : opened(std::move(image)) {
    auto keys = mvcc::LiveKeys::Read(*opened.store, 0);
    StoredObjects stored({});
    const kubectl::Registry registry(resources, prefix);
    LearnDefinitions(*keys, registry, stored, resources);
  }
  bool Knows(std::string_view name) const { return !resources.Resolve(name).empty(); }
  OpenedStore opened;
  kubectl::ResourceTable resources;
};

constexpr const char* kKey =
    "/registry/apiextensions.k8s.io/customresourcedefinitions/crontabs.stable.example.com";

TEST(Definitions, AreLearntFromTheirKeysAlone) {
  EXPECT_TRUE(Learnt(KeySpace().Put(kKey, support::CronTabDefinition()).Build()).Knows("ct"));
  EXPECT_FALSE(Learnt(KeySpace().Put("/registry/configmaps/default/c", support::CronTabDefinition()).Build())
                   .Knows("ct"));
  EXPECT_FALSE(Learnt(KeySpace().Put(kKey, support::CronTabDefinition()).Delete(kKey).Build()).Knows("ct"));
  EXPECT_FALSE(Learnt(KeySpace().Build()).Knows("ct"));
}

TEST(Definitions, AreLearntUnderAnotherPrefix) {
  const std::string key = std::string("/clusters/a") + (kKey + std::string_view("/registry").size());
  const std::string db = KeySpace().Put(key, support::CronTabDefinition()).Build();
  EXPECT_TRUE(Learnt(db, "/clusters/a").Knows("ct"));
  EXPECT_FALSE(Learnt(db).Knows("ct"));
}

TEST(Definitions, AreNotHeldUpByOneThatIsDamaged) {
  KeySpace space;
  const std::string before = std::string(kKey).replace(std::string(kKey).rfind('/') + 1, 1, "a");
  space.Put(before, "not an object").Put(before + "2", R"({"spec":)").Put(kKey, support::CronTabDefinition());
  EXPECT_TRUE(Learnt(space.Build()).Knows("ct"));
}

}  // namespace
}  // namespace etcdmedic::objects
