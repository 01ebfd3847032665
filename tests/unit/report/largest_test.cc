// SPDX-License-Identifier: Apache-2.0
#include "report/largest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <utility>

namespace etcdmedic::report {
namespace {

using Item = std::pair<uint64_t, int>;  // by the first
uint64_t SizeOf(const Item& item) { return item.first; }

TEST(Largest, KeepsTheGreatestInOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    Largest<Item, uint64_t (*)(const Item&)> largest(5, SizeOf);
    std::vector<Item> all;
    for (int i = 0; i < 200; ++i) {
      all.emplace_back(random() % 40, i);
      largest.Add(all.back());
    }
    std::ranges::stable_sort(all, std::greater<>(), SizeOf);
    all.resize(5);
    EXPECT_EQ(largest.Take(), all) << "of equal ones those that came first";
  }
}

TEST(Largest, GivesAllOfAFew) {
  Largest<Item, uint64_t (*)(const Item&)> largest(5, SizeOf);
  largest.Add({0, 1});
  largest.Add({3, 2});
  EXPECT_THAT(largest.Take(), testing::ElementsAre(Item{3, 2}, Item{0, 1}));
}

}  // namespace
}  // namespace etcdmedic::report
