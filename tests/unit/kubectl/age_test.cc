// SPDX-License-Identifier: Apache-2.0
#include "kubectl/age.h"

#include <gtest/gtest.h>

namespace etcdmedic::kubectl {
namespace {

constexpr int64_t kMinute = 60, kHour = 3600, kDay = 86400, kYear = 365 * kDay;

// The cases of k8s.io/apimachinery/pkg/util/duration/duration_test.go.
TEST(HumanDuration, RoundsAsKubectlDoes) {
  struct Row {
    int64_t seconds;
    const char* text;
  };
  const Row rows[] = {{1, "1s"},
                      {70, "70s"},
                      {190, "3m10s"},
                      {70 * kMinute, "70m"},
                      {47 * kHour, "47h"},
                      {49 * kHour, "2d1h"},
                      {(8 * 24 + 2) * kHour, "8d"},
                      {367 * kDay, "367d"},
                      {(365 * 2 + 25) * kDay, "2y25d"},
                      {(365 * 8 + 2) * kDay, "8y"},
                      {0, "0s"},
                      {-1, "0s"},
                      {-2, "<invalid>"},
                      {2 * kYear, "2y"},
                      {8 * kHour, "8h"},
                      {3 * kHour + 5 * kMinute, "3h5m"}};
  for (const Row& row : rows) EXPECT_EQ(HumanDuration(row.seconds), row.text) << row.seconds;
}

TEST(AgeOf, IsUnknownWithoutATime) {
  EXPECT_EQ(AgeOf("2026-11-24T05:04:02Z", 1795496642 + 90), "90s");
  EXPECT_EQ(AgeOf("", 5), "<unknown>");
  EXPECT_EQ(AgeOf("2026-11-24T05:04:02Z", 1795496642 - 90), "<invalid>");
}

TEST(HumanDuration, AddsTheNextUnitWhileItMatters) {
  constexpr std::pair<int64_t, std::string_view> kAges[] = {
      {-5, "<invalid>"}, {-1, "0s"},       {0, "0s"},          {119, "119s"},    {120, "2m"},
      {125, "2m5s"},     {599, "9m59s"},   {600, "10m"},       {10799, "179m"},  {10800, "3h"},
      {10860, "3h1m"},   {28800, "8h"},    {172799, "47h"},    {172800, "2d"},   {176400, "2d1h"},
      {691200, "8d"},    {63072000, "2y"}, {63158400, "2y1d"}, {252288000, "8y"}};
  for (const auto& [seconds, text] : kAges) EXPECT_EQ(HumanDuration(seconds), text) << seconds;
}

}  // namespace
}  // namespace etcdmedic::kubectl
