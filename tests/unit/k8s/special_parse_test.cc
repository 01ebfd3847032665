// SPDX-License-Identifier: Apache-2.0
#include "k8s/special_parse.h"

#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

TEST(ParseInstant, ReadsRfc3339) {
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
    const auto instant = ParseInstant(row.text);
    ASSERT_TRUE(instant) << row.text;
    EXPECT_EQ(instant->seconds, row.seconds) << row.text;
    EXPECT_EQ(instant->nanos, row.nanos) << row.text;
  }
}

TEST(ParseInstant, RefusesWhatIsNotATime) {
  for (const char* text :
       {"", "now", "2026-11-24", "2026-11-24T05:04:02", "2026-13-24T05:04:02Z", "2026-02-30T05:04:02Z",
        "2025-02-29T05:04:02Z", "2026-04-31T05:04:02Z", "2026-11-00T05:04:02Z", "2026-11-24T24:04:02Z",
        "2026-11-24T05:60:02Z", "2026-11-24T05:04:02.Z", "2026-11-24T05:04:02Zx", "2026-11-24T05:04:02+1:00"})
    EXPECT_FALSE(ParseInstant(text)) << text;
}

TEST(ParseInstant, IsNothingAtAnyCut) {
  const std::string whole = "2026-11-24T05:04:02.123456789+01:00";
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(ParseInstant(whole.substr(0, length))) << length;
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
