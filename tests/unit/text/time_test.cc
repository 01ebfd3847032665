// SPDX-License-Identifier: Apache-2.0
#include "text/time.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

constexpr int64_t kYear1 = -62135596800;

std::string Printed(int64_t seconds) {
  std::string text;
  AppendTime(seconds, text);
  return text;
}

std::string MicroTime(int64_t seconds, int32_t nanos) {
  std::string text;
  AppendMicroTime(seconds, nanos, text);
  return text;
}

TEST(Time, PrintsTimesAsGoDoes) {
  EXPECT_EQ(Printed(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Printed(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(Printed(951782400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(Printed(4107542400), "2100-03-01T00:00:00Z");
  EXPECT_EQ(Printed(kYear1), "0001-01-01T00:00:00Z");
  EXPECT_EQ(Printed(kYear1 - 366 * 86400), "0000-01-01T00:00:00Z");
  EXPECT_EQ(Printed(kYear1 - 367 * 86400), "-0001-12-31T00:00:00Z");
  EXPECT_EQ(Printed(253402300800), "10000-01-01T00:00:00Z");
  EXPECT_FALSE(Printed(INT64_MAX).empty());
  EXPECT_FALSE(Printed(INT64_MIN).empty());
}

TEST(Time, PrintsSixDecimals) {
  EXPECT_EQ(MicroTime(5, 6000), "1970-01-01T00:00:05.000006Z");
  EXPECT_EQ(MicroTime(5, 6999), "1970-01-01T00:00:05.000006Z");
  EXPECT_EQ(MicroTime(5, -1000), "1970-01-01T00:00:04.999999Z");
  EXPECT_EQ(MicroTime(5, 2'000'000'000), "1970-01-01T00:00:07.000000Z");
}

std::string NanoTime(int64_t seconds, int32_t nanos) {
  std::string text;
  AppendNanoTime(seconds, nanos, text);
  return text;
}

TEST(Time, PrintsAsManyDecimalsAsThereAre) {
  EXPECT_EQ(NanoTime(5, 0), "1970-01-01T00:00:05Z");
  EXPECT_EQ(NanoTime(5, 500'000'000), "1970-01-01T00:00:05.5Z");
  EXPECT_EQ(NanoTime(5, 1), "1970-01-01T00:00:05.000000001Z");
}

TEST(Time, IsReadInEverySpelling) {
  EXPECT_EQ(ParseTime("2000-02-29T00:00:00Z")->seconds, 951782400);
  EXPECT_EQ(ParseTime("1970-01-01T01:00:05.000006+01:00")->seconds, 5);
  EXPECT_EQ(ParseTime("1970-01-01T01:00:05.000006+01:00")->nanos, 6000);
  EXPECT_EQ(ParseTime("2026-11-24T05:04:02.123456Z")->seconds,
            ParseTime("2026-11-24T06:04:02+01:00")->seconds);
  EXPECT_EQ(ParseTime("2024-02-29t00:00:00z")->seconds - ParseTime("2024-02-28T00:00:00Z")->seconds, 86400);
  EXPECT_EQ(ParseTime("1970-01-01T00:00:00.1234567899Z")->nanos, 123456789) << "nine decimals count";
}

TEST(Time, OtherTextIsRefused) {
  for (const std::string_view wrong :
       {"", "2026", "2026-13-01T00:00:00Z", "2000-00-01T00:00:00Z", "2023-02-29T00:00:00Z",
        "2023-02-00T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "-026-01-01T00:00:00Z",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00+0100"}) {
    EXPECT_FALSE(ParseTime(wrong)) << wrong;
  }
}

TEST(Time, WhatIsPrintedReadsBack) {
  for (int64_t seconds = kYear1; seconds < 253402300800; seconds += 86400 * 97 + 12345)
    ASSERT_EQ(ParseTime(Printed(seconds))->seconds, seconds);
}

TEST(ParseTime, ReadsRfc3339) {
  struct Row {
    const char* text;
    int64_t seconds;
    int32_t nanos;
  };
  const Row rows[] = {{"1970-01-01T00:00:00Z", 0, 0},
                      {"2026-11-24T05:04:02Z", 1795496642, 0},
                      {"2026-11-24T05:04:02.5Z", 1795496642, 500000000},
                      {"2026-11-24T05:04:02.123456789Z", 1795496642, 123456789},
                      {"2026-11-24T06:04:02+01:00", 1795496642, 0},
                      {"2026-11-24T00:34:02-04:30", 1795496642, 0},
                      {"2024-02-29T00:00:00Z", 1709164800, 0},
                      {"1969-12-31T23:59:59Z", -1, 0},
                      {"1970-12-31T00:00:00Z", 31449600, 0},
                      {"0001-01-01T00:00:00Z", -62135596800, 0}};
  for (const Row& row : rows) {
    const auto instant = ParseTime(row.text);
    ASSERT_TRUE(instant) << row.text;
    EXPECT_EQ(instant->seconds, row.seconds) << row.text;
    EXPECT_EQ(instant->nanos, row.nanos) << row.text;
  }
}

TEST(ParseTime, RefusesWhatIsNotATime) {
  for (const char* text :
       {"", "now", "2026-11-24", "2026-11-24T05:04:02", "2026-13-24T05:04:02Z", "2026-02-30T05:04:02Z",
        "2025-02-29T05:04:02Z", "2026-04-31T05:04:02Z", "2026-11-00T05:04:02Z", "2026-11-24T24:04:02Z",
        "2026-11-24T05:60:02Z", "2026-11-24T05:04:02.Z", "2026-11-24T05:04:02Zx", "2026-11-24T05:04:02+1:00"})
    EXPECT_FALSE(ParseTime(text)) << text;
}

TEST(ParseTime, IsNothingAtAnyCut) {
  const std::string whole = "2026-11-24T05:04:02.123456789+01:00";
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(ParseTime(whole.substr(0, length))) << length;
}

}  // namespace
}  // namespace etcdmedic::text
