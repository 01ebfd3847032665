// SPDX-License-Identifier: Apache-2.0
#include "text/text_block.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "text/base64.h"
#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

// Pieces that touch each rule of UTF-8, valid ones and broken ones.
constexpr std::string_view kPieces[] = {"a",
                                        "some plain words",
                                        "\"",
                                        "\\",
                                        "\n",
                                        "\x7F",
                                        std::string_view("\0", 1),
                                        "\xC2\x80",
                                        "\xC2\x9F",
                                        "\xC2\xA0",
                                        "\xC1\xBF",
                                        "\xDF\xBF",
                                        "\xE0\x9F\xBF",
                                        "\xE0\xA0\x80",
                                        "\xED\x9F\xBF",
                                        "\xED\xA0\x80",
                                        "\xEF\xBF\xBF",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF0\x90\x80\x80",
                                        "\xF4\x8F\xBF\xBF",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\x80",
                                        "\xFF",
                                        "\xE2\x82",
                                        "\xF0\x9F\x98",
                                        "\xC3"};

// Texts of every length up to 200 at every alignment within 16: noise, valid text and a mix of pieces.
template <class Each>
void ForEachText(const Each& each) {
  std::mt19937 random(7);
  for (size_t length = 0; length <= 200; ++length) {
    for (size_t kind = 0; kind < 12; ++kind) {
      std::string text(length % 16, 'x');
      const size_t begin = text.size();
      while (text.size() < begin + length) {
        if (kind < 2)
          text += static_cast<char>(random());
        else if (kind < 4)
          text += static_cast<char>(0x20 + random() % 0x5F);
        else if (kind < 8)
          AppendUtf8(text, 0x20 + static_cast<uint32_t>(random() % 0xD7E0));
        else
          text += kPieces[random() % std::size(kPieces)];
      }
      each(std::string_view(text).substr(begin, length));
    }
  }
}

bool IsUtf8ByteByByte(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

TEST(TextBlock, SaysOfEachByteWhatALookAtThatByteSays) {
  std::mt19937 random(1);
  char bytes[TextBlock::kSize];
  for (int round = 0; round < 200; ++round) {
    for (char& byte : bytes) byte = static_cast<char>(random());
    const TextBlock block(bytes);
    const auto low = static_cast<unsigned char>(random());
    for (size_t i = 0; i < sizeof bytes; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      EXPECT_EQ(block.AtLeast(low) >> i & 1, byte >= low ? 1U : 0U) << i;
      EXPECT_EQ(block.Between(0x20, 0x7E) >> i & 1, byte >= 0x20 && byte <= 0x7E ? 1U : 0U) << i;
    }
  }
}

TEST(TextBlock, FindsTheSequencesThatAReaderOfOneAfterTheOtherFinds) {
  ForEachText([](std::string_view text) {
    std::string expected, found;
    for (size_t at = 0; at < text.size();) {
      const size_t length = Utf8Length(text, at);
      expected.append(std::max<size_t>(length, 1), length > 1 ? '1' : '0');
      at += std::max<size_t>(length, 1);
    }
    ForEachTextBlock(text, [&](std::string_view part, const TextBlock&, uint64_t sequences) {
      for (size_t i = 0; i < part.size(); ++i) found += (sequences >> i & 1) != 0 ? '1' : '0';
      return true;
    });
    ASSERT_EQ(found, expected);
    ASSERT_EQ(IsUtf8(text), IsUtf8ByteByByte(text));
  });
}

TEST(TextBlock, APlainRunEndsAtTheFirstByteThatIsNot) {
  ForEachText([](std::string_view text) {
    size_t expected = 0;
    for (; expected < text.size(); ++expected) {
      const auto byte = static_cast<unsigned char>(text[expected]);
      if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') break;
    }
    ASSERT_EQ((PlainRun<'"', '\\'>(text)), expected);
  });
}

TEST(Base64, OfEveryLengthIsWhatTakingSixBitsAtATimeGives) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  ForEachText([&](std::string_view text) {
    std::string expected, found;
    for (size_t bit = 0; bit < text.size() * 8; bit += 6) {
      size_t digit = 0;
      for (size_t i = bit; i < bit + 6; ++i)
        digit = digit * 2 +
                (i / 8 < text.size() ? static_cast<unsigned char>(text[i / 8]) >> (7 - i % 8) & 1 : 0);
      expected += kDigits[digit];
    }
    while (expected.size() % 4 != 0) expected += '=';
    AppendBase64(found, AsBytes(text));
    ASSERT_EQ(found, expected);
    std::ranges::replace(expected, '+', '-');
    std::ranges::replace(expected, '/', '_');
    found.clear();
    AppendBase64(found, AsBytes(text), Base64Kind::kUrl);
    ASSERT_EQ(found, expected);
  });
  std::string long_one;
  AppendBase64(long_one, AsBytes(std::string(3000, '\0')));
  EXPECT_EQ(long_one, std::string(4000, 'A'));
}

}  // namespace
}  // namespace etcdmedic::text
