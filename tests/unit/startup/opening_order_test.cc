// SPDX-License-Identifier: Apache-2.0
// The order of keys as bbolt 1.3.7 and newer check it, in their own words; 1.3.6 does not look.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "startup/opening_walk.h"
#include "support/bolt_image.h"

namespace etcdmedic::startup {
namespace {

using support::BoltImage;
using testing::HasSubstr;

struct Case {
  const char* name;
  void (*damage)(BoltImage& image);
  const char* what;
};

uint64_t KeyAt(const BoltImage& image, uint64_t page, uint64_t i, uint64_t position) {
  return image.Element(page, i) + image.Load<uint32_t>(image.Element(page, i) + position);
}
uint64_t LeafKeyAt(const BoltImage& image, uint64_t i) { return KeyAt(image, image.leaf, i, 4); }
uint64_t SeparatorAt(const BoltImage& image, uint64_t i) { return KeyAt(image, image.branch, i, 0); }

const Case kCases[] = {
    {"a key is less than the one before", [](BoltImage& i) { i.bytes[LeafKeyAt(i, 3)] = 'a'; },
     "> (found <) than previous element"},
    {"a key is the one before",
     [](BoltImage& i) { i.bytes.replace(LeafKeyAt(i, 3), 7, i.bytes.substr(LeafKeyAt(i, 2), 7)); },
     "> (found =) than previous element"},
    {"the first key is less than its separator", [](BoltImage& i) { i.bytes[SeparatorAt(i, 3) + 6]++; },
     ">= the key in the ancestor"},
    {"the last key belongs to the next leaf",
     [](BoltImage& i) {
       const auto last = i.Load<uint16_t>(i.leaf * BoltImage::kPage + 10) - 1U;
       i.bytes[LeafKeyAt(i, last)] = 'z';
     },
     "< than key of the next element in ancestor"},
    {"a separator is less than the one before", [](BoltImage& i) { i.bytes[SeparatorAt(i, 3)] = 'a'; },
     "< than key of the next element in ancestor"},
};

TEST(OpeningOrder, IsCheckedFrom137On) {
  for (const Case& each : kCases) {
    for (const Release release : {Release::k137, Release::k14}) {
      BoltImage image;
      each.damage(image);
      OpeningWalk walk(release, AsBytes(image.bytes), image.meta);
      EXPECT_FALSE(walk.FreePages()) << each.name;
      ASSERT_TRUE(walk.fault()) << each.name;
      EXPECT_EQ(walk.fault()->code, diag::Code::kDbKeyOrder) << each.name;
      EXPECT_THAT(walk.fault()->message, HasSubstr(each.what)) << each.name;
    }
  }
}

TEST(OpeningOrder, IsNotCheckedBefore) {
  for (const Case& each : kCases) {
    BoltImage image;
    each.damage(image);
    OpeningWalk walk(Release::k136, AsBytes(image.bytes), image.meta);
    EXPECT_TRUE(walk.FreePages()) << each.name;
  }
}

// What such a file serves is wrong then: searches miss keys.
TEST(OpeningOrder, MakesSearchesMissKeys) {
  BoltImage image;
  image.bytes[LeafKeyAt(image, 3)] = 'z';
  OpeningWalk walk(Release::k136, AsBytes(image.bytes), image.meta);
  ASSERT_TRUE(walk.FreePages() && walk.ReadAll());
  const auto overlooked = walk.Overlooked(walk.reachable());
  ASSERT_TRUE(overlooked);
  EXPECT_EQ(overlooked->code, diag::Code::kDbKeyOrder);
  EXPECT_THAT(overlooked->explanation, HasSubstr("does not find"));
}

TEST(OpeningOrder, LeavesLongKeysOutOfTheMessage) {
  BoltImage image;
  image.Put(image.Element(image.leaf, 3) + 8, uint32_t{100});
  image.bytes[LeafKeyAt(image, 3)] = 'a';
  OpeningWalk walk(Release::k14, AsBytes(image.bytes), image.meta);
  EXPECT_FALSE(walk.FreePages());
  EXPECT_TRUE(walk.fault()->message.ends_with("(hex)")) << walk.fault()->message;
}

}  // namespace
}  // namespace etcdmedic::startup
