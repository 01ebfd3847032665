// SPDX-License-Identifier: Apache-2.0
#include "k8s/encode_value.h"

#include <gtest/gtest.h>

#include "support/protobuf_text.h"
#include "text/json_text.h"
#include "text/yaml_reader.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_literals;
using test::Delimited;
using test::Number;

const FieldPath kFrame{nullptr, "f"};

struct Encoded {
  std::string bytes;
  std::string fault;
};

Encoded Scalar(Type type, std::string_view json) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(json, tree)) << json;
  Encoded encoded;
  EncodeFault fault;
  EncodeScalar(type, 3, tree.root(), kFrame, fault, encoded.bytes);
  encoded.fault = fault.text();
  return encoded;
}

Encoded SpecialOf(WellKnownType special, std::string_view json) {
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(json, tree)) << json;
  Encoded encoded;
  EncodeFault fault;
  EXPECT_TRUE(EncodeWellKnown(special, tree.root(), kFrame, fault, encoded.bytes));
  encoded.fault = fault.text();
  return encoded;
}

TEST(EncodeScalar, WritesEveryTypeAndNullAsZero) {
  EXPECT_EQ(Scalar(Type::kString, R"("a")").bytes, Delimited(3, "a"));
  EXPECT_EQ(Scalar(Type::kString, "null").bytes, Delimited(3, ""));
  EXPECT_EQ(Scalar(Type::kString, "12").bytes, Delimited(3, "12"));
  EXPECT_EQ(Scalar(Type::kBytes, R"("YWI=")").bytes, Delimited(3, "ab"));
  EXPECT_EQ(Scalar(Type::kBool, "true").bytes, Number(3, 1));
  EXPECT_EQ(Scalar(Type::kBool, "null").bytes, Number(3, 0));
  EXPECT_EQ(Scalar(Type::kInt32, "-1").bytes, Number(3, UINT64_MAX));
  EXPECT_EQ(Scalar(Type::kInt64, "9223372036854775807").bytes, Number(3, INT64_MAX));
  EXPECT_EQ(Scalar(Type::kInt64, "null").bytes, Number(3, 0));
  EXPECT_EQ(Scalar(Type::kDouble, "1.5").bytes, "\x19\0\0\0\0\0\0\xF8\x3F"s);
  EXPECT_EQ(Scalar(Type::kDouble, "null").bytes, "\x19\0\0\0\0\0\0\0\0"s);
}

TEST(EncodeScalar, RefusesWhatDoesNotFit) {
  struct Case {
    Type type;
    const char *json, *fault;
  };
  const Case cases[] = {
      {Type::kInt32, "2147483648", "f: no whole number of this size"},
      {Type::kInt32, "1.5", "f: no whole number of this size"},
      {Type::kInt64, "9223372036854775808", "f: no whole number of this size"},
      {Type::kInt64, R"("x")", "f: no whole number of this size"},
      {Type::kBool, "1", "f: neither true nor false"},
      {Type::kDouble, R"("x")", "f: no number"},
      {Type::kBytes, R"("?")", "f: no base64"},
      {Type::kString, "[]", "f: a single value belongs here"},
      {Type::kInt32, "{}", "f: a single value belongs here"},
  };
  for (const Case& each : cases) EXPECT_EQ(Scalar(each.type, each.json).fault, each.fault) << each.json;
  EXPECT_EQ(Scalar(Type::kInt32, "-2147483648").fault, "");
  EXPECT_EQ(Scalar(Type::kInt32, "2147483647").fault, "");
}

TEST(EncodeWellKnown, WritesTimesAndDurations) {
  EXPECT_EQ(SpecialOf(WellKnownType::kTime, R"("1970-01-01T00:00:07Z")").bytes, Number(1, 7) + Number(2, 0));
  EXPECT_EQ(SpecialOf(WellKnownType::kMicroTime, R"("1970-01-01T00:00:00.000006Z")").bytes,
            Number(1, 0) + Number(2, 6000));
  EXPECT_EQ(SpecialOf(WellKnownType::kTime, "null").bytes, "");
  EXPECT_EQ(SpecialOf(WellKnownType::kTime, R"("yesterday")").fault, "f: no time as in 2006-01-02T15:04:05Z");
  EXPECT_EQ(SpecialOf(WellKnownType::kDuration, R"("1s")").bytes, Number(1, 1'000'000'000));
  EXPECT_EQ(SpecialOf(WellKnownType::kDuration, "null").bytes, Number(1, 0));
  EXPECT_EQ(SpecialOf(WellKnownType::kDuration, R"("soon")").fault, "f: no duration as in 1h30m");
}

TEST(EncodeWellKnown, WritesQuantitiesAndPortsAsTheyAreWritten) {
  EXPECT_EQ(SpecialOf(WellKnownType::kQuantity, R"("100m")").bytes, Delimited(1, "100m"));
  EXPECT_EQ(SpecialOf(WellKnownType::kQuantity, "2").bytes, Delimited(1, "2"));
  EXPECT_EQ(SpecialOf(WellKnownType::kQuantity, "null").bytes, Delimited(1, "0"));
  EXPECT_EQ(SpecialOf(WellKnownType::kQuantity, "{}").fault, "f: a single value belongs here");
  EXPECT_EQ(SpecialOf(WellKnownType::kIntOrString, "80").bytes,
            Number(1, 0) + Number(2, 80) + Delimited(3, ""));
  EXPECT_EQ(SpecialOf(WellKnownType::kIntOrString, R"("80")").bytes,
            Number(1, 1) + Number(2, 0) + Delimited(3, "80"));
  EXPECT_EQ(SpecialOf(WellKnownType::kIntOrString, "null").bytes,
            Number(1, 0) + Number(2, 0) + Delimited(3, ""));
  EXPECT_NE(SpecialOf(WellKnownType::kIntOrString, "99999999999").fault, "");
}

TEST(EncodeWellKnown, KeepsJsonInItsOwnOrder) {
  EXPECT_EQ(SpecialOf(WellKnownType::kRawExtension, R"({"b": 1.50, "a": "<"})").bytes,
            Delimited(1, R"({"b":1.50,"a":"\u003c"})"));
  EXPECT_EQ(SpecialOf(WellKnownType::kFieldsV1, R"({"b":"<"})").bytes, Delimited(1, R"({"b":"<"})"));
  EXPECT_EQ(SpecialOf(WellKnownType::kJson, "null").bytes, "");
}

TEST(EncodeWellKnown, LeavesMessagesToOthers) {
  EncodeFault fault;
  std::string out;
  EXPECT_FALSE(EncodeWellKnown(WellKnownType::kNone, {}, kFrame, fault, out));
  EXPECT_FALSE(EncodeWellKnown(WellKnownType::kWrap, {}, kFrame, fault, out));
}

TEST(EncodeFault, KeepsTheFirst) {
  EncodeFault fault;
  EXPECT_FALSE(fault);
  fault.Note(kFrame, "first", {});
  fault.Note(kFrame, "second", {});
  EXPECT_EQ(fault.text(), "f: first");
}

}  // namespace
}  // namespace etcdmedic::k8s
