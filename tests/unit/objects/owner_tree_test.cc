// SPDX-License-Identifier: Apache-2.0
#include "objects/owner_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/objects_fixture.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::ObjectsFixture;

std::string Owned(const char* kind, const char* name, const char* uid,
                  const std::vector<std::string>& owners) {
  std::string references;
  for (const std::string& owner : owners)
    references += (references.empty() ? "" : ",") + (R"({"uid":")" + owner + "\"}");
  return std::string(R"({"apiVersion":"v1","kind":")") + kind + R"(","metadata":{"name":")" + name +
         R"(","uid":")" + uid + R"(","ownerReferences":[)" + references + "]}}";
}

std::string TextOf(const ObjectsFixture& fixture, const std::vector<OwnedObject>& lines) {
  std::string text;
  for (const OwnedObject& line : lines)
    text += std::string(line.depth, '.') + std::string(fixture.catalog->At(line.number).key.name) +
            (line.last ? "| " : " ");
  return text;
}

TEST(OwnerTree, FollowsReferencesByKindAndName) {
  ObjectsFixture fixture(KeySpace()
                             .Put("/registry/configmaps/n/z", Owned("ConfigMap", "z", "z", {"root"}))
                             .Put("/registry/pods/n/a", Owned("Pod", "a", "a", {"root", "root"}))
                             .Put("/registry/pods/n/b", Owned("Pod", "b", "b", {"a", "z"}))
                             .Put("/registry/pods/n/c", Owned("Pod", "c", "c", {"root"}))
                             .Put("/registry/pods/n/other", Owned("Pod", "other", "other", {""}))
                             .Put("/registry/secrets/n/root", Owned("Secret", "root", "root", {}))
                             .Put("/registry/secrets/n/unread", "damaged")
                             .Build());
  const OwnerTree tree(*fixture.catalog, fixture.reader.stored());
  EXPECT_EQ(TextOf(fixture, tree.Below(5)), "root| .z ..b| .a .c| ");
  EXPECT_EQ(TextOf(fixture, tree.Below(6)), "unread| ");
}

TEST(OwnerTree, CountsWhatItCouldNotLookAt) {
  ObjectsFixture fixture(KeySpace()
                             .Put("/registry/pods/n/a", Owned("Pod", "a", "a", {}))
                             .Put("/registry/secrets/n/s", "k8s:enc:aescbc:v1:cbc1:xxxxxxxxxxxxxxxx")
                             .Put("/registry/secrets/n/unread", "damaged")
                             .Build());
  EXPECT_EQ(OwnerTree(*fixture.catalog, fixture.reader.stored()).closed(), 1U);
}

TEST(OwnerTree, EndsWhereReferencesGoInACircle) {
  ObjectsFixture fixture(KeySpace()
                             .Put("/registry/pods/n/a", Owned("Pod", "a", "a", {"b", "a"}))
                             .Put("/registry/pods/n/b", Owned("Pod", "b", "b", {"a"}))
                             .Build());
  EXPECT_EQ(TextOf(fixture, OwnerTree(*fixture.catalog, fixture.reader.stored()).Below(0)), "a| .b| ");
}

}  // namespace
}  // namespace etcdmedic::objects
