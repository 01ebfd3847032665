// SPDX-License-Identifier: Apache-2.0
// What is printed reads back as what was given, by another library than the one whose output is imitated.
#include <gtest/gtest.h>

#include <random>

#include "support/yaml_reader.h"
#include "text/utf8.h"
#include "text/yaml_writer.h"

namespace etcdmedic::text {
namespace {

// Pieces that matter to YAML, and any code point. Not the breaks that Unicode adds: go-yaml, which is
// imitated, does not keep those apart.
std::string RandomText(std::mt19937_64& random) {
  static constexpr std::string_view kPieces[] = {
      "a",          "word ", " ",          "  ",
      "\n",         "\n\n",  ":",          ": ",
      "#",          " #",    "-",          "- ",
      "'",          "\"",    "\\",         "\t",
      "\r",         "0",     "0x1f",       "1e3",
      "2024-01-02", "1:30",  "true",       "null",
      "~",          ".inf",  "---",        "...",
      "[",          "]",     "{",          "}",
      ",",          "?",     "!",          "&",
      "*",          "%",     "@",          "`",
      "|",          ">",     "=",          "<<",
      "\x01",       "\x7F",  "\u00a0",     "\ufeff",
      "é",          "ж",     "\U0001F600", "lorem ipsum dolor sit amet "};
  std::string text;
  for (size_t length = random() % (random() % 5 == 0 ? 80 : 8); length > 0; --length) {
    const auto point = static_cast<uint32_t>(random() % 0x110000);
    if (random() % 8 != 0)
      text += kPieces[random() % std::size(kPieces)];
    else if ((point < 0xD800 || point > 0xDFFF) && point != 0x85 && point != 0x2028 && point != 0x2029)
      AppendUtf8(text, point);
  }
  return text;
}

TEST(YamlWriter, PrintsWhatReadsBack) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20000; ++round) {
    const std::string key = RandomText(random);
    const std::string text = RandomText(random);
    std::string out;
    YamlWriter writer(out);
    writer.BeginMap();
    writer.Key(key);
    writer.BeginMap();
    writer.Key("list");
    writer.BeginList();
    writer.String(text);
    writer.BeginList();
    writer.String(key);
    writer.EndList();
    writer.EndList();
    writer.Key("last");
    writer.String(text);
    writer.EndMap();
    writer.EndMap();
    const auto scalars = tests::ReadScalars(out);
    ASSERT_TRUE(scalars) << out;
    ASSERT_EQ(*scalars, (std::vector<std::string>{key, "list", text, key, "last", text})) << out;
  }
}

}  // namespace
}  // namespace etcdmedic::text
