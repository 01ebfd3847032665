// SPDX-License-Identifier: Apache-2.0
#include "k8s/byte_dump.h"

#include <gtest/gtest.h>

namespace etcdmedic::k8s {
namespace {

struct Row {
  const char* tool;
  const char* text;
};

// What the tools print of these bytes.
const Row kRows[] = {
    {"hexdump -C",
     "00000000  6b 38 73 00 0a 0c 0a 02  76 31 12 06 53 65 63 72  |k8s.....v1..Secr|\n"
     "00000010  65 74 12 ff                                       |et..|\n00000014\n"},
    {"xxd",
     "00000000: 6b38 7300 0a0c 0a02 7631 1206 5365 6372  k8s.....v1..Secr\n"
     "00000010: 6574 12ff                                et..\n"},
    {"od -A x -t x1z",
     "000000 6b 38 73 00 0a 0c 0a 02 76 31 12 06 53 65 63 72  >k8s.....v1..Secr<\n"
     "000010 65 74 12 ff                                      >et..<\n000014\n"},
    {"od -c",
     "0000000   k   8   s  \\0  \\n  \\f  \\n 002   v   1 022 006   S   e   c   r\n"
     "0000020   e   t 022 377\n0000024\n"},
    {"od",
     "0000000 034153 000163 006012 001012 030566 003022 062523 071143\n"
     "0000020 072145 177422\n0000024\n"},
    {"hexdump",
     "0000000 386b 0073 0c0a 020a 3176 0612 6553 7263\n"
     "0000010 7465 ff12                              \n0000014\n"},
};

std::string Expected() { return std::string("k8s\0\n\x0c\n\x02v1\x12\x06Secret\x12\xff", 20); }

TEST(ByteDump, ReadsWhatTheToolsPrint) {
  for (const Row& row : kRows) {
    const auto bytes = ReadByteDump(row.text);
    ASSERT_TRUE(bytes) << row.tool;
    EXPECT_EQ(*bytes, Expected()) << row.tool;
  }
}

TEST(ByteDump, FillsInRepeatedLines) {
  const auto bytes = ReadByteDump(
      "00000000  61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  |aaaaaaaaaaaaaaaa|\n*\n"
      "00000040  62                                                |b|\n00000041\n");
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, std::string(64, 'a') + "b");
}

TEST(ByteDump, HasALimitForRepeatedLines) {
  EXPECT_FALSE(
      ReadByteDump("00000000  61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  "
                   "|aaaaaaaaaaaaaaaa|\n*\n7fffffff0  62  |b|\n"));
}

TEST(ByteDump, RefusesOtherText) {
  for (const char* text : {"", "\n", "hello world", "*\n", "00000000", "00000000  zz\n",
                           "00000000  61\n00000099  62\n", "k8s", "{\"a\":1}"})
    EXPECT_FALSE(ReadByteDump(text)) << text;
}

TEST(ByteDump, IsABeginningAtEveryCutOrNothing) {
  for (const Row& row : kRows) {
    const std::string whole = row.text;
    for (size_t length = 0; length < whole.size(); ++length) {
      const auto bytes = ReadByteDump(whole.substr(0, length));
      if (bytes) {
        EXPECT_LE(bytes->size(), Expected().size() + 1) << row.tool << " " << length;
      }
    }
  }
}

}  // namespace
}  // namespace etcdmedic::k8s
