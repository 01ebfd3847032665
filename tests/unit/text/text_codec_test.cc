// SPDX-License-Identifier: Apache-2.0
#include "text/text_codec.h"

#include <gtest/gtest.h>

#include "text/base64.h"

namespace etcdmedic::text {
namespace {

TEST(FromBase64, TakesBothKindsWithOrWithoutPadding) {
  EXPECT_EQ(FromBase64("Zm9v\nYmFy"), "foobar");
  EXPECT_EQ(FromBase64("Zg"), "f");
  EXPECT_EQ(FromBase64("Zg=="), "f");
  EXPECT_EQ(FromBase64("-_-_"), "\xFB\xFF\xBF");
  EXPECT_EQ(FromBase64(""), "");
}

TEST(FromBase64, RefusesEverythingElse) {
  for (const char* text : {"Z", "Zm9vY", "Zm9v!", "Zm9v*mFy", "\xC3\xA4"})
    EXPECT_FALSE(FromBase64(text)) << text;
}

TEST(Hex, ComesBack) {
  std::string all, hex;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  AppendHex(AsBytes(all), hex);
  EXPECT_EQ(hex.substr(0, 6), "000102");
  EXPECT_EQ(hex.substr(508), "feff");
  EXPECT_EQ(FromHex(hex), all);
  EXPECT_EQ(FromHex("6B 38\n73"), "k8s");
  for (const char* text : {"6", "6b3", "6g", "0x6b", "6 b"}) EXPECT_FALSE(FromHex(text)) << text;
}

TEST(TextCodec, GoesBothWays) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    std::string hex;
    std::string base64;
    AppendHex(AsBytes(bytes), hex);
    AppendBase64(base64, AsBytes(bytes));
    EXPECT_EQ(FromHex(hex), bytes);
    EXPECT_EQ(FromBase64(base64), bytes);
    while (base64.ends_with('=')) base64.pop_back();
    EXPECT_EQ(FromBase64(base64), bytes) << "without padding";
    bytes += static_cast<char>(i * 7);
  }
  EXPECT_FALSE(FromHex("0"));
  EXPECT_FALSE(FromHex("0g"));
  EXPECT_FALSE(FromBase64("a"));
  EXPECT_FALSE(FromBase64("a*bc"));
}

}  // namespace
}  // namespace etcdmedic::text
