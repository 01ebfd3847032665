// SPDX-License-Identifier: Apache-2.0
// What go-yaml v2 takes for a string and what for a number, a bool, null or a time. Each row was printed by
// kubectl, or is a neighbour of one that was.
#include <gtest/gtest.h>

#include "text/yaml_scalar.h"

namespace etcdmedic::text {
namespace {

TEST(ReadsAsString, IsFalseForWordsInTheirThreeCases) {
  for (const char* text : {"y", "Y",    "yes",  "Yes",  "YES",  "on",    "ON",    "true", "True", "TRUE",
                           "n", "N",    "no",   "off",  "Off",  "false", "FALSE", "null", "Null", "NULL",
                           "~", ".nan", ".NaN", ".NAN", ".inf", ".Inf",  ".INF",  ""})
    EXPECT_FALSE(ReadsAsString(text)) << text;
  for (const char* text :
       {"yEs", "tRUE", "TRUe", "yess", "nul", "none", "offf", "~~", ".Nan", ".iNF", ".", "t", "f"})
    EXPECT_TRUE(ReadsAsString(text)) << text;
}

TEST(ReadsAsString, IsFalseForNumbers) {
  for (const char* text : {"0",
                           "7",
                           "-7",
                           "+7",
                           "007",
                           "0o17",
                           "0x1f",
                           "0X1F",
                           "-0x1f",
                           "0b101",
                           "0b-1",
                           "1_000",
                           "1.5",
                           "-1.5",
                           "1.",
                           ".5",
                           ".5e3",
                           ".1_0",
                           "1e3",
                           "1E+3",
                           "1e-3",
                           "+.inf",
                           "-.Inf",
                           "1e-999",
                           "0b+1",
                           "-0b1",
                           "18446744073709551615",
                           "-9223372036854775808",
                           "18446744073709551616"})
    EXPECT_FALSE(ReadsAsString(text)) << text;
  for (const char* text : {"08x",   "0x",    "0xg",    "0b",  "0b2",   "1e",  "1e+",   "e3",  "1.2.3",
                           "-",     "+",     "--1",    "1-1", "._5",   ".5_", ".1__0", ".e3", "1a",
                           "0x1.8", "1e999", "-1e999", "+.",  "1,000", "0b-", "0b-2",  "+-1", "1e3x"})
    EXPECT_TRUE(ReadsAsString(text)) << text;
}

TEST(ReadsAsString, IsFalseForNumbersOfSixty) {
  for (const char* text : {"1:30", "190:20:30", "-1:00", "+1:59", "1_0:5", "1:5:5.25", "0:0"})
    EXPECT_FALSE(ReadsAsString(text)) << text;
  for (const char* text : {"1:60", "1:", ":30", "1:5x", "1:123", "a:30", "1:5.x", "-:30", "1::2"})
    EXPECT_TRUE(ReadsAsString(text)) << text;
}

TEST(ReadsAsString, IsFalseForTimes) {
  for (const char* text : {"2024-01-02", "2024-1-2", "2024-02-29", "2000-02-29", "2024-01-02T03:04:05Z",
                           "2024-01-02t3:4:5Z", "2024-01-02T03:04:05.678Z", "2024-01-02T03:04:05+01:00",
                           "2024-01-02T03:04:05,678-23:59", "2024-01-02 03:04:05", "2024-01-02   03:04:05.5"})
    EXPECT_FALSE(ReadsAsString(text)) << text;
  for (const char* text : {"2024-13-01",
                           "2024-00-01",
                           "2024-01-32",
                           "2024-01-00",
                           "2023-02-29",
                           "1900-02-29",
                           "2024-04-31",
                           "2024-1",
                           "202-01-02",
                           "20240-1-2",
                           "2024-01-02T03:04",
                           "2024-01-02T24:00:00Z",
                           "2024-01-02T03:60:00Z",
                           "2024-01-02T03:04:60Z",
                           "2024-01-02T03:04:05",
                           "2024-01-02 03:04:05Z",
                           "2024-01-02T03:04:05+1:00",
                           "2024-01-02T03:04:05+25:00",
                           "2024-01-02T03:04:05+01:61",
                           "2024-01-02x",
                           "2024-01-02T03:04:05Zx",
                           "2024/01/02",
                           "2024-01-02T03:04:05+a1:00"})
    EXPECT_TRUE(ReadsAsString(text)) << text;
}

TEST(ReadsAsString, IsTrueForOrdinaryText) {
  for (const char* text :
       {"a", "nginx:1.27", "10.0.0.1", "100m", "1Gi", "v1", "apps/v1", "0.0.0.0/0", "-flag", "é"})
    EXPECT_TRUE(ReadsAsString(text)) << text;
}

}  // namespace
}  // namespace etcdmedic::text
