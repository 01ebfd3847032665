// SPDX-License-Identifier: Apache-2.0
#include "text/json_writer.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

TEST(JsonWriter, WritesBothShapes) {
  for (const auto style : {JsonWriter::Style::kCompact, JsonWriter::Style::kIndented}) {
    std::string out;
    JsonWriter writer(out, style);
    writer.BeginMap();
    writer.Key("a");
    writer.BeginList();
    writer.Int(1);
    writer.BeginMap();
    writer.EndMap();
    writer.EndList();
    writer.Key("b");
    writer.BeginList();
    writer.EndList();
    writer.Key("c");
    writer.Null();
    writer.EndMap();
    if (style == JsonWriter::Style::kCompact)
      EXPECT_EQ(out, R"({"a":[1,{}],"b":[],"c":null})");
    else
      EXPECT_EQ(out, "{\n    \"a\": [\n        1,\n        {}\n    ],\n    \"b\": [],\n    \"c\": null\n}");
  }
}

TEST(JsonWriter, EscapesAsEncodingJson) {
  std::string out;
  const std::string text = std::string("<&>\"\\\n\t\b\f\x01\x7F\xFF é\u2028\U0001F600") + '\0';
  AppendGoJsonString(out, text);
  EXPECT_EQ(out, "\"\\u003c\\u0026\\u003e\\\"\\\\\\n\\t\\b\\f\\u0001\x7F\\ufffd é\\u2028\U0001F600\\u0000\"");
}

// Each byte at each place of a run: what is copied in wide steps must not slip through.
TEST(JsonWriter, EscapesAtEveryPosition) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string alone;
    AppendGoJsonString(alone, std::string(1, static_cast<char>(byte)));
    const std::string escaped = alone.substr(1, alone.size() - 2);
    for (size_t size = 1; size < 40; ++size) {
      const size_t at = (size * 7 + static_cast<size_t>(byte)) % size;
      std::string text(size, 'x'), expected(size, 'x');
      text[at] = static_cast<char>(byte);
      expected.replace(at, 1, escaped);
      std::string out;
      AppendGoJsonString(out, text);
      ASSERT_EQ(out, '"' + expected + '"') << byte << " at " << at << " of " << size;
    }
  }
}

// Text gathers in a block before it goes out: longer strings, deeper containers and many small items.
TEST(JsonWriter, GoesBeyondItsBlock) {
  constexpr size_t kMany = 10000;
  std::string out;
  JsonWriter writer(out);
  std::string expected;
  for (size_t i = 0; i < kMany; ++i) writer.BeginList();
  writer.String(std::string(kMany, '"'));
  writer.Verbatim(std::string(kMany, '1'));
  for (size_t i = 0; i < kMany; ++i) writer.Bool(true);
  for (size_t i = 0; i < kMany; ++i) writer.EndList();
  expected.append(kMany, '[').append("\"");
  for (size_t i = 0; i < kMany; ++i) expected += "\\\"";
  expected.append("\",").append(kMany, '1');
  for (size_t i = 0; i < kMany; ++i) expected += ",true";
  expected.append(kMany, ']');
  EXPECT_EQ(out, expected);
}

TEST(JsonWriter, FormatsNumbers) {
  const auto number = [](double value) {
    std::string out;
    JsonWriter(out).Double(value);
    return out;
  };
  EXPECT_EQ(number(0.000001), "0.000001");
  EXPECT_EQ(number(1e-7), "1e-7");
  EXPECT_EQ(number(1e20), "100000000000000000000");
  EXPECT_EQ(number(1.5e21), "1.5e+21");
  EXPECT_EQ(number(-0.0), "0");
}

}  // namespace
}  // namespace etcdmedic::text
