// SPDX-License-Identifier: Apache-2.0
#include "report/page_map.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "bolt/builder.h"
#include "support/memory_db.h"

namespace etcdmedic::report {
namespace {

using diag::Code;
using diag::Finding;

constexpr uint64_t kPage = 1024;

// Buckets `key` of many pages and `lease` of some; ten pages beyond the high water mark.
std::string Sample(int keys = 900) {
  support::MemoryDb sink;
  bolt::Builder builder(sink, {kPage, 90});
  EXPECT_TRUE(builder.Begin("key"));
  for (int i = 0; i < keys; ++i)
    EXPECT_TRUE(builder.Add(AsBytes(fmt::format("k{:06}", i)), AsBytes(std::string(40, 'v'))));
  EXPECT_TRUE(builder.End() && builder.Begin("lease"));
  for (int i = 0; i < 90; ++i)
    EXPECT_TRUE(builder.Add(AsBytes(fmt::format("l{:06}", i)), AsBytes(std::string(40, 'v'))));
  EXPECT_TRUE(builder.End() && builder.Finish());
  return sink.image + std::string(10 * kPage, '\0');
}

struct Mapped {
  explicit Mapped(const std::string& image, const std::vector<Finding>& findings = {},
                  size_t most_cells = kMostCells) {
    diag::FindingList found;
    report = bolt::Check(AsBytes(image), "db", {}, found);
    map = MapPages(AsBytes(image), "db", report, findings, most_cells);
  }
  uint64_t Pages(PageState state, const std::string& bucket = {}) const {
    for (const PageGroup& group : map->groups) {
      if (group.state == state && group.bucket == bucket) return group.pages;
    }
    return 0;
  }
  PageState At(uint64_t page) const { return map->groups[map->cells[page / map->pages_a_cell]].state; }
  bolt::FileReport report;
  std::optional<PageMap> map;
};

TEST(PageMap, SaysWhatEachPageIsFor) {
  const Mapped mapped(Sample());
  ASSERT_TRUE(mapped.map);
  EXPECT_EQ(mapped.map->pages_a_cell, 1U);
  EXPECT_EQ(mapped.map->cells.size(), mapped.report.pages.size());
  EXPECT_EQ(mapped.Pages(PageState::kBucket, "key"),
            mapped.report.buckets[1].leaves.pages + mapped.report.buckets[1].branches.pages);
  EXPECT_EQ(mapped.Pages(PageState::kBucket, "lease"),
            mapped.report.buckets[2].leaves.pages + mapped.report.buckets[2].branches.pages);
  EXPECT_EQ(mapped.Pages(PageState::kUnused), 10U);
  EXPECT_EQ(mapped.At(0), PageState::kStructure);
  uint64_t all = 0;
  for (const PageGroup& group : mapped.map->groups) all += group.pages;
  EXPECT_EQ(all, mapped.report.file_pages) << "every page is in one group";
}

TEST(PageMap, HasABoundedNumberOfCells) {
  const std::string image = Sample(9000);
  for (const size_t most : {1, 7, 64, 100}) {
    const Mapped mapped(image, {}, most);
    EXPECT_LE(mapped.map->cells.size(), most);
    EXPECT_GE(mapped.map->cells.size() * mapped.map->pages_a_cell, mapped.report.pages.size());
    EXPECT_GT(mapped.Pages(PageState::kBucket, "key"), 300U) << "groups count pages, not cells";
  }
}

TEST(PageMap, ShowsDamageHoweverSmall) {
  const std::string image = Sample(9000);
  const std::vector<Finding> findings{{Code::kDbPageZeroed, {"db", 77 * kPage}, kPage, ""},
                                      {Code::kMvccValue, {"db", 90 * kPage + 3}, 20, ""}};
  const Mapped mapped(image, findings, 64);
  EXPECT_EQ(mapped.Pages(PageState::kDamaged), 2U);
  EXPECT_EQ(mapped.At(77), PageState::kDamaged);
  EXPECT_EQ(mapped.At(90), PageState::kDamaged);
  EXPECT_EQ(mapped.At(200), PageState::kBucket);
}

TEST(PageMap, TakesOnlyWhatIsWrongWithThePagesThemselves) {
  std::vector<Finding> findings{{Code::kDbPageZeroed, {"other", 5 * kPage}, kPage, ""},
                                {Code::kMvccRevisionGap, {"db", 6 * kPage}, 17, ""},
                                {Code::kDbPageTail, {"db", 7 * kPage}, 17, ""},
                                {Code::kDbPageZeroed, {"db", 0}, 50 * kPage, "and 9 more like it"},
                                {Code::kDbPageZeroed, {"db", ~uint64_t{0} - 5}, 3, ""}};
  findings[3].folded = 9;
  EXPECT_EQ(Mapped(Sample(), findings).Pages(PageState::kDamaged), 0U);
}

TEST(PageMap, GivesManyBucketsOneGroup) {
  support::MemoryDb sink;
  bolt::Builder builder(sink, {kPage, 90});
  for (int bucket = 0; bucket < 9; ++bucket) {
    EXPECT_TRUE(builder.Begin(fmt::format("b{}", bucket)));
    for (int i = 0; i < 50 * (bucket + 1); ++i)
      EXPECT_TRUE(builder.Add(AsBytes(fmt::format("k{:06}", i)), AsBytes(std::string(40, 'v'))));
    EXPECT_TRUE(builder.End());
  }
  EXPECT_TRUE(builder.Finish());
  const Mapped mapped(sink.image);
  const auto buckets = std::ranges::count(mapped.map->groups, PageState::kBucket, &PageGroup::state);
  EXPECT_EQ(buckets, 5);
  EXPECT_EQ(mapped.map->groups[1].bucket, "b8") << "the largest first";
  EXPECT_GT(mapped.Pages(PageState::kOtherBuckets), 0U);
}

TEST(PageMap, IsMissingWithoutAMeta) {
  EXPECT_FALSE(Mapped(std::string(8 * kPage, '\0')).map);
  EXPECT_FALSE(Mapped("").map);
}

}  // namespace
}  // namespace etcdmedic::report
