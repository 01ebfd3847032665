// SPDX-License-Identifier: Apache-2.0
#include "kubectl/sort_key.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "text/json_text.h"

namespace etcdmedic::kubectl {
namespace {

TEST(QuantityOf, ReadsEverySuffix) {
  struct Row {
    const char* text;
    long double amount;
  };
  const Row rows[] = {
      {"0", 0},      {"1500M", 1.5e9L}, {"10Gi", 10 * 0x1p30L}, {"250m", 0.25L}, {"-1k", -1000},
      {"1e3", 1000}, {"1E-2", 0.01L},   {"1e+2", 100},          {".5", 0.5L},    {"7n", 7e-9L},
      {"2u", 2e-6L}, {"1E", 1e18L},     {"3Ei", 3 * 0x1p60L},   {"+4", 4}};
  for (const Row& row : rows) {
    const auto amount = QuantityOf(row.text);
    ASSERT_TRUE(amount) << row.text;
    EXPECT_NEAR(static_cast<double>(*amount / (row.amount == 0 ? 1 : row.amount)), row.amount == 0 ? 0 : 1,
                1e-12)
        << row.text;
  }
}

TEST(QuantityOf, RefusesOtherTexts) {
  for (const char* text :
       {"", "-", ".", "Gi", "1Gib", "1 Gi", "e3", "1e", "1e+", "1eX", "node-1", "v1", "2026-11-24"})
    EXPECT_FALSE(QuantityOf(text)) << text;
}

// The values of a JSON list, sorted: their places in it.
std::vector<size_t> Order(std::string_view json) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(json, tree));
  std::vector<SortKey> keys;
  size_t number = 0;
  for (const text::ObjectView object : tree.root()) keys.emplace_back(object["v"], number++);
  std::ranges::stable_sort(keys, std::less<>());
  std::vector<size_t> order;
  for (const SortKey& key : keys) order.push_back(key.number());
  return order;
}

TEST(SortKey, ComparesQuantitiesByAmount) {
  EXPECT_EQ(Order(R"([{"v":"10Gi"},{"v":"1500M"},{"v":"1Ti"},{"v":12}])"), (std::vector<size_t>{3, 1, 0, 2}));
}

TEST(SortKey, ComparesNumbersWithinTexts) {
  EXPECT_EQ(Order(R"([{"v":"node-10"},{"v":"node-9"},{"v":"node-09"},{"v":"a"}])"),
            (std::vector<size_t>{3, 1, 2, 0}));
}

TEST(SortKey, PutsAbsentFieldsFirstAndThenNulls) {
  EXPECT_EQ(Order(R"([{"v":"a"},{},{"v":null},{},{"v":null}])"), (std::vector<size_t>{3, 1, 2, 4, 0}));
}

}  // namespace
}  // namespace etcdmedic::kubectl
