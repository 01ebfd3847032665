// SPDX-License-Identifier: Apache-2.0
#include "startup/opening_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/bolt_image.h"

namespace etcdmedic::startup {
namespace {

using support::BoltImage;
using testing::HasSubstr;

constexpr Release kReleases[] = {Release::k136, Release::k137, Release::k14};

TEST(Reachable, NamesTheFirstPageThatIsTakenTwice) {
  Reachable pages(10);
  EXPECT_FALSE(pages.Add(2, 3));
  EXPECT_TRUE(pages.Has(2) && pages.Has(4));
  EXPECT_FALSE(pages.Has(5));
  EXPECT_EQ(pages.Add(1, 3), 2U);
  EXPECT_TRUE(pages.Has(1)) << "the others are taken all the same";
}

TEST(Reachable, CountsPagesBeyondTheFileWithoutMemoryForThem) {
  Reachable pages(10);
  EXPECT_FALSE(pages.Add(8, uint64_t{1} << 60));
  EXPECT_TRUE(pages.Has(9));
  EXPECT_FALSE(pages.Has(10)) << "only pages of the file are asked for";
  EXPECT_EQ(pages.Add(1000, 5), 1000U);
  EXPECT_FALSE(pages.Add(uint64_t{1} << 61, 5));
  EXPECT_EQ(pages.Add((uint64_t{1} << 61) + 4, 1), (uint64_t{1} << 61) + 4);
}

OpeningWalk WalkOf(const BoltImage& image, Release release) {
  return {release, AsBytes(image.bytes), image.meta};
}

TEST(OpeningWalk, ReachesEveryPageOfASoundFile) {
  const BoltImage image;
  for (const Release release : kReleases) {
    OpeningWalk walk = WalkOf(image, release);
    EXPECT_TRUE(walk.FreePages());
    EXPECT_TRUE(walk.ReadAll());
    EXPECT_FALSE(walk.fault());
    for (uint64_t page = 2; page < image.meta.high_water; ++page)
      EXPECT_TRUE(walk.reachable().Has(page)) << page;
    EXPECT_FALSE(walk.Overlooked(walk.reachable()));
    EXPECT_FALSE(walk.FirstWrite());
  }
}

TEST(OpeningWalk, EndsAtAnOverflowThatNoMachineHasTheMemoryFor) {
  BoltImage image;
  image.Put(image.meta.root * BoltImage::kPage + 12, uint32_t{0x7FFFFFFF});
  OpeningWalk walk = WalkOf(image, Release::k14);
  EXPECT_FALSE(walk.FreePages());
  ASSERT_TRUE(walk.fault());
  EXPECT_EQ(walk.fault()->code, diag::Code::kDbPageOverflow);
  EXPECT_EQ(walk.fault()->message, "") << "how it ends depends on the machine";
}

// The headers of `key`, which has a page, and of `meta`, which is inline.
TEST(OpeningWalk, EndsAtABucketsHeaderThatIsCut) {
  for (const auto& [bucket, size] : {std::pair(0, 0U), {0, 7U}, {1, 16U}}) {
    BoltImage image;
    image.Put(image.Element(image.meta.root, static_cast<uint64_t>(bucket)) + 12, size);
    OpeningWalk walk = WalkOf(image, Release::k14);
    EXPECT_FALSE(walk.FreePages() && walk.ReadAll()) << bucket << " " << size;
    ASSERT_TRUE(walk.fault()) << bucket << " " << size;
    EXPECT_EQ(walk.fault()->code, diag::Code::kDbBucket) << bucket << " " << size;
  }
}

struct ListCase {
  const char* name;
  void (*damage)(BoltImage& image);
  const char* ends[3];  // by release; "" where the list is taken
};

TEST(OpeningWalk, ReadsAFreelistAsEachReleaseDoes) {
  const ListCase cases[] = {
      {"empty", [](BoltImage& i) { i.AddFreelist({}); }, {"", "", ""}},
      {"free pages",
       [](BoltImage& i) {
         i.AddFreelist({3, 4});
       },
       {"", "", ""}},
      {"a meta page", [](BoltImage& i) { i.AddFreelist({1}); }, {"invalid page allocation: 1", "", ""}},
      {"calls itself page 1",
       [](BoltImage& i) {
         i.AddFreelist({});
         i.Put(i.bytes.size() - BoltImage::kPage, uint64_t{1});
       },
       {"cannot free page 0 or 1: 1", "cannot free page 0 or 1: 1", "cannot free page 0 or 1: 1"}},
      {"a count in the first slot",
       [](BoltImage& i) {
         i.AddFreelist({2, 3, 4});
         i.Put(i.bytes.size() - BoltImage::kPage + 10, uint16_t{0xFFFF});
       },
       {"", "", ""}},
      {"a count beyond the file",
       [](BoltImage& i) {
         i.AddFreelist({uint64_t{1} << 20});
         i.Put(i.bytes.size() - BoltImage::kPage + 10, uint16_t{0xFFFF});
       },
       {"unexpected fault address", "unexpected fault address", "unexpected fault address"}},
  };
  for (const ListCase& each : cases) {
    BoltImage image;
    each.damage(image);
    image.meta = bolt::ReadMetas(AsBytes(image.bytes)).pages[0].meta;
    for (const Release release : kReleases) {
      OpeningWalk walk = WalkOf(image, release);
      const std::string_view wanted = each.ends[static_cast<size_t>(release)];
      EXPECT_EQ(walk.ReadFreelist(), wanted.empty()) << each.name;
      if (walk.fault()) {
        EXPECT_THAT(walk.fault()->message, HasSubstr(wanted)) << each.name;
      }
    }
  }
}

TEST(OpeningWalk, BelievesNoCountThatNoFileHas) {
  BoltImage image;
  image.AddFreelist({uint64_t{1} << 50});
  image.Put(image.bytes.size() - BoltImage::kPage + 10, uint16_t{0xFFFF});
  image.meta = bolt::ReadMetas(AsBytes(image.bytes)).pages[0].meta;
  OpeningWalk walk = WalkOf(image, Release::k14);
  EXPECT_FALSE(walk.ReadFreelist());
  EXPECT_EQ(walk.fault()->code, diag::Code::kDbFreelist);
}

}  // namespace
}  // namespace etcdmedic::startup
