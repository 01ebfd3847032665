// SPDX-License-Identifier: Apache-2.0
#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace etcdmedic {
namespace {

std::vector<std::byte> Random(size_t size, std::mt19937_64& random) {
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

TEST(Crc32c, KnowsTheVectorsOfRfc3720) {
  EXPECT_EQ(Crc32c(std::vector<std::byte>(32)), 0x8A9136AAU);
  EXPECT_EQ(Crc32c(std::vector<std::byte>(32, std::byte{0xFF})), 0x62A8AB43U);
  EXPECT_EQ(Crc32c(AsBytes("123456789")), 0xE3069283U);
}

TEST(Crc32c, HardwareAndPortableAgreeOnAnyLengthAndAlignment) {
  std::mt19937_64 random(1);
  const auto bytes = Random(20000, random);
  for (int i = 0; i < 500; ++i) {
    const size_t from = random() % 100;
    const Bytes part = Bytes(bytes).subspan(from, random() % (bytes.size() - from));
    const auto seed = static_cast<uint32_t>(random());
    ASSERT_EQ(Crc32c(part, seed), Crc32cPortable(part, seed)) << part.size();
  }
}

TEST(Crc32c, SeedAndShiftInvertTheChain) {
  std::mt19937_64 random(2);
  for (const size_t size : {0U, 1U, 7U, 100U, 5000U}) {
    const auto bytes = Random(size, random);
    const auto seed = static_cast<uint32_t>(random());
    const uint32_t crc = Crc32c(bytes, seed);
    EXPECT_EQ(Crc32cSeed(bytes, crc), seed);
    EXPECT_EQ(Crc32c(bytes) ^ Crc32cShift(seed, size), crc);
  }
}

TEST(Crc32c, FindsEveryFlippedBit) {
  std::mt19937_64 random(3);
  for (size_t size = 1; size < 60; ++size) {
    auto bytes = Random(size, random);
    const uint32_t good = Crc32c(bytes);
    for (size_t bit = 0; bit < size * 8; ++bit) {
      bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      ASSERT_EQ(Crc32cFlippedBit(Crc32c(bytes) ^ good, size), bit);
      bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    }
  }
}

TEST(Crc32c, FindsBitsInLargeMessagesAndRefusesOtherDamage) {
  std::mt19937_64 random(4);
  auto bytes = Random(size_t{4} << 20, random);
  const uint32_t good = Crc32c(bytes);
  for (int i = 0; i < 20; ++i) {
    const size_t bit = random() % (bytes.size() * 8);
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    ASSERT_EQ(Crc32cFlippedBit(Crc32c(bytes) ^ good, bytes.size()), bit);
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
  }
  EXPECT_FALSE(Crc32cFlippedBit(0, 100));
  EXPECT_FALSE(Crc32cFlippedBit(0x12345678, 100)) << "no single bit of 100 bytes explains it";
}

}  // namespace
}  // namespace etcdmedic
