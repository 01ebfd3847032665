// SPDX-License-Identifier: Apache-2.0
#include "text/number_text.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

struct Case {
  std::string_view number, json, yaml;
};

// As `kubectl get -o json` and `-o yaml` of 1.37 print them for a custom resource stored with `number`.
constexpr Case kCases[] = {
    {"1e3", "1000", "1000"},
    {"1.00009e+09", "1000090000", "1000090000"},
    {"1.50", "1.5", "1.5"},
    {"0.1", "0.1", "0.1"},
    {"100000.0", "100000", "100000"},
    {"123456.5", "123456.5", "123456.5"},
    {"1000000.5", "1000000.5", "1.0000005e+06"},
    {"123456789.5", "123456789.5", "1.234567895e+08"},
    {"-1.0e7", "-10000000", "-10000000"},
    {"0.000001", "0.000001", "1e-06"},
    {"0.00001", "0.00001", "1e-05"},
    {"1e-7", "1e-7", "1e-07"},
    {"5e-324", "5e-324", "5e-324"},
    {"-0", "0", "0"},
    {"-0.0", "0", "0"},
    {"-2.5e-400", "0", "0"},
    {"9223372036854775807", "9223372036854775807", "9223372036854775807"},
    {"9223372036854775808", "9223372036854776000", "9223372036854776000"},
    {"12345678901234567890", "12345678901234567000", "12345678901234567000"},
    {"18446744073709551615", "18446744073709552000", "1.8446744073709552e+19"},
    {"-9223372036854775809", "-9223372036854776000", "-9.223372036854776e+18"},
    {"1e18", "1000000000000000000", "1000000000000000000"},
    {"1.5e19", "15000000000000000000", "15000000000000000000"},
    {"-1e19", "-10000000000000000000", "-1e+19"},
    {"1e20", "100000000000000000000", "1e+20"},
    {"1e21", "1e+21", "1e+21"},
    {"123456789012345678901234567890", "1.2345678901234568e+29", "1.2345678901234568e+29"},
    {"1e400", "1e400", "1e400"},  // which the API server does not take
};

TEST(NumberText, IsWhatKubectlPrints) {
  for (const Case& each : kCases) {
    std::string json, yaml;
    AppendJsonNumber(json, each.number);
    AppendYamlNumber(yaml, each.number);
    EXPECT_EQ(json, each.json) << each.number;
    EXPECT_EQ(yaml, each.yaml) << each.number;
  }
}

TEST(NumberText, ReadsBackAndPrintsTheSame) {
  for (const Case& each : kCases) {
    std::string json;
    AppendJsonNumber(json, each.json);
    EXPECT_EQ(json, each.json) << each.number;
  }
}

}  // namespace
}  // namespace etcdmedic::text
