// SPDX-License-Identifier: Apache-2.0
#include "base/hex.h"

#include <gtest/gtest.h>

namespace etcdmedic {
namespace {

TEST(ParseHex, TakesDigitsAlone) {
  EXPECT_EQ(ParseHex("0"), 0U);
  EXPECT_EQ(ParseHex("8e9e05c52164694d"), 0x8e9e05c52164694dU);
  EXPECT_EQ(ParseHex("FFFFFFFFFFFFFFFF"), UINT64_MAX);
  for (const char* text : {"", "10000000000000000", "0x1", "-1", "+1", " 1", "1 ", "g"})
    EXPECT_FALSE(ParseHex(text)) << text;
}

}  // namespace
}  // namespace etcdmedic
