// SPDX-License-Identifier: Apache-2.0
#include "diag/finding.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace etcdmedic::diag {
namespace {

Finding At(uint64_t offset, Code code = Code::kWalCrcMismatch, std::string file = "f") {
  return {code, {std::move(file), offset}, 4, "one"};
}

TEST(FoldingSink, PassesTheFirstOnesAndCountsTheRest) {
  FindingList list;
  FoldingSink sink(list, 2);
  for (const uint64_t offset : std::initializer_list<uint64_t>{10, 50, 40, 90, 20}) sink.Add(At(offset));
  sink.Add(At(7, Code::kWalTailTorn));
  sink.Add(At(8, Code::kWalCrcMismatch, "other"));
  EXPECT_EQ(list.items.size(), 4U) << "what is counted is held back";
  sink.End();
  ASSERT_EQ(list.items.size(), 5U);
  const Finding& rest = list.items.back();
  EXPECT_EQ(rest.message, "and 3 more like it up to offset 94");
  EXPECT_EQ(rest.where.offset, 20U);
  EXPECT_EQ(rest.where.offset + rest.length, 94U);
}

TEST(FoldRepeats, CountsWhatWasFoldedBefore) {
  FindingList list;
  FoldingSink sink(list, 100);
  for (uint64_t offset = 0; offset < 1000; ++offset) sink.Add(At(offset));
  sink.End();
  ASSERT_EQ(list.items.size(), 101U);
  const auto folded = FoldRepeats(list.items, 10);
  ASSERT_EQ(folded.size(), 11U);
  EXPECT_EQ(folded.back().message, "and 990 more like it up to offset 1003");
}

TEST(FoldingSink, OneMoreKeepsItsWords) {
  FindingList list;
  FoldingSink sink(list, 1);
  sink.Add(At(1));
  sink.Add(At(2));
  sink.End();
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items.back().message, "one");
}

TEST(FoldingSink, FoldRepeatsLeavesItAsItIs) {
  FindingList list;
  FoldingSink sink(list);
  for (uint64_t offset = 0; offset < 1000; ++offset) sink.Add(At(offset));
  sink.End();
  const auto folded = FoldRepeats(list.items);
  ASSERT_EQ(folded.size(), 11U);
  EXPECT_EQ(folded.back().message, "and 990 more like it up to offset 1003");
  EXPECT_EQ(folded.back().folded, 989U) << "beside itself";
}

TEST(Codes, AreFoundByTheirFormerNames) {
  ASSERT_NE(FindCode("file-mode-closed"), nullptr);
  EXPECT_EQ(FindCode("file-mode-closed")->name, "FILE-PERMISSION");
  EXPECT_EQ(FindCode("FILE-MODE"), nullptr);
}

}  // namespace
}  // namespace etcdmedic::diag
