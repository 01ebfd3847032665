// SPDX-License-Identifier: Apache-2.0
#include "k8s/well_known.h"

#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

TEST(WellKnown, PrintsDurationsAsGoDoes) {
  EXPECT_EQ(DurationText(0), "0s");
  EXPECT_EQ(DurationText(1), "1ns");
  EXPECT_EQ(DurationText(1'500), "1.5µs");
  EXPECT_EQ(DurationText(-100'000'000), "-100ms");
  EXPECT_EQ(DurationText(1'500'000'000), "1.5s");
  EXPECT_EQ(DurationText(60'000'000'000), "1m0s");
  EXPECT_EQ(DurationText(3'600'000'000'000), "1h0m0s");
  EXPECT_EQ(DurationText(INT64_MIN), "-2562047h47m16.854775808s");
}

TEST(WellKnown, PrintsQuantitiesAsGoReadsThem) {
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

TEST(WellKnown, ReadsDurations) {
  EXPECT_EQ(ParseDuration("1h0m0s"), 3'600'000'000'000);
  EXPECT_EQ(ParseDuration("-1.5s"), -1'500'000'000);
  EXPECT_EQ(ParseDuration("1.5µs"), 1500);
  EXPECT_EQ(ParseDuration("-2562047h47m16.854775808s"), INT64_MIN);
  EXPECT_FALSE(ParseDuration("2562047h47m16.854775808s"));
  EXPECT_FALSE(ParseDuration("1"));
  EXPECT_FALSE(ParseDuration(""));
}

TEST(ParseDuration, ReadsWhatGoPrints) {
  struct Row {
    const char* text;
    int64_t nanos;
  };
  const Row rows[] = {{"0s", 0},
                      {"0", 0},
                      {"1s", 1000000000},
                      {"-1.5s", -1500000000},
                      {"100ms", 100000000},
                      {"1h30m", 5400000000000},
                      {"1h0m0.5s", 3600500000000},
                      {"2us", 2000},
                      {"2\u00b5s", 2000},
                      {"7ns", 7},
                      {"2562047h47m16.854775807s", INT64_MAX}};
  for (const Row& row : rows) EXPECT_EQ(ParseDuration(row.text), row.nanos) << row.text;
}

TEST(ParseDuration, RefusesWhatGoRefuses) {
  for (const char* text : {"", "1", "s", "1x", "1h30", "--1s", ".s", "1 s", "9999999999h", "1s "})
    EXPECT_FALSE(ParseDuration(text)) << text;
}

}  // namespace
}  // namespace etcdmedic::k8s
