// SPDX-License-Identifier: Apache-2.0
#include "text/base64.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "text/text_codec.h"

namespace etcdmedic::text {
namespace {

std::string Encode(Bytes bytes, Base64Kind kind = Base64Kind::kStandard) {
  std::string out;
  AppendBase64(out, bytes, kind);
  return out;
}

// The vectors of RFC 4648.
TEST(Base64, GivesThePublishedTexts) {
  EXPECT_EQ(Encode({}), "");
  EXPECT_EQ(Encode(AsBytes("f")), "Zg==");
  EXPECT_EQ(Encode(AsBytes("fo")), "Zm8=");
  EXPECT_EQ(Encode(AsBytes("foo")), "Zm9v");
  EXPECT_EQ(Encode(AsBytes("foobar")), "Zm9vYmFy");
  EXPECT_EQ(Encode(AsBytes("\xFB\xFF\xBF")), "+/+/");
  EXPECT_EQ(Encode(AsBytes("\xFB\xFF\xBF"), Base64Kind::kUrl), "-_-_");
}

TEST(Base64, ComesBackAtEveryLength) {
  std::string all;
  for (int i = 0; i < 300; ++i) all += static_cast<char>(i * 37);
  support::ForEachPrefix(all, [](Bytes prefix) {
    for (const Base64Kind kind : {Base64Kind::kStandard, Base64Kind::kUrl})
      EXPECT_EQ(FromBase64(Encode(prefix, kind)), std::string(AsText(prefix)));
  });
}

}  // namespace
}  // namespace etcdmedic::text
