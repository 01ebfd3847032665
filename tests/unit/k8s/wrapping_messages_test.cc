// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "k8s/wrapping_forms.h"
#include "proto/wire.h"
#include "support/page_end.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_literals;

std::string Field(uint32_t number, std::string_view bytes) {
  std::string out;
  proto::AppendDelimited(number, bytes, out);
  return out;
}

const std::string kKv = Field(1, "/a") + "\x10\x04\x18\x07\x20\x01" + Field(5, "value");

TEST(ReadBareKeyValue, NeedsAKeyAndARevision) {
  const auto items = ReadBareKeyValue(kKv);
  ASSERT_TRUE(items);
  EXPECT_EQ(items->front().key, "/a");
  EXPECT_EQ(items->front().value, "value");
  EXPECT_EQ(items->front().mod_revision, 7);
  EXPECT_FALSE(ReadBareKeyValue(""));
  EXPECT_FALSE(ReadBareKeyValue(Field(1, "/a") + Field(5, "value"))) << "no revision";
  EXPECT_FALSE(ReadBareKeyValue("\x18\x07" + Field(5, "value"))) << "no key";
  EXPECT_FALSE(ReadBareKeyValue(kKv + "\x38\x01")) << "a field that KeyValue does not have";
  EXPECT_FALSE(ReadBareKeyValue(kKv + Field(6, "x"))) << "a lease is a number";
}

TEST(ReadResponse, FindsKeyValuesInEveryResponse) {
  const std::string header = Field(1, "\x18\x09");
  const std::string range = header + Field(2, kKv) + Field(2, kKv) + "\x20\x02";
  const std::string watch = header + Field(11, Field(2, kKv));
  const std::string txn = header + "\x10\x01" + Field(3, Field(1, range));
  EXPECT_EQ(ReadResponse(range).value().size(), 2U);
  EXPECT_EQ(ReadResponse(watch).value().size(), 1U);
  EXPECT_EQ(ReadResponse(txn).value().size(), 2U);
  EXPECT_FALSE(ReadResponse(header)) << "nothing in it";
  EXPECT_FALSE(ReadResponse(header + Field(2, "not a KeyValue")));
  EXPECT_FALSE(ReadResponse(range + Field(99, "x"))) << "an unknown field";
}

TEST(EndOfEnvelope, IsWhereTheCallerSaysSo) {
  const std::string envelope = "k8s\0"s + Field(1, "head") + Field(2, "raw\nwith\nlines");
  // The tag of the first field is a line feed as well.
  const auto at_line = [](std::string_view following) { return following.empty() || following == "\nmore"; };
  EXPECT_EQ(EndOfEnvelope(envelope, at_line), envelope.size());
  EXPECT_EQ(EndOfEnvelope(envelope + "\nmore", at_line), envelope.size());
  EXPECT_FALSE(EndOfEnvelope(envelope + "more", at_line));
  EXPECT_FALSE(EndOfEnvelope(envelope.substr(0, envelope.size() - 1), at_line)) << "cut";
  EXPECT_FALSE(EndOfEnvelope("text", at_line));
  EXPECT_FALSE(EndOfEnvelope("k8s\0"s + Field(5, "x"), at_line)) << "no field of an envelope";
}

TEST(ReadResponse, HasWholeValuesAloneAtEveryCut) {
  support::ForEachPrefix(Field(1, "\x18\x09") + Field(2, kKv) + "\x20\x01", [](Bytes prefix) {
    for (const auto& items : {ReadResponse(AsText(prefix)), ReadBareKeyValue(AsText(prefix))}) {
      if (items) {
        EXPECT_EQ(items->front().value, "value");
      }
    }
  });
  support::ForEachPrefix(kKv, [](Bytes prefix) {
    const auto items = ReadBareKeyValue(AsText(prefix));
    if (items) {
      EXPECT_TRUE(items->front().value.empty() || items->front().value == "value");
    }
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
