// SPDX-License-Identifier: Apache-2.0
#include "base/crc32c.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <unordered_map>
#include <vector>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace etcdmedic {
namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;  // Castagnoli, bits reversed

using Table = std::array<uint32_t, 256>;

// kTables[k][b]: what byte b becomes when k more bytes of zeros follow.
constexpr std::array<Table, 8> MakeTables() {
  std::array<Table, 8> tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (size_t k = 1; k < 8; ++k) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr std::array<Table, 8> kTables = MakeTables();

uint64_t Load64(const std::byte* at) {
  uint64_t value;
  std::memcpy(&value, at, sizeof value);
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

uint32_t UpdatePortable(uint32_t state, const std::byte* at, uint64_t count) {
  for (; count >= 8; count -= 8, at += 8) {
    const uint64_t word = Load64(at) ^ state;
    state = 0;
    for (size_t k = 0; k < 8; ++k) state ^= kTables[7 - k][(word >> (8 * k)) & 0xFF];
  }
  for (; count > 0; --count, ++at)
    state = (state >> 8) ^ kTables[0][(state ^ std::to_integer<uint32_t>(*at)) & 0xFF];
  return state;
}

// Polynomials modulo the CRC's, bit-reversed: bit 31 is x^0. The product of two of them.
constexpr uint32_t Multiply(uint32_t a, uint32_t b) {
  uint32_t product = 0;
  for (uint32_t bit = 0x80000000; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = (b >> 1) ^ ((b & 1) != 0 ? kPolynomial : 0);
  }
  return product;
}

constexpr uint32_t kOne = 0x80000000;  // x^0
constexpr uint32_t kX = 0x40000000;    // x^1

// kPowers[i] = x^(2^i).
constexpr std::array<uint32_t, 64> MakePowers() {
  std::array<uint32_t, 64> powers{};
  powers[0] = kX;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = Multiply(powers[i - 1], powers[i - 1]);
  return powers;
}

constexpr std::array<uint32_t, 64> kPowers = MakePowers();

constexpr uint32_t PowerOfX(uint64_t exponent) {
  uint32_t power = kOne;
  for (size_t i = 0; exponent != 0; ++i, exponent >>= 1) {
    if ((exponent & 1) != 0) power = Multiply(power, kPowers[i]);
  }
  return power;
}

// The order of x: x^kOrder == 1, so x^-n == x^(kOrder - n % kOrder).
constexpr uint64_t kOrder = (uint64_t{1} << 31) - 1;

constexpr uint32_t InversePowerOfX(uint64_t exponent) { return PowerOfX(kOrder - exponent % kOrder); }

#if defined(__x86_64__)
// Bytes of each of three interleaved streams: the instruction takes one word a cycle but is done only after
// three.
constexpr uint64_t kLongStripe = 1024;
constexpr uint64_t kShortStripe = 128;  // for what is left, and for records of usual size

// Multiplication by a constant as four table look-ups.
struct Multiplier {
  std::array<Table, 4> tables{};
  explicit constexpr Multiplier(uint32_t factor) {
    for (size_t k = 0; k < 4; ++k) {
      for (uint32_t byte = 0; byte < 256; ++byte) tables[k][byte] = Multiply(byte << (8 * k), factor);
    }
  }
  uint32_t operator()(uint32_t value) const {
    return tables[0][value & 0xFF] ^ tables[1][(value >> 8) & 0xFF] ^ tables[2][(value >> 16) & 0xFF] ^
           tables[3][value >> 24];
  }
};

// What a stream's state becomes when one, or two, stripes of zeros follow.
template <uint64_t Stripe>
struct Shifts {
  Multiplier one{PowerOfX(8 * Stripe)};
  Multiplier two{PowerOfX(16 * Stripe)};
};

template <uint64_t Stripe>
const Shifts<Stripe>& ShiftsOf() {
  static const Shifts<Stripe> shifts;
  return shifts;
}

template <uint64_t Stripe>
__attribute__((target("sse4.2"))) uint32_t UpdateStripes(uint32_t state, const std::byte*& at,
                                                         uint64_t& count) {
  if (count < 3 * Stripe) return state;
  const Shifts<Stripe>& shifts = ShiftsOf<Stripe>();
  while (count >= 3 * Stripe) {
    uint64_t a = state, b = 0, c = 0;
    for (uint64_t i = 0; i < Stripe; i += 8) {
      a = _mm_crc32_u64(a, Load64(at + i));
      b = _mm_crc32_u64(b, Load64(at + Stripe + i));
      c = _mm_crc32_u64(c, Load64(at + 2 * Stripe + i));
    }
    state = shifts.two(static_cast<uint32_t>(a)) ^ shifts.one(static_cast<uint32_t>(b)) ^
            static_cast<uint32_t>(c);
    at += 3 * Stripe;
    count -= 3 * Stripe;
  }
  return state;
}

__attribute__((target("sse4.2"))) uint32_t UpdateHardware(uint32_t state, const std::byte* at,
                                                          uint64_t count) {
  state = UpdateStripes<kLongStripe>(state, at, count);
  state = UpdateStripes<kShortStripe>(state, at, count);
  uint64_t wide = state;
  for (; count >= 8; count -= 8, at += 8) wide = _mm_crc32_u64(wide, Load64(at));
  state = static_cast<uint32_t>(wide);
  for (; count > 0; --count, ++at) state = _mm_crc32_u8(state, std::to_integer<uint8_t>(*at));
  return state;
}

bool HasHardware() {
  static const bool has = __builtin_cpu_supports("sse4.2") != 0;
  return has;
}
#endif

}  // namespace

uint32_t Crc32c(Bytes bytes, uint32_t crc) {
#if defined(__x86_64__)
  if (HasHardware()) return ~UpdateHardware(~crc, bytes.data(), bytes.size());
#endif
  return Crc32cPortable(bytes, crc);
}

uint32_t Crc32cPortable(Bytes bytes, uint32_t crc) {
  return ~UpdatePortable(~crc, bytes.data(), bytes.size());
}

uint32_t Crc32cShift(uint32_t crc, uint64_t count) { return Multiply(crc, PowerOfX(8 * (count % kOrder))); }

uint32_t Crc32cSeed(Bytes bytes, uint32_t crc) {
  return Multiply(Crc32c(bytes) ^ crc, InversePowerOfX(8 * (bytes.size() % kOrder)));
}

// A flip of the bit that is `n` places before the message's end changes the CRC by x^(n + 32), so the place
// is the discrete logarithm of the syndrome: baby steps in a table, giant steps over it.
std::optional<uint64_t> Crc32cFlippedBit(uint32_t syndrome, uint64_t size) {
  const uint64_t bits = size * 8;
  if (syndrome == 0 || bits == 0 || bits >= kOrder) return std::nullopt;
  const auto width = static_cast<uint64_t>(std::sqrt(static_cast<double>(bits))) + 1;
  std::unordered_map<uint32_t, uint64_t> baby;  // x^j -> j
  baby.reserve(width);
  uint32_t power = kOne;
  for (uint64_t j = 0; j < width; ++j) {
    baby.emplace(power, j);
    power = Multiply(power, kX);
  }
  const uint32_t giant = InversePowerOfX(width);
  uint32_t rest = Multiply(syndrome, InversePowerOfX(32));
  for (uint64_t i = 0; i <= width; ++i) {
    if (const auto found = baby.find(rest); found != baby.end()) {
      const uint64_t from_end = i * width + found->second;
      if (from_end >= bits) return std::nullopt;
      // Within a byte the least significant bit is the highest power.
      const uint64_t place = bits - 1 - from_end;
      return place;
    }
    rest = Multiply(rest, giant);
  }
  return std::nullopt;
}

}  // namespace etcdmedic
