// SPDX-License-Identifier: Apache-2.0
#include "k8s/special.h"

#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

std::string Time(int64_t seconds) {
  std::string text;
  AppendTime(seconds, text);
  return text;
}

std::string MicroTime(int64_t seconds, int32_t nanos) {
  std::string text;
  AppendMicroTime(seconds, nanos, text);
  return text;
}

TEST(Special, PrintsTimesAsGoDoes) {
  EXPECT_EQ(Time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Time(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(Time(951782400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(Time(4107542400), "2100-03-01T00:00:00Z");
  EXPECT_EQ(Time(kZeroTimeSeconds), "0001-01-01T00:00:00Z");
  EXPECT_EQ(Time(kZeroTimeSeconds - 366 * 86400), "0000-01-01T00:00:00Z");
  EXPECT_EQ(Time(kZeroTimeSeconds - 367 * 86400), "-0001-12-31T00:00:00Z");
  EXPECT_EQ(Time(253402300800), "10000-01-01T00:00:00Z");
  EXPECT_FALSE(Time(INT64_MAX).empty());
  EXPECT_FALSE(Time(INT64_MIN).empty());
}

TEST(Special, PrintsSixDecimals) {
  EXPECT_EQ(MicroTime(5, 6000), "1970-01-01T00:00:05.000006Z");
  EXPECT_EQ(MicroTime(5, 6999), "1970-01-01T00:00:05.000006Z");
  EXPECT_EQ(MicroTime(5, -1000), "1970-01-01T00:00:04.999999Z");
  EXPECT_EQ(MicroTime(5, 2'000'000'000), "1970-01-01T00:00:07.000000Z");
}

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

}  // namespace
}  // namespace etcdmedic::k8s
