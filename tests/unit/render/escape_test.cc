// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "render/text.h"
#include "text/utf8.h"

namespace etcdmedic::render {
namespace {

bool IsUnseen(uint32_t point) {
  return point == 0x61C || point == 0x180E || point == 0xFEFF || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) ||
         (point >= 0xFFF9 && point <= 0xFFFB) || (point >= 0xE0000 && point <= 0xE007F);
}

// Both escapes as a reader of one character after the other writes them.
std::string PrintableSlowly(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    size_t length = text::Utf8Length(text, at);
    const uint32_t point = length == 0 ? 0 : text::Utf8Point(text, at, length);
    if (point == '\n')
      out += "\\n";
    else if (point == '\t')
      out += "\\t";
    else if (point == '\\')
      out += "\\\\";
    else if (IsUnseen(point))
      out += fmt::format("\\u{{{:x}}}", point);
    else if (point < 0x20 || (point >= 0x7F && point < 0xA0))
      out += fmt::format("\\x{:02x}", byte), length = 1;
    else
      out.append(text, at, length);
    at += length;
  }
  return out;
}

std::string JsonSlowly(std::string_view text) {
  std::string out = "\"";
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t length = text::Utf8Length(text, at);
    if (length == 0)
      out += "\xEF\xBF\xBD";
    else if (byte == '"' || byte == '\\')
      (out += '\\') += text[at];
    else if (byte == '\n')
      out += "\\n";
    else if (byte == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\u{:04x}", byte);
    else
      out.append(text, at, length);
    at += std::max<size_t>(length, 1);
  }
  return out += '"';
}

void CheckBoth(std::string_view text) {
  ASSERT_EQ(Printable(text), PrintableSlowly(text));
  std::string json;
  AppendJsonString(json, text);
  ASSERT_EQ(json, JsonSlowly(text));
}

TEST(Escape, OfEveryPairOfBytesIsThatOfTheSlowReader) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const char pair[] = {static_cast<char>(first), static_cast<char>(second)};
      CheckBoth({pair, 2});
    }
  }
}

TEST(Escape, OfTextOfEveryLengthAtEveryPlaceIsThatOfTheSlowReader) {
  std::mt19937 random(3);
  for (size_t length = 0; length <= 300; ++length) {
    for (int kind = 0; kind < 24; ++kind) {
      std::string text(random() % 16, 'x');
      const size_t begin = text.size();
      while (text.size() < begin + length) {
        if (kind < 8)
          text += static_cast<char>(random());  // noise
        else if (kind < 16)
          text::AppendUtf8(text, static_cast<uint32_t>(kind < 10   ? random() % 0x100
                                                       : kind < 12 ? 0x2000 + random() % 0x80
                                                                   : random() % 0xD800));
        else
          text += random() % 64 == 0 ? static_cast<char>(random()) : 'a';  // text with a flaw here and there
      }
      CheckBoth(std::string_view(text).substr(begin, length));
    }
  }
}

TEST(Escape, KeepsCharactersThatLieAcrossBlocksWhole) {
  for (size_t before = 50; before < 80; ++before) {
    for (const std::string_view character :
         {"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xC2\x85", "\u202E", "\u00AD", "\uFEFF"}) {
      for (size_t cut = 0; cut < character.size(); ++cut) {
        std::string text(before, 'a');
        text.append(character).append(character.substr(0, cut)).append(character).append(40, 'b');
        CheckBoth(text);
      }
    }
  }
}

TEST(YamlString, IsQuotedWhereItWouldReadAsSomethingElse) {
  const auto yaml = [](std::string_view text) {
    std::string out;
    AppendYamlString(out, text);
    return out;
  };
  for (const std::string_view text : {"true", "False", "NULL", "~", ".inf", "12", "-1.5e3", "0x1F", "",
                                      "a: b", "a #b", "- a", "a:", "a\nb", "\xC3\xA4"})
    EXPECT_EQ(yaml(text), JsonSlowly(text));
  for (const std::string_view text : {"falsely", "a", "key-1", "a:b", "/registry/pods/a", "v1.2 and more"})
    EXPECT_EQ(yaml(text), text);
}

}  // namespace
}  // namespace etcdmedic::render
