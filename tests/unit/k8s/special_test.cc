// SPDX-License-Identifier: Apache-2.0
#include "k8s/special.h"

#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

TEST(Special, PrintsDurationsAsGoDoes) {
  EXPECT_EQ(DurationText(0), "0s");
  EXPECT_EQ(DurationText(1), "1ns");
  EXPECT_EQ(DurationText(1'500), "1.5µs");
  EXPECT_EQ(DurationText(-100'000'000), "-100ms");
  EXPECT_EQ(DurationText(1'500'000'000), "1.5s");
  EXPECT_EQ(DurationText(60'000'000'000), "1m0s");
  EXPECT_EQ(DurationText(3'600'000'000'000), "1h0m0s");
  EXPECT_EQ(DurationText(INT64_MIN), "-2562047h47m16.854775808s");
}

TEST(Special, PrintsQuantitiesAsGoReadsThem) {
  EXPECT_EQ(QuantityText(""), "0");
  EXPECT_EQ(QuantityText("0"), "0");
  EXPECT_EQ(QuantityText("1500"), "1500");
  EXPECT_EQ(QuantityText("100000"), "100k");
  EXPECT_EQ(QuantityText("-5000"), "-5k");
  EXPECT_EQ(QuantityText("128974848000"), "128974848k");
  EXPECT_EQ(QuantityText("1000000000000000000"), "1E");
  EXPECT_EQ(QuantityText("5000Ki"), "5000Ki");
  EXPECT_EQ(QuantityText("100m"), "100m");
  EXPECT_EQ(QuantityText("1000e3"), "1000e3");
}

TEST(Special, ReadsDurations) {
  EXPECT_EQ(ParseDuration("1h0m0s"), 3'600'000'000'000);
  EXPECT_EQ(ParseDuration("-1.5s"), -1'500'000'000);
  EXPECT_EQ(ParseDuration("1.5µs"), 1500);
  EXPECT_EQ(ParseDuration("-2562047h47m16.854775808s"), INT64_MIN);
  EXPECT_FALSE(ParseDuration("2562047h47m16.854775808s"));
  EXPECT_FALSE(ParseDuration("1"));
  EXPECT_FALSE(ParseDuration(""));
}

}  // namespace
}  // namespace etcdmedic::k8s
