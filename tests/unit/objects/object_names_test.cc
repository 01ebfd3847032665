// SPDX-License-Identifier: Apache-2.0
#include "objects/object_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/objects_fixture.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::OpenedStore;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kKey =
    "/registry/apiextensions.k8s.io/customresourcedefinitions/crontabs.stable.example.com";

struct Fixture {
  explicit Fixture(std::string image, std::string_view prefix = "")
      : opened(std::move(image)), names(*opened.store, stored, prefix) {}
  OpenedStore opened;
  StoredObjects stored{{}};
  ObjectNames names;
};

TEST(ObjectNames, KnowsBuiltInKindsWithoutReadingAnything) {
  Fixture fixture(KeySpace().Build());
  const auto pods = fixture.names.Resolve("po");
  ASSERT_TRUE(pods);
  EXPECT_EQ(pods->front()->kind, "Pod");
  EXPECT_THAT(
      fixture.names.KeysOf(*pods->front(), "demo", "a"),
      ElementsAre("/registry/pods/demo/a", "/kubernetes.io/pods/demo/a", "/openshift.io/pods/demo/a"));
  const auto node = fixture.names.Resolve("node");
  EXPECT_EQ(fixture.names.KeysOf(*node->front(), "demo", "n").front(), "/registry/minions/n");
}

TEST(ObjectNames, LearnsDefinitionsAlsoDeletedOnes) {
  const std::string image =
      KeySpace().Put(kKey, support::CronTabDefinition()).Delete(kKey).Put("/a", "b").Build();
  for (const int64_t revision : {0, 2, 3}) {
    Fixture fixture(image);
    const auto found = fixture.names.Resolve("ct", revision);
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(fixture.names.KeysOf(*found->front(), "d", "x").front(),
              "/registry/stable.example.com/crontabs/d/x");
  }
  Fixture before(image);
  EXPECT_EQ(before.names.Resolve("ct", 1).error().code, Errc::kUsage) << "it was not there yet";
  Fixture elsewhere(image, "/other");
  EXPECT_THAT(elsewhere.names.Resolve("podz").error().what, HasSubstr("did you mean pods?"));
  Fixture future(image);
  EXPECT_EQ(future.names.Resolve("ct", 99).error().code, Errc::kRefused);
}

TEST(ObjectNames, SaysWhatIsNotFound) {
  Fixture fixture(KeySpace().Build());
  EXPECT_EQ(NotFoundText(*fixture.names.Resolve("secret")->front(), {"secret", "s", "demo"}, 7),
            "secrets \"s\" not found in namespace demo at revision 7");
  EXPECT_EQ(NotFoundText(*fixture.names.Resolve("node")->front(), {"node", "n"}, 7),
            "nodes \"n\" not found at revision 7");
}

}  // namespace
}  // namespace etcdmedic::objects
