// SPDX-License-Identifier: Apache-2.0
#include "objects/undelete.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::OpenedStore;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kPod =
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"d","uid":"u","deletionTimestamp":"2026-01-01T00:00:00Z"},
    "spec":{"containers":[{"name":"c","envFrom":[{"configMapRef":{"name":"live"}},{"secretRef":{"name":"gone"}},
    {"configMapRef":{"name":"never"}}]}],"serviceAccountName":"sa","nodeName":"n"},"status":{"phase":"Running"}})";

std::string Object(const std::string& kind, const std::string& name, const std::string& more = "") {
  return R"({"apiVersion":"v1","kind":")" + kind + R"(","metadata":{"name":")" + name +
         R"(","namespace":"d"})" + more + "}";
}

std::string Image() {
  return KeySpace()
      .Put("/registry/namespaces/d", R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"d"}})")
      .Put("/registry/configmaps/d/live", Object("ConfigMap", "live"))
      .Put("/registry/secrets/d/gone", Object("Secret", "gone", R"(,"data":{"a":"MQ=="})"))
      .Put("/registry/secrets/d/gone", Object("Secret", "gone", R"(,"data":{"a":"Mg=="})"))
      .Put("/registry/serviceaccounts/d/sa", Object("ServiceAccount", "sa"))
      .Put(
          "/registry/rolebindings/d/rb",
          R"({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"rb","namespace":"d"},
           "subjects":[{"kind":"ServiceAccount","name":"sa","namespace":"d"}]})")
      .Put("/registry/pods/d/p", kPod)
      .Delete("/registry/pods/d/p")
      .Delete("/registry/secrets/d/gone")
      .Delete("/registry/rolebindings/d/rb")
      .Delete("/registry/serviceaccounts/d/sa")
      .Build();
}

struct Fixture {
  OpenedStore opened{Image()};
  StoredObjects stored{{}};
  ObjectNames names{*opened.store, stored, ""};
  std::optional<Undeleter> undeleter;

  explicit Fixture(int64_t revision = 0) {
    const int64_t at = *opened.store->RevisionOr(revision);
    undeleter.emplace(*opened.store, names, stored, Undeleter::Options{at, 37, false}, opened.found);
  }
  const kubectl::Resource& Kind(std::string_view name) const {
    return *names.resources().Resolve(name).front();
  }
};

TEST(Undeleter, GivesTheLastVersionReadyToApply) {
  Fixture fixture;
  const auto last = fixture.undeleter->Last(fixture.Kind("secret"), "d", "gone");
  ASSERT_TRUE(last && *last);
  EXPECT_EQ((*last)->revision, 5);
  EXPECT_EQ((*last)->deleted_at, 10);
  EXPECT_EQ((*last)->yaml,
            "apiVersion: v1\ndata:\n  a: Mg==\nkind: Secret\nmetadata:\n  name: gone\n  namespace: d\n");
  const auto pod = fixture.undeleter->Last(fixture.Kind("pods"), "d", "p");
  ASSERT_TRUE(pod && *pod);
  for (const char* gone : {"uid", "deletionTimestamp", "nodeName", "status"})
    EXPECT_THAT((*pod)->yaml, testing::Not(HasSubstr(gone)));
}

TEST(Undeleter, KnowsWhatExistsAndWhatNeverDid) {
  Fixture fixture;
  const auto live = fixture.undeleter->Last(fixture.Kind("cm"), "d", "live");
  ASSERT_TRUE(live && *live);
  EXPECT_EQ((*live)->deleted_at, std::nullopt);
  const auto never = fixture.undeleter->Last(fixture.Kind("cm"), "d", "never");
  ASSERT_TRUE(never);
  EXPECT_FALSE(*never);
}

TEST(Undeleter, ReadsAtAnEarlierRevision) {
  Fixture fixture(5);
  const auto last = fixture.undeleter->Last(fixture.Kind("secret"), "d", "gone");
  ASSERT_TRUE(last && *last);
  EXPECT_EQ((*last)->deleted_at, std::nullopt) << "it was deleted later";
}

TEST(Undeleter, BringsWhatIsNeededAndGone) {
  Fixture fixture;
  const auto recovered = fixture.undeleter->WithClosure(fixture.Kind("pod"), "d", "p");
  ASSERT_TRUE(recovered) << recovered.error().what;
  std::vector<std::string> versions, missing;
  for (const LastVersion& each : recovered->versions) versions.push_back(TextOf(each.id));
  for (const ObjectId& each : recovered->missing) missing.push_back(TextOf(each));
  EXPECT_THAT(versions, testing::UnorderedElementsAre("ServiceAccount d/sa",
                                                      "RoleBinding.rbac.authorization.k8s.io d/rb",
                                                      "Secret d/gone", "Pod d/p"));
  EXPECT_EQ(versions.back(), "Pod d/p") << "what it needs comes first";
  EXPECT_THAT(missing, ElementsAre("ConfigMap d/never"));
}

}  // namespace
}  // namespace etcdmedic::objects
