// SPDX-License-Identifier: Apache-2.0
#include "objects/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"
#include "support/protobuf_text.h"

namespace etcdmedic::objects {
namespace {

using diag::Code;
using support::KeySpace;
using support::OpenedStore;
using test::Delimited;
using testing::ElementsAre;

std::string Metadata(const std::string& name, const std::string& space, const std::string& uid) {
  return Delimited(1, name) + (space.empty() ? "" : Delimited(3, space)) + Delimited(5, uid);
}
std::string Object(const std::string& version, const std::string& kind, const std::string& metadata) {
  return test::Stored(version, kind, Delimited(1, metadata));
}

KeySpace Cluster() {
  KeySpace space;
  space.Put("/registry/namespaces/default", Object("v1", "Namespace", Metadata("default", "", "n1")))
      .Put("/registry/configmaps/default/a", Object("v1", "ConfigMap", Metadata("a", "default", "c1")))
      .Put("/registry/configmaps/default/b", Object("v1", "ConfigMap", Metadata("b", "default", "c2")))
      .Put("/other/key", "not of Kubernetes");
  return space;
}

struct Audited {
  explicit Audited(const KeySpace& space, const AuditOptions& options = {}) : opened(space.Build()) {
    auto made = Audit(*opened.store, options, opened.found);
    EXPECT_TRUE(made);
    if (made) report = std::move(*made);
  }
  const Concern* Of(Code code) const {
    for (const Concern& concern : report.concerns) {
      if (concern.code == code) return &concern;
    }
    return nullptr;
  }
  OpenedStore opened;
  AuditReport report;
};

TEST(Audit, CountsWhatThereIs) {
  const Audited audited(Cluster());
  EXPECT_EQ(audited.report.revision, 5);
  EXPECT_EQ(audited.report.objects, 3U);
  EXPECT_EQ(audited.report.others, 1U);
  EXPECT_EQ(audited.report.damaged, 0U);
  EXPECT_GT(audited.report.bytes, 0U);
  ASSERT_EQ(audited.report.kinds.size(), 2U);
  EXPECT_EQ(audited.report.kinds[0].kind, "ConfigMap");
  EXPECT_EQ(audited.report.kinds[0].objects, 2U);
  EXPECT_EQ(audited.report.kinds[1].kind, "Namespace");
  EXPECT_TRUE(audited.report.concerns.empty()) << audited.report.concerns[0].about;
  EXPECT_TRUE(audited.report.encryption.empty());
}

TEST(Audit, IsOfTheRevisionThatIsAskedFor) {
  AuditOptions options;
  options.revision = 2;
  EXPECT_EQ(Audited(Cluster(), options).report.objects, 1U);
}

TEST(Audit, FindsOwnersAndNamespacesThatAreGone) {
  KeySpace space = Cluster();
  const std::string owner =
      Delimited(1, "ReplicaSet") + Delimited(3, "web") + Delimited(4, "gone") + Delimited(5, "apps/v1");
  space.Put("/registry/pods/default/p",
            Object("v1", "Pod", Metadata("p", "default", "p1") + Delimited(13, owner)));
  space.Put("/registry/pods/lost/q", Object("v1", "Pod", Metadata("q", "lost", "p2")));
  const Audited audited(space);
  ASSERT_NE(audited.Of(Code::kK8sOwnerMissing), nullptr);
  EXPECT_THAT(audited.Of(Code::kK8sOwnerMissing)->keys, ElementsAre("/registry/pods/default/p"));
  EXPECT_EQ(audited.Of(Code::kK8sOwnerMissing)->about, "Pod owned by apps/v1 ReplicaSet");
  ASSERT_NE(audited.Of(Code::kK8sNamespaceMissing), nullptr);
  EXPECT_EQ(audited.Of(Code::kK8sNamespaceMissing)->about, "namespace lost");
  EXPECT_EQ(audited.Of(Code::kK8sNamespaceMissing)->count, 1U);
}

TEST(Audit, FindsVersionsThatTheTargetDoesNotServe) {
  KeySpace space = Cluster();
  space.Put("/registry/poddisruptionbudgets/default/p",
            Object("policy/v1beta1", "PodDisruptionBudget", Metadata("p", "default", "d1")));
  AuditOptions old;
  old.target = 20;
  EXPECT_EQ(Audited(space, old).Of(Code::kK8sVersionUnserved), nullptr);
  const Audited audited(space);
  const Concern* const concern = audited.Of(Code::kK8sVersionUnserved) != nullptr
                                     ? audited.Of(Code::kK8sVersionUnserved)
                                     : audited.Of(Code::kK8sVersionUnserved);
  ASSERT_NE(concern, nullptr);
  EXPECT_THAT(concern->about, testing::HasSubstr("policy/v1beta1 PodDisruptionBudget, last"));
}

TEST(Audit, FindsSecretsInPlainTextAndRotationsThatAreNotFinished) {
  KeySpace space = Cluster();
  space.Put("/registry/secrets/default/a", Object("v1", "Secret", Metadata("a", "default", "s1")))
      .Put("/registry/secrets/default/b", "k8s:enc:aescbc:v1:old:xxxxxxxxxxxxxxxx")
      .Put("/registry/secrets/default/c", "k8s:enc:aescbc:v1:new:xxxxxxxxxxxxxxxx");
  const Audited audited(space);
  EXPECT_NE(audited.Of(Code::kK8sSecretPlain), nullptr);
  EXPECT_EQ(audited.report.closed, 2U);
  ASSERT_NE(audited.Of(Code::kK8sRotationUnfinished), nullptr);
  EXPECT_EQ(audited.Of(Code::kK8sRotationUnfinished)->count, 2U)
      << "the newest value tells the key that writes";
  ASSERT_EQ(audited.report.encryption.size(), 1U);
  EXPECT_EQ(audited.report.encryption[0].resource, "secrets");
  EXPECT_EQ(audited.report.encryption[0].writes, "aescbc:new");
  EXPECT_EQ(audited.report.encryption[0].Behind(), 2U);
}

TEST(Audit, OpensWhatItHasAKeyFor) {
  KeySpace space = Cluster();
  space.Put("/registry/secrets/default/b", "k8s:enc:aescbc:v1:k:xxxx");
  AuditOptions options;
  options.open = [](std::string_view key, Bytes) -> Result<std::string> {
    EXPECT_EQ(key, "/registry/secrets/default/b");
    return Object("v1", "Secret", Metadata("b", "default", "s1"));
  };
  options.writer = [](const std::string& resource) {
    return std::optional<std::string>(resource == "secrets" ? "aescbc:k" : "");
  };
  const Audited audited(space, options);
  EXPECT_EQ(audited.report.closed, 0U);
  EXPECT_EQ(audited.Of(Code::kK8sSecretPlain), nullptr);
  EXPECT_EQ(audited.Of(Code::kK8sRotationUnfinished), nullptr);
}

TEST(Audit, LeavesOutOfRotationsWhatServersNeverEncrypt) {
  KeySpace space = Cluster();
  space.Put("/registry/masterleases/10.0.0.1", Object("v1", "Endpoints", Metadata("", "", "")))
      .Put("/registry/peerserverleases/a", Object("v1", "Endpoints", Metadata("", "", "")))
      .Put("/registry/ranges/serviceips", Object("v1", "RangeAllocation", Metadata("", "", "")));
  AuditOptions options;
  options.writer = [](const std::string&) { return std::optional<std::string>("secretbox:box"); };
  const Audited audited(space, options);
  EXPECT_FALSE(audited.report.encryption.empty());
  for (const ResourceEncryption& each : audited.report.encryption) {
    EXPECT_NE(each.resource, "masterleases");
    EXPECT_NE(each.resource, "peerserverleases");
    EXPECT_NE(each.resource, "ranges");
  }
}

TEST(Audit, CountsDamagedValues) {
  KeySpace space = Cluster();
  const std::string whole = Object("v1", "ConfigMap", Metadata("x", "default", "c9"));
  space.Put("/registry/configmaps/default/x", whole.substr(0, whole.size() - 20));
  const Audited audited(space);
  EXPECT_EQ(audited.report.damaged, 1U);
  EXPECT_FALSE(audited.opened.found.items.empty());
}

TEST(Audit, RefusesARevisionThatIsNotThere) {
  OpenedStore opened(Cluster().Build());
  AuditOptions options;
  options.revision = 99;
  EXPECT_EQ(Audit(*opened.store, options, opened.found).error().code, Errc::kRefused);
}

}  // namespace
}  // namespace etcdmedic::objects
