// SPDX-License-Identifier: Apache-2.0
#include "k8s/envelope.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::k8s {
namespace {

using test::Delimited;
using test::Number;

TEST(Envelope, HasTypeAndObject) {
  const std::string value = test::Stored("apps/v1", "Deployment", "raw");
  const Envelope envelope = ReadEnvelope(AsBytes(value));
  EXPECT_TRUE(envelope.whole);
  EXPECT_EQ(envelope.api_version, "apps/v1");
  EXPECT_EQ(envelope.kind, "Deployment");
  EXPECT_EQ(AsText(envelope.raw), "raw");
  EXPECT_EQ(envelope.fault, nullptr);
}

TEST(Envelope, SaysWhereItIsBroken) {
  const std::string value = test::Stored("v1", "Pod", "raw") + "\x0F";
  const Envelope envelope = ReadEnvelope(AsBytes(value));
  EXPECT_FALSE(envelope.whole);
  EXPECT_EQ(envelope.fault, value.data() + value.size() - 1);
  EXPECT_EQ(envelope.kind, "Pod") << "what came before is read";
}

TEST(Envelope, IsABeginningAtEveryCut) {
  const std::string whole = test::Stored("apps/v1", "Deployment", "raw bytes");
  size_t complete = 0;
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    if (prefix.size() < kMagic.size()) return;
    const Envelope envelope = ReadEnvelope(prefix);
    complete += envelope.whole;
    EXPECT_TRUE(std::string_view("apps/v1").starts_with(envelope.api_version));
    EXPECT_TRUE(std::string_view("Deployment").starts_with(envelope.kind));
    EXPECT_TRUE(std::string_view("raw bytes").starts_with(AsText(envelope.raw)));
  });
  EXPECT_EQ(complete, 5U) << "the magic alone, and after each of four fields";
}

}  // namespace
}  // namespace etcdmedic::k8s
