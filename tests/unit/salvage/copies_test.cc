// SPDX-License-Identifier: Apache-2.0
#include "salvage/copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/revision_db.h"

namespace etcdmedic::salvage {
namespace {

using support::Backend;
using support::Puts;

DbSource Open(const std::string& image, uint8_t number) {
  return OpenDbSource(AsBytes(image), "db", number, false);
}

support::Entries MetaAt(char index) { return {{"consistent_index", std::string(7, '\0') + index}}; }

TEST(Copies, AreInTheOrderOfRevisionsWithTheBestFirst) {
  const std::string old = Backend(Puts(30)), now = Backend(Puts(40));
  std::vector<DbSource> sources{Open(old, 0), Open(now, 1)};
  std::vector<Copy> copies = FindCopies(sources, 3);
  ASSERT_EQ(copies.size(), 70U);
  EXPECT_TRUE(std::ranges::is_sorted(copies, {}, &Copy::Rank));
  std::vector<size_t> sizes;
  ForEachRevision(std::span(copies), [&](std::span<Copy> same) { sizes.push_back(same.size()); });
  EXPECT_EQ(sizes.size(), 40U);
  EXPECT_EQ(sizes.front(), 2U);
  EXPECT_EQ(sizes.back(), 1U);
}

TEST(Copies, ThePrimaryIsTheFileThatIsFurthest) {
  const std::string old = Backend(Puts(30), MetaAt(9)), now = Backend(Puts(20), MetaAt(10));
  const std::vector<DbSource> sources{Open(old, 0), Open(now, 1), Open("", 2)};
  EXPECT_EQ(PrimaryOf(sources), &sources[1]);
  EXPECT_EQ(PrimaryOf({}), nullptr);
}

}  // namespace
}  // namespace etcdmedic::salvage
