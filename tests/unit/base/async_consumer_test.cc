// SPDX-License-Identifier: Apache-2.0
#include "base/async_consumer.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>

namespace etcdmedic {
namespace {

TEST(Behind, WorksOnAllInOrder) {
  for (const size_t count : {size_t{0}, size_t{1}, AsyncConsumer<size_t>::kBatch, 5 * AsyncConsumer<size_t>::kBatch + 3}) {
    std::vector<size_t> seen, expected(count);
    std::iota(expected.begin(), expected.end(), size_t{0});
    AsyncConsumer<size_t> behind([&](size_t item) { seen.push_back(item); });
    for (const size_t item : expected) EXPECT_TRUE(behind.Add(item, [] { return true; }));
    behind.Finish();
    EXPECT_EQ(seen, expected);
  }
}

TEST(Behind, SaysWhenNobodyWantsMore) {
  size_t seen = 0;
  size_t added = 0;
  AsyncConsumer<size_t> behind([&](size_t) { ++seen; });
  while (behind.Add(added, [&] { return seen == 0; })) ++added;
  EXPECT_EQ(seen, AsyncConsumer<size_t>::kBatch);
  EXPECT_LT(added, 3 * AsyncConsumer<size_t>::kBatch);
}

TEST(Behind, ThrowsOnWhatTheWorkThrew) {
  AsyncConsumer<size_t> behind([](size_t) { throw std::runtime_error("no"); });
  const auto add_many = [&] {
    for (size_t i = 0; i < 3 * AsyncConsumer<size_t>::kBatch; ++i) behind.Add(i, [] { return true; });
  };
  EXPECT_THROW(add_many(), std::runtime_error);
}

}  // namespace
}  // namespace etcdmedic
