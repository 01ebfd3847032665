// SPDX-License-Identifier: Apache-2.0
#include "base/secret_mask.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace etcdmedic {
namespace {

using Place = SecretMask::Place;

bool Hides(const SecretMask& mask, std::initializer_list<std::string_view> path, bool is_map = false) {
  Place place = Place::kRoot;
  for (const std::string_view key : path) place = mask.Below(place, key);
  return SecretMask::Hides(place, is_map);
}

TEST(SecretMask, HidesDataAndCopiesOfTheObject) {
  const SecretMask mask(true, "Secret");
  EXPECT_TRUE(mask.hides());
  EXPECT_TRUE(Hides(mask, {"data", "password"}));
  EXPECT_TRUE(Hides(mask, {"stringData", "password"}, true)) << "a map where text belongs, too";
  EXPECT_TRUE(Hides(mask, {"data"})) << "data that is not a map";
  EXPECT_FALSE(Hides(mask, {"data"}, true)) << "its keys are shown";
  EXPECT_TRUE(Hides(mask, {"metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"}));
  EXPECT_TRUE(Hides(mask, {"metadata", "annotations", "objectset.rio.cattle.io/applied"}));
}

TEST(SecretMask, ShowsTheRest) {
  const SecretMask mask(true, "Secret");
  EXPECT_FALSE(Hides(mask, {"metadata", "annotations", "note"}));
  EXPECT_FALSE(Hides(mask, {"metadata", "labels", "data"}));
  EXPECT_FALSE(Hides(mask, {"type"}));
  EXPECT_FALSE(Hides(mask, {"spec", "data", "password"}));
}

TEST(SecretMask, DependsOnTheKind) {
  EXPECT_TRUE(Hides(SecretMask(true, ""), {"data", "k"})) << "a kind that is not known may be Secret";
  EXPECT_FALSE(Hides(SecretMask(true, "ConfigMap"), {"data", "k"}));
  EXPECT_FALSE(Hides(SecretMask(false, "Secret"), {"data", "k"}));
  EXPECT_EQ(SecretMask(false, "").Below(Place::kRoot, "metadata"), Place::kMetadata);
}

}  // namespace
}  // namespace etcdmedic
