// SPDX-License-Identifier: Apache-2.0
#include "objects/stored_objects.h"

#include <gtest/gtest.h>

namespace etcdmedic::objects {
namespace {

constexpr std::string_view kPod = R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}})";
constexpr std::string_view kSealed = "k8s:enc:aescbc:v1:cbc1:xxxxxxxxxxxxxxxx";

// Opens everything that is under "/good".
Result<std::string> OpenGood(std::string_view key, Bytes) {
  if (key.starts_with("/good")) return std::string(kPod);
  return Fail(Errc::kMalformed, std::string(key), "the wrong key");
}

TEST(StoredObjects, GivesPlainValuesAsTheyAre) {
  StoredObjects stored{encryption::Decryptor()};
  const auto value = stored.Open("/k", AsBytes(kPod));
  EXPECT_TRUE(value.is_object());
  EXPECT_FALSE(value.closed());
  EXPECT_EQ(value.bytes.data(), AsBytes(kPod).data()) << "without a copy";
  EXPECT_TRUE(stored.problem().empty());
}

TEST(StoredObjects, OpensWhatItCanAndSaysWhyNot) {
  StoredObjects stored(OpenGood);
  const auto opened = stored.Open("/good/a", AsBytes(kSealed));
  EXPECT_TRUE(opened.is_object());
  EXPECT_EQ(AsText(opened.bytes), kPod);
  const auto closed = stored.Open("/bad/a", AsBytes(kSealed));
  EXPECT_TRUE(closed.closed());
  EXPECT_FALSE(closed.is_object());
  EXPECT_EQ(AsText(closed.bytes), kSealed);
  EXPECT_EQ(stored.problem(), "the wrong key");
  EXPECT_TRUE(stored.Open("/bad/a", AsBytes(kPod)).is_object());
  EXPECT_TRUE(stored.problem().empty()) << "of the last value alone";
}

TEST(StoredObjects, WithoutAConfigurationTheyStayClosed) {
  StoredObjects stored{encryption::Decryptor()};
  EXPECT_FALSE(stored.has_key());
  EXPECT_TRUE(stored.Open("/k", AsBytes(kSealed)).closed());
  EXPECT_EQ(stored.problem(), "no key is given");
}

TEST(StoredObjects, OtherBytesAreNoObjects) {
  StoredObjects stored(OpenGood);
  for (const std::string_view other : {"", "text", "\xFF\xFE"}) {
    const auto value = stored.Open("/k", AsBytes(other));
    EXPECT_FALSE(value.is_object()) << other;
    EXPECT_FALSE(value.closed()) << other;
  }
}

TEST(DecodeStored, NamesItsFindings) {
  const std::string cut = std::string("k8s\0", 4) + "\x0a\x09\x0a\x02v1\x12\x03Pod\x12\x7f";
  std::string text;
  diag::FindingList found;
  const k8s::DecodeResult decoded =
      DecodeStored("/registry/pods/a", AsBytes(cut), {}, text, {"db", 7}, found);
  EXPECT_FALSE(decoded.complete);
  ASSERT_FALSE(found.items.empty());
  for (const diag::Finding& finding : found.items) {
    EXPECT_TRUE(finding.message.starts_with("/registry/pods/a: ")) << finding.message;
    EXPECT_EQ(finding.where.file, "db");
  }
}

}  // namespace
}  // namespace etcdmedic::objects
