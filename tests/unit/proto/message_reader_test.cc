// SPDX-License-Identifier: Apache-2.0
#include "proto/message_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "support/page_end.h"

namespace etcdmedic::proto {
namespace {

using namespace std::string_literals;

TEST(MessageReader, ReadsEveryTypeThatEtcdWrites) {
  const std::string message = "\x08\x96\x01\x12\x03xyz\x19\1\0\0\0\0\0\0\x80\x25\2\0\0\0"s;
  MessageReader reader(AsBytes(message));
  Field field;
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.number, 1U);
  EXPECT_TRUE(field.is_number);
  EXPECT_EQ(field.value, 150U);
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.number, 2U);
  EXPECT_FALSE(field.is_number);
  EXPECT_EQ(field.bytes, "xyz");
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.value, 0x8000000000000001U);
  ASSERT_TRUE(reader.Next(field));
  EXPECT_EQ(field.value, 2U);
  EXPECT_FALSE(reader.Next(field));
  EXPECT_TRUE(reader.sound());
}

TEST(MessageReader, RefusesWhatIsNotAMessage) {
  for (const std::string& bytes :
       {"\x00\x01"s, "\x08"s, "\x80"s, "\x0F"s, "\x0B\x0C"s, "\x12\x04xyz"s, "\x09\x01"s, "\x0D\x01"s,
        "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"s, "\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01x"s}) {
    support::PageEnd memory(bytes.size());
    MessageReader reader(memory.Place(bytes));
    Field field;
    EXPECT_FALSE(reader.Next(field)) << testing::PrintToString(bytes);
    EXPECT_FALSE(reader.sound());
    EXPECT_FALSE(reader.Next(field)) << "and stays where it is";
  }
}

TEST(MessageReader, GivesABeginningAtEveryCut) {
  const std::string whole =
      "\x08\x96\x01\x12\x03xyz\x19\1\2\3\4\5\6\7\x08\x25\2\0\0\0\x28\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s;
  size_t sound = 0;
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    MessageReader reader(prefix);
    uint64_t last = 0;
    for (Field field; reader.Next(field);) EXPECT_EQ(field.number, ++last);
    sound += reader.sound();
    EXPECT_LE(last, 5U);
  });
  EXPECT_EQ(sound, 6U) << "between fields, and at both ends";
}

}  // namespace
}  // namespace etcdmedic::proto
