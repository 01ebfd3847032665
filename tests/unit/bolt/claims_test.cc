// SPDX-License-Identifier: Apache-2.0
#include "bolt/claims.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace etcdmedic::bolt {
namespace {

TEST(Claims, GiveEachPageToOneThread) {
  constexpr uint64_t kPages = 5000;
  Claims claims(kPages);
  std::atomic<uint64_t> taken = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (uint64_t page = 0; page < kPages; ++page) taken += claims.Take(page) ? 1 : 0;
      });
  }
  EXPECT_EQ(taken, kPages);
  EXPECT_TRUE(claims.Has(kPages - 1));
  EXPECT_FALSE(Claims(kPages).Has(3));
}

TEST(Claims, LetPagesBeyondTheLastGo) {
  Claims claims(10);
  EXPECT_TRUE(claims.Take(1000));
  EXPECT_TRUE(claims.Take(1000));
  EXPECT_FALSE(claims.Has(1000));
  EXPECT_FALSE(claims.Has(UINT64_MAX));
}

}  // namespace
}  // namespace etcdmedic::bolt
