// SPDX-License-Identifier: Apache-2.0
#include "bolt/visited_pages.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace etcdmedic::bolt {
namespace {

TEST(VisitedPages, GiveEachPageToOneThread) {
  constexpr uint64_t kPages = 5000;
  VisitedPages visited(kPages);
  std::atomic<uint64_t> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (uint64_t page = 0; page < kPages; ++page) taken += visited.Take(page) ? 1 : 0;
      });
  }
  EXPECT_EQ(taken, kPages);
  EXPECT_TRUE(visited.Has(kPages - 1));
  EXPECT_FALSE(VisitedPages(kPages).Has(3));
}

TEST(VisitedPages, LetPagesBeyondTheLastGo) {
  VisitedPages visited(10);
  EXPECT_TRUE(visited.Take(1000));
  EXPECT_TRUE(visited.Take(1000));
  EXPECT_FALSE(visited.Has(1000));
  EXPECT_FALSE(visited.Has(UINT64_MAX));
}

}  // namespace
}  // namespace etcdmedic::bolt
