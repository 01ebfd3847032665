// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <gtest/gtest.h>

#include <string>

#include "support/page_end.h"

namespace etcdmedic {
namespace {

TEST(ByteReader, ReadsBothOrdersAndStops) {
  ByteReader reader(AsBytes({"\x01\x02\x03\x04\x05\x06\x07", 7}), 1);
  EXPECT_EQ(reader.offset(), 1U);
  EXPECT_EQ(reader.Little<uint16_t>(), 0x0302);
  EXPECT_EQ(reader.Big<uint16_t>(), 0x0405);
  EXPECT_EQ(reader.Little<uint32_t>(), std::nullopt) << "two bytes are left";
  EXPECT_EQ(reader.remaining(), 2U) << "a read that does not fit takes nothing";
  EXPECT_EQ(AsText(reader.Take(2).value()), "\x06\x07");
  EXPECT_EQ(reader.Take(UINT64_MAX), std::nullopt);
  EXPECT_EQ(reader.Take(0)->size(), 0U);
}

TEST(ByteReader, NeverReadsPastAnyCut) {
  support::ForEachPrefix("0123456789abcdef", [](Bytes prefix) {
    ByteReader reader(prefix);
    EXPECT_EQ(reader.Big<uint64_t>().has_value(), prefix.size() >= 8);
    EXPECT_EQ(reader.Little<uint64_t>().has_value(), prefix.size() >= 16);
  });
}

TEST(AllZero, FindsTheOneByteThatIsNot) {
  support::PageEnd memory(100);
  for (size_t size = 0; size < 70; ++size) {
    std::string bytes(size, '\0');
    EXPECT_TRUE(AllZero(memory.Place(bytes)));
    for (size_t i = 0; i < size; ++i) {
      bytes[i] = '\x10';
      EXPECT_FALSE(AllZero(memory.Place(bytes))) << size << " bytes, at " << i;
      bytes[i] = '\0';
    }
  }
}

}  // namespace
}  // namespace etcdmedic
