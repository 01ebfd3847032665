// SPDX-License-Identifier: Apache-2.0
#include "k8s/owners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

using test::Delimited;
using test::Number;
using testing::ElementsAre;
using testing::IsEmpty;

// OwnerReference: 1 kind, 3 name, 4 uid, 5 apiVersion, 6 controller.
std::string Reference(const std::string& kind, const std::string& name, const std::string& uid,
                      bool controller) {
  return Delimited(1, kind) + Delimited(3, name) + Delimited(4, uid) + Delimited(5, "apps/v1") +
         Number(6, controller);
}

// A Pod whose metadata (field 1) has two owner references (field 13).
std::string Pod() {
  const std::string metadata = Delimited(1, "web-1") + Delimited(3, "default") +
                               Delimited(13, Reference("ReplicaSet", "web", "u1", true)) +
                               Delimited(13, Reference("Thing", "t", "u2", false));
  return test::Stored("v1", "Pod", Delimited(1, metadata));
}

std::vector<std::string> Owners(Bytes value) {
  std::vector<std::string> all;
  ForEachOwner(value, [&](const Owner& owner) {
    all.push_back(owner.api_version + " " + owner.kind + " " + owner.name + " " + owner.uid +
                  (owner.controller ? " controller" : ""));
  });
  return all;
}

TEST(Owners, AreFoundInProtobuf) {
  const std::string pod = Pod();
  EXPECT_THAT(Owners(AsBytes(pod)),
              ElementsAre("apps/v1 ReplicaSet web u1 controller", "apps/v1 Thing t u2"));
}

TEST(Owners, AreFoundInJson) {
  const std::string json =
      R"({"apiVersion":"stable.example.com/v1","kind":"CronTab","metadata":{"name":"c","ownerReferences":[)"
      R"({"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u1","controller":true}]},"spec":{"ownerReferences":[{}]}})";
  EXPECT_THAT(Owners(AsBytes(json)), ElementsAre("apps/v1 ReplicaSet web u1 controller"));
}

TEST(Owners, AreNoneWhereNothingSaysSo) {
  EXPECT_THAT(Owners({}), IsEmpty());
  EXPECT_THAT(Owners(AsBytes("text")), IsEmpty());
  EXPECT_THAT(Owners(AsBytes("k8s:enc:aescbc:v1:k:xxxx")), IsEmpty());
  const std::string bare = test::Stored("v1", "Pod", "");
  EXPECT_THAT(Owners(AsBytes(bare)), IsEmpty());
  EXPECT_THAT(Owners(AsBytes(R"({"metadata":{"ownerReferences":7}})")), IsEmpty());
}

TEST(Owners, AreABeginningAtEveryCut) {
  const std::string pod = Pod();
  const auto all = Owners(AsBytes(pod));
  support::ForEachPrefix(pod, [&](Bytes prefix) {
    const auto some = Owners(prefix);
    ASSERT_LE(some.size(), all.size());
    for (size_t i = 0; i + 1 < some.size(); ++i) EXPECT_EQ(some[i], all[i]) << prefix.size();
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
