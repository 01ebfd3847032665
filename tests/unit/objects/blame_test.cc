// SPDX-License-Identifier: Apache-2.0
#include "objects/blame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::OpenedStore;
using testing::ElementsAre;

constexpr const char* kKey = "/registry/configmaps/d/c";

std::string Value(const std::string& data, const std::string& manager, const char* kind = "ConfigMap") {
  return std::string(R"({"apiVersion":"v1","kind":")") + kind +
         R"(","metadata":{"name":"c","managedFields":[{"manager":")" + manager +
         R"(","fieldsV1":{"f:data":{}}}]},"data":)" + data + "}";
}

// "data.a=1 at 5 by m", "<=" for at or before.
std::vector<std::string> Blamed(const KeySpace& space, bool mask = false, const char* key = kKey,
                                int64_t at = 0) {
  const OpenedStore opened(space.Build());
  std::vector<mvcc::Change> changes = *opened.store->History(key, at);
  std::ranges::reverse(changes);
  StoredObjects stored({});
  diag::FindingList found;
  const auto fields = Blame(changes, stored, mask, {}, found);
  if (!fields) return {fields.error().what};
  std::vector<std::string> shown;
  for (const BlamedField& field : *fields) {
    if (field.path.starts_with("data"))
      shown.push_back(field.path + "=" + field.value + (field.at_or_before ? " <=" : " at ") +
                      std::to_string(field.revision) + " by " + field.manager);
  }
  return shown;
}

KeySpace Story() {
  KeySpace space;
  space.Put(kKey, Value(R"({"a":"0"})", "first")).Delete(kKey);
  space.Put(kKey, Value(R"({"a":"1","b":"1","c":"1"})", "kubectl"));
  space.Put(kKey, Value(R"({"a":"1","b":"2"})", "helm"));
  space.Put("/other", "x");
  space.Put(kKey, Value(R"({"a":"1","b":"2","c":"1"})", "argo"));
  return space;
}

TEST(Blame, NamesTheRevisionAndManagerOfEachField) {
  EXPECT_THAT(Blamed(Story()),
              ElementsAre("data.a=1 at 4 by kubectl", "data.b=2 at 5 by helm", "data.c=1 at 7 by argo"));
  EXPECT_THAT(
      Blamed(Story(), false, kKey, 4),
      ElementsAre("data.a=1 at 4 by kubectl", "data.b=1 at 4 by kubectl", "data.c=1 at 4 by kubectl"));
}

TEST(Blame, SaysWhereHistoryIsCompacted) {
  EXPECT_THAT(Blamed(Story().Compact(5)),
              ElementsAre("data.a=1 <=5 by helm", "data.b=2 <=5 by helm", "data.c=1 at 7 by argo"));
}

TEST(Blame, MasksWhatItShowsAndComparesWhatIsStored) {
  constexpr const char* kSecret = "/registry/secrets/d/c";
  KeySpace space;
  space.Put(kSecret, Value(R"({"pw":"b25l"})", "one", "Secret"))
      .Put(kSecret, Value(R"({"pw":"dHdv"})", "two", "Secret"));
  EXPECT_THAT(Blamed(space, true, kSecret), ElementsAre("data.pw=*** at 3 by two"));
  EXPECT_THAT(Blamed(space, false, kSecret), ElementsAre("data.pw=dHdv at 3 by two"));
}

// What the mask puts in place of a map or a list has fewer fields than there are.
TEST(Blame, MasksWhateverIsBelowWhatIsMasked) {
  constexpr const char* kSecret = "/registry/secrets/d/c";
  const KeySpace space =
      KeySpace().Put(kSecret, Value(R"({"a":{"b":"HIDDEN"},"l":["HIDDEN"]})", "m", "Secret"));
  const std::vector<std::string> masked = Blamed(space, true, kSecret);
  EXPECT_FALSE(masked.empty());
  for (const std::string& line : masked) EXPECT_EQ(line.find("HIDDEN"), std::string::npos) << line;
  const std::string open = testing::PrintToString(Blamed(space, false, kSecret));
  EXPECT_NE(open.find("HIDDEN"), std::string::npos);
}

// So short that a string holds it in itself.
TEST(Blame, ComparesValuesThatAreVeryShort) {
  const auto value = [](const char* data) { return std::string(R"({"data":)") + data + "}"; };
  const KeySpace space = KeySpace().Put(kKey, value("1")).Put(kKey, value("2")).Put(kKey, value("2"));
  EXPECT_THAT(Blamed(space), ElementsAre("data=2 at 3 by "));
}

TEST(Blame, RefusesWhatIsNotAnObject) {
  EXPECT_THAT(Blamed(KeySpace().Put(kKey, "plain")), ElementsAre("its value is not an object of Kubernetes"));
  EXPECT_THAT(Blamed(KeySpace().Put(kKey, "k8s:enc:aescbc:v1:k:xxxx")),
              ElementsAre("its value is encrypted: no key is given"));
}

}  // namespace
}  // namespace etcdmedic::objects
