// SPDX-License-Identifier: Apache-2.0
#include "base/progress.h"

#include <gtest/gtest.h>

#include "base/parallel.h"

namespace etcdmedic {
namespace {

TEST(Progress, CountsWhatSeveralThreadsDo) {
  Progress::Begin("counting", 1000);
  InParallel(1000, 4, [](size_t, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) Progress::Add(2);
  });
  const Progress::State state = Progress::Now();
  EXPECT_STREQ(state.doing, "counting");
  EXPECT_EQ(state.done, 2000U);
  EXPECT_EQ(state.total, 1000U);
  EXPECT_LE(state.since, Progress::Clock::now());
  Progress::Begin("again", 0);
  EXPECT_EQ(Progress::Now().done, 0U);
}

int calls = 0;

TEST(Progress, TellsOfOutputWhomItConcerns) {
  Progress::BeforeOutput();
  EXPECT_EQ(calls, 0);
  Progress::SetBeforeOutput([] { ++calls; });
  Progress::BeforeOutput();
  Progress::SetBeforeOutput(nullptr);
  Progress::BeforeOutput();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace etcdmedic
